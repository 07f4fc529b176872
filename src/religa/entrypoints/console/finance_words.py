"""What money leaves to be done, in words: kinds of cases, what may be done about them, why money is nobody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from religa import wording
from religa.actions.money.refunding import NotByBank
from religa.actions.money.resolve import Already
from religa.actions.money.settle_case import AboveCredit, No, Way, WrongWay
from religa.actions.money.suggest import Sake
from religa.domain.invoicing import Refused
from religa.domain.money import format_reais
from religa.records.queries.finance import UNIDENTIFIED
from religa.wording import Language, Moments, joined


@dataclass(frozen=True, slots=True)
class Kind:
    """A queue: its title, what happened, and what it asks of the person."""

    title: str
    text: str


KINDS = {
    UNIDENTIFIED: Kind(
        "Dinheiro sem dono",
        "O banco recebeu e não diz de qual cobrança é. Descubra o contrato, devolva ou diga que não é nosso.",
    ),
    "overpaid": Kind(
        "Pago a mais", "O pagamento passou do que se devia. O resto está como crédito no contrato."
    ),
    "paid_twice": Kind(
        "Pago duas vezes", "A cobrança já estava paga. O valor está como crédito no contrato."
    ),
    "paid_removed": Kind(
        "Pago depois de cancelado", "A cobrança tinha sido retirada. O valor está como crédito no contrato."
    ),
    "reversed": Kind(
        "Estornado pelo banco",
        "O banco tirou o dinheiro (devolução ou MED). A conta voltou a ficar em aberto. Ninguém foi bloqueado: para "
        "isso é preciso uma nova notificação. Fale com o assinante; um acordo se faz no contrato.",
    ),
    "amount_differs": Kind(
        "Valor diferente da nossa conta",
        "O banco cobrou outro valor do que calculamos. A conta foi quitada; confira a multa, os juros e o desconto "
        "configurados no banco.",
    ),
    "wrong_key": Kind("Chave Pix de outra conta", "O pagamento veio para uma chave que não é desta conta."),
    "event_failed": Kind(
        "Aviso do banco com problema",
        "O banco avisou algo e depois negou, disse outro valor ou não respondeu por dias. Nada foi creditado pelo "
        "aviso em si: só vale o que o banco confirma.",
    ),
    "charge_failed": Kind(
        "Cobrança recusada pelo banco",
        "O banco não aceitou criar ou mudar a cobrança. Corrija o cadastro e tente.",
    ),
    "refund_failed": Kind(
        "Devolução que não chegou",
        "O banco não devolveu. O dinheiro está conosco e fora do contrato até alguém decidir.",
    ),
    "ledger_differs": Kind("Diferença entre sistemas", "Só um dos dois sistemas registrou este pagamento."),
}
ORDER = tuple(KINDS)


def kind(code: str) -> Kind:
    return KINDS.get(code, Kind(code.replace("_", " ").capitalize(), ""))


WHYS = {
    "no_txid": "Pix sem cobrança (direto na chave)",
    "unknown_txid": "cobrança que não é nossa",
    "unknown_title": "nosso número desconhecido",
    "ambiguous_title": "nosso número de mais de uma cobrança",
    "no_title": "boleto sem nosso número",
    "wrong_key": "chave Pix de outra conta",
}
RESOLUTIONS = {
    "credited": "creditado a um contrato",
    "refunded": "devolvido",
    "kept_as_credit": "ficou como crédito",
    "not_ours": "não é nosso",
    "settled": "acertado",
    "tried_again": "tentado de novo",
    "noted": "anotado",
}
SAKES = {
    Sake.DOCUMENT: "CPF ou CNPJ do pagador",
    Sake.NUMBER: "nosso número",
    Sake.NAME: "nome parecido",
    Sake.PRINCIPAL: "valor da conta",
    Sake.TOTAL: "valor da conta com multa e juros do dia",
    Sake.EVERYTHING: "valor de tudo o que está em aberto",
}


def because(sakes: Sequence[Sake]) -> str:
    """`CPF ou CNPJ do pagador e valor da conta`."""
    return joined([SAKES[sake] for sake in sakes], Language.PT)


@dataclass(frozen=True, slots=True)
class WayWords:
    """A way on a button, what it does, and what is said when it is done."""

    button: str
    text: str
    done: str


WAYS = {
    Way.KEEP: WayWords(
        "Deixar como crédito", "Paga a próxima conta sozinho.", "O valor fica como crédito no contrato."
    ),
    Way.REFUND: WayWords(
        "Devolver ao pagador",
        "Sai do crédito do contrato agora; o banco devolve ao mesmo pagador em instantes.",
        "Devolução pedida ao banco. Se ela não chegar, aparece em “Devolução que não chegou”.",
    ),
    Way.TRY_AGAIN: WayWords(
        "Tentar de novo", "Se falhar outra vez, volta para esta fila.", "Será tentado de novo agora."
    ),
    Way.BACK_TO_QUEUE: WayWords(
        "Voltar para a fila",
        "Fica de novo entre o dinheiro sem dono.",
        "Está de novo entre o dinheiro sem dono.",
    ),
    Way.NOTE: WayWords(
        "Anotar e encerrar", "Nada muda no contrato. O motivo fica guardado.", "Anotado e encerrado."
    ),
}
_NOT_BY_BANK = {
    "no_account": "a conta que recebeu não está mais aberta aqui",
    "not_by_this_bank": "esta conta não devolve por sistema: devolva pelo aplicativo do banco e anote",
    "not_pix": "só um Pix pode ser devolvido assim: devolva pelo banco e anote",
    "too_old": "um Pix só pode ser devolvido até 90 dias depois",
}


def no(answer: No, moments: Moments) -> str:
    """Why nothing was done, in one sentence."""
    if isinstance(answer, Already):
        what = RESOLUTIONS.get(answer.resolution, answer.resolution)
        by = f", por {answer.author}" if answer.author else ""
        return f"Já estava resolvido {moments.on(answer.at)}{by}: {what}. Nada mudou agora."
    if isinstance(answer, Refused):
        return wording.refused(answer.whys, language=Language.PT)
    if isinstance(answer, NotByBank):
        return f"Não foi possível devolver, porque {_NOT_BY_BANK[answer.why]}."
    if isinstance(answer, AboveCredit):
        return f"Só restam {format_reais(answer.left)} como crédito: as contas novas já usaram o resto."
    assert isinstance(answer, WrongWay)
    return "Isto não se faz com um caso deste tipo."

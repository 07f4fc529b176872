"""What the pages of message texts say: fields, what the law asks for, what is wrong with a text. Portuguese alone."""

from __future__ import annotations

from collections.abc import Mapping

from religa.domain.message_kinds import ChannelKind
from religa.domain.notice_law import Item
from religa.domain.templates import Fault, Part, Problem
from religa.wording import say

LANGUAGES = {"pt-br": "Português", "en": "Inglês", "es": "Espanhol"}
FIELDS: Mapping[str, str] = {
    "provedor": "o nome do provedor",
    "cnpj": "o CNPJ do provedor",
    "endereco": "o endereço do provedor",
    "telefone": "o telefone do provedor, com o horário",
    "identificacao": "nome, CNPJ, endereço e telefone do provedor",
    "nome": "o primeiro nome da pessoa, ou o nome da empresa",
    "hoje": "o dia em que a mensagem é escrita",
    "contas": "uma linha por conta: mês, vencimento, valor e valor de hoje",
    "meses": "os meses das contas",
    "valor_total": "o que quita hoje, com multa e juros",
    "vence_em": "o dia do vencimento, já com “na” ou “no”",
    "bloqueio_em": "o dia a partir do qual pode bloquear",
    "cancelamento_dias": "depois de quantos dias de bloqueio o contrato pode acabar",
    "pix": "o código Pix copia e cola",
    "recebedor": "quem recebe o Pix, com o CNPJ",
    "vale_ate": "até quando o código vale, já com “até”",
    "situacao": "como está a internet, por quê e até quando",
    "ate": "o fim da liberação, já com “até”",
    "horas": "quantas horas faltam",
    "protocolo": "o número de protocolo",
    "valor": "o valor pago, ou a pagar",
    "motivo": "por que a internet voltou",
    "parcelas": "uma linha por parcela: dia e valor",
    "cancelado_em": "o dia em que o contrato acabou",
    "codigo": "o código de acesso",
    "minutos": "por quantos minutos o código vale",
    "assunto": "o assunto do contato",
    "texto": "a resposta inteira",
}
# What is missing, and a sentence that would say it.
ITEMS: Mapping[Item, tuple[str, str]] = {
    Item.REASON: ("o motivo: a falta de pagamento", "Não identificamos o pagamento de:"),
    Item.BLOCK_DATE: (
        "o dia a partir do qual pode bloquear",
        "Sem pagamento, a internet pode ser bloqueada a partir de {bloqueio_em}.",
    ),
    Item.TERMINATION_TERMS: (
        "depois de quantos dias de bloqueio o contrato pode ser cancelado",
        "Depois de {cancelamento_dias} dias de bloqueio, o contrato pode ser cancelado.",
    ),
    Item.AMOUNT: ("o valor", "{contas}"),
    Item.MONTH: ("o mês da conta", "{contas}"),
    Item.CREDIT_BUREAU: (
        "a possível inclusão em órgãos de proteção ao crédito, depois do cancelamento",
        "Só depois do cancelamento a dívida pode ser informada aos órgãos de proteção ao crédito.",
    ),
    Item.RESTORING: (
        "em quanto tempo a internet volta depois do pagamento",
        "Com o pagamento, a internet volta em até 24 horas.",
    ),
    Item.SUPPLIER_NAME: ("o nome do provedor", "{identificacao}"),
    Item.SUPPLIER_ADDRESS: ("o endereço do provedor", "{identificacao}"),
    Item.SUPPLIER_CNPJ: ("o CNPJ do provedor", "{identificacao}"),
    Item.HOW_TO_AVOID: ("como evitar", "Pagando antes, a internet volta na hora e o contrato continua."),
    Item.DUE_DATE: ("o vencimento", "vence {vence_em}"),
    Item.TRUST_END: ("até quando fica liberada", "{situacao}"),
    Item.PROTOCOL: ("o número de protocolo", "Protocolo: {protocolo}."),
    Item.INSTALMENTS: ("as parcelas", "{parcelas}"),
    Item.ENDED_ON: ("o dia do cancelamento", "{cancelado_em}"),
    Item.CODE: ("o código", "{codigo}"),
    Item.PIX: ("o código Pix", "{pix}"),
    Item.WORDS: ("a resposta", "{texto}"),
    Item.HOW_IT_STANDS: ("como está a internet", "{situacao}"),
}
_FAULTS: Mapping[Fault, str] = {
    Fault.UNCLOSED: "A chave aberta aqui não fecha na mesma linha.",
    Fault.STRAY: "Aqui fecha uma chave que não foi aberta.",
    Fault.NESTED: "Aqui abre uma chave, e antes de fechar abre outra.",
    Fault.UNKNOWN: "Não existe um campo {{{detail}}}.",
    Fault.OF_ANOTHER_KIND: "O campo {{{detail}}} é de outros tipos de mensagem; este não tem.",
    Fault.MAY_BE_EMPTY: "O campo {{{detail}}} pode ficar vazio, e o assunto precisa estar sempre lá.",
    Fault.LINES_IN_SUBJECT: "O assunto é uma linha só.",
    Fault.CONTROL_CHARACTER: "Há aqui um caractere invisível ({detail}). Apague e escreva de novo.",
    Fault.NO_SUBJECT: "Escreva o assunto.",
    Fault.NO_BODY: "Escreva o texto.",
    Fault.NOT_CARRIED: "Este tipo de mensagem não vai por este canal.",
    Fault.PORTUGUESE_ONLY: "Uma notificação é sempre em português.",
    Fault.NOTHING_NEW: "Este texto já é o que vale: não há o que salvar.",
    Fault.LINK: "“{detail}” parece um link. O Manual Operacional (1.1.1) prefere mensagens sem links: use o "
    "código Pix.",
}


def problem_in_words(problem: Problem) -> str:
    """A sentence that starts with where it is."""
    if problem.fault in (Fault.LACKS, Fault.VANISHES, Fault.BETTER_WITH):
        return _item(problem)
    if problem.fault in (Fault.TOO_LONG, Fault.NEAR_LIMIT):
        return _length(problem)
    if problem.fault is Fault.CHANGED_MEANWHILE:
        who = problem.detail or "Outra pessoa"
        return f"{who} mudou este texto enquanto você escrevia. Copie o seu, abra a página de novo e salve."
    near = f" Quis dizer {{{problem.near}}}?" if problem.near else ""
    return _where(problem) + _FAULTS[problem.fault].format(detail=problem.detail) + near


_ITEMS_BY_CODE = {item.value: item for item in Item}


def _item(problem: Problem) -> str:
    what, example = ITEMS[_ITEMS_BY_CODE[problem.detail]]
    article = f" ({problem.article})" if problem.article else ""
    if problem.fault is Fault.VANISHES:
        return f"Só um parágrafo que some quando um campo está vazio diz {what}{article}. Diga num que fica."
    if problem.fault is Fault.BETTER_WITH:
        return f"Melhor dizer também {what}{article}. Por exemplo: {example}"
    return f"Falta dizer {what}{article}. Por exemplo: {example}"


def _length(problem: Problem) -> str:
    what, length, most = problem.detail.split()
    if what == Part.SUBJECT.value:
        return f"No caso mais longo o assunto tem {length} caracteres; cabem {most}."
    channel = ChannelKind(what)
    if problem.fault is Fault.NEAR_LIMIT:
        return (
            f"No caso mais longo são {length} caracteres. Um modelo aprovado do WhatsApp leva {most}: assim o texto "
            "só vai a quem escreveu nas últimas 24 horas, ou por um gateway."
        )
    unit = "SMS" if channel is ChannelKind.SMS else "caracteres"
    return f"{say(channel)}: no caso mais longo são {length} {unit}; o máximo é {most}."


def _where(problem: Problem) -> str:
    place = problem.place
    if place is None or problem.fault in (Fault.NO_BODY, Fault.NO_SUBJECT):
        return ""
    if place.part is Part.SUBJECT:
        return f"Assunto, coluna {place.column}: "
    return f"Linha {place.line}, coluna {place.column}: "

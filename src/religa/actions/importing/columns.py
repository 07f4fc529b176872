"""What each file may hold: its names, its columns, how each cell is read. docs/operators/import.md prints this.

Names of files and columns are compared without case, accents and spaces. The first name of a column is the Portuguese
one that we print, the second the English one; others are what ERPs write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from religa.actions.importing import cells, moments
from religa.actions.importing.cells import Bad, Reader
from religa.actions.importing.problems import What
from religa.domain.facts import Channel, Evidence, Method, NoticeKind, Outcome, Segment, UnlockKind


class Kind(StrEnum):
    """The files, in the order in which they are written."""

    PROVIDER = "provider"
    PLANS = "plans"
    SUBSCRIBERS = "subscribers"
    CONTRACTS = "contracts"
    LOGINS = "credentials"
    INVOICES = "invoices"
    PAYMENTS = "payments"
    AGREEMENTS = "agreements"
    NOTICES = "notices"
    TRUST = "trust"
    SUSPENSIONS = "suspensions"
    HOLDS = "holds"


FILE_NAMES = {
    Kind.PROVIDER: ("provedor", "provider", "empresa"),
    Kind.PLANS: ("planos", "plans", "plano"),
    Kind.SUBSCRIBERS: ("assinantes", "subscribers", "clientes", "customers"),
    Kind.CONTRACTS: ("contratos", "contracts"),
    Kind.LOGINS: ("logins", "credentials", "credenciais", "acessos"),
    Kind.INVOICES: ("faturas", "invoices", "boletos", "titulos", "contas_a_receber"),
    Kind.PAYMENTS: ("pagamentos", "payments", "recebimentos", "baixas"),
    Kind.AGREEMENTS: ("acordos", "agreements", "parcelamentos", "renegociacoes"),
    Kind.NOTICES: ("avisos", "notices", "notificacoes"),
    Kind.TRUST: ("confianca", "trust", "desbloqueios", "desbloqueios_em_confianca"),
    Kind.SUSPENSIONS: ("bloqueios", "suspensions", "suspensoes"),
    Kind.HOLDS: ("salvaguardas", "holds", "nao_bloquear"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is its name in the staging table, `type` the SQL type, `read` names a reader of `readers`.

    `personal` cells are masked wherever they are shown, `secret` ones never shown. `many`: several columns of the file
    may feed it, and its value is a list.
    """

    key: str
    names: tuple[str, ...]
    type: str
    read: str
    required: bool = False
    personal: bool = False
    secret: bool = False
    many: bool = False

    @property
    def title(self) -> str:
        return self.names[0]


def _c(key: str, names: str, type: str = "text", read: str = "text", **flags: bool) -> Column:
    return Column(key, tuple(names.split()), type, read, **flags)


def _money(key: str, names: str, read: str = "money", **flags: bool) -> Column:
    return _c(key, names, "bigint", read, **flags)


def _day(key: str, names: str, read: str = "day", **flags: bool) -> Column:
    return _c(key, names, "date", read, **flags)


def _instant(key: str, names: str, read: str = "instant", **flags: bool) -> Column:
    return _c(key, names, "timestamptz", read, **flags)


_ID = "id codigo external_id id_externo"
_CONTRACT = "contrato contract id_contrato contract_id codigo_contrato numero_contrato"
_INVOICE = "fatura invoice id_fatura invoice_id"
_AGREEMENT = "acordo agreement id_acordo agreement_id"
_BURST = ("burst_down_kbps", "burst_up_kbps", "burst_threshold_down_kbps", "burst_threshold_up_kbps")
_BURST_NAMES = ("rajada_download burst_download", "rajada_upload burst_upload",
                "limiar_download burst_threshold_download", "limiar_upload burst_threshold_upload")  # fmt: skip
_BURSTS = (
    *(_c(key, names, "integer", "speed") for key, names in zip(_BURST, _BURST_NAMES, strict=True)),
    _c("burst_seconds", "rajada_segundos burst_seconds", "integer", "seconds"),
)

COLUMNS: Mapping[Kind, tuple[Column, ...]] = {
    Kind.PROVIDER: (
        _c("cnpj", "cnpj tax_id", read="document", required=True),
        _c("name", "nome name razao_social", required=True),
        _c("trade_name", "nome_fantasia trade_name fantasia"),
        _c("address", "endereco address"),
        _c("zone", "fuso timezone fuso_horario", read="zone"),
        _c("uf", "uf state estado", read="uf"),
        _c("ibge_code", "codigo_ibge ibge_code ibge", read="ibge"),
        _c("phone", "telefone phone"),
        _c("hours", "horario opening_hours horario_de_atendimento"),
        _c("email", "email e_mail"),
        _c("site", "site website"),
        _c("payee", "recebedor payee"),
        _c("pix_key", "chave_pix pix_key"),
    ),
    Kind.PLANS: (
        _c("external_id", f"plano plan id_plano plan_id {_ID}", read="identifier", required=True),
        _c("name", "nome name descricao", required=True),
        _money("price", "preco price valor mensalidade"),
        _c("down_kbps", "download down download_kbps velocidade_download", "integer", "speed", required=True),
        _c("up_kbps", "upload up upload_kbps velocidade_upload", "integer", "speed", required=True),
        *_BURSTS,
    ),
    Kind.SUBSCRIBERS: (
        _c("external_id", f"assinante subscriber id_assinante id_cliente cliente {_ID}", read="identifier",
           required=True),
        _c("document", "cpf_cnpj document cpf cnpj documento cnpj_cpf", read="document", required=True, personal=True),
        _c("name", "nome name razao_social nome_razao_social razao", required=True, personal=True),
        _c("email", "email e_mail mail", read="email", personal=True),
        _c("phones", "telefone phone telefone_1 telefone_2 telefone_3 celular fone telefone_celular telefone_fixo",
           "text[]", "phone", personal=True, many=True),
        _c("whatsapp", "whatsapp whatsapp_number", read="phone", personal=True),
        _c("language", "idioma language", read="language"),
    ),
    Kind.CONTRACTS: (
        _c("external_id", f"{_CONTRACT} {_ID}", read="identifier", required=True),
        _c("subscriber", "assinante subscriber id_assinante subscriber_id cliente id_cliente", read="identifier",
           required=True),
        _c("plan", "plano plan id_plano plan_id", read="identifier"),
        _c("segment", "segmento segment tipo", read="segment"),
        _day("since", "desde since data_ativacao ativado_em data_contrato inicio", required=True),
        _c("address", "endereco address", personal=True),
        _c("city", "cidade city municipio"),
        _c("uf", "uf state estado", read="uf"),
        _c("ibge_code", "codigo_ibge ibge_code ibge", read="ibge"),
        _c("rgc_exempt", "isento_rgc rgc_exempt iot", "boolean", "yes_or_no"),
        _day("bound_until", "fidelidade_ate bound_until fidelidade"),
        _c("due_day", "dia_vencimento due_day dia_de_vencimento", "smallint", "due_day"),
        _instant("terminated_at", "encerrado_em terminated_on cancelado_em data_cancelamento", "past_instant"),
    ),
    Kind.LOGINS: (
        _c("username", "login username usuario pppoe", read="identifier", required=True),
        _c("contract", _CONTRACT, read="identifier", required=True),
        _c("password", "senha password", read="secret", secret=True),
        _c("scheme", "tipo_senha password_type", read="scheme"),
        _c("mac", "mac mac_address endereco_mac", read="mac", personal=True),
        _c("ipv4", "ip ip_address ip_fixo ipv4", "inet", "ipv4", personal=True),
        _c("pool", "pool ip_pool"),
        _c("ipv6_prefix_pool", "pool_ipv6 ipv6_prefix_pool"),
        _c("ipv6_pd_pool", "pool_ipv6_pd ipv6_pd_pool"),
        _c("enabled", "ativo enabled", "boolean", "yes_or_no"),
        _c("down_kbps", "download down download_kbps", "integer", "speed"),
        _c("up_kbps", "upload up upload_kbps", "integer", "speed"),
        *_BURSTS,
    ),
    Kind.INVOICES: (
        _c("external_id", f"{_INVOICE} titulo boleto {_ID}", read="identifier", required=True),
        _c("item", "item line", "smallint", "item"),
        _c("contract", _CONTRACT, read="identifier", required=True),
        _day("due_date", "vencimento due_date data_vencimento", required=True),
        _money("amount", "valor amount valor_original valor_total", required=True),
        _instant("issued_at", "emissao issued_on data_emissao emitida_em", "past_instant"),
        _c("reference", "referencia reference competencia mes_referencia", read="reference"),
        _c("description", "descricao description historico"),
        _c("suspendable", "suspende suspendable bloqueia", "boolean", "yes_or_no"),
        _c("line_contract", "contrato_do_item line_contract", read="identifier"),
        _c("fine_pct", "multa fine percentual_multa", "integer", "fine"),
        _c("interest_pct_month", "juros interest juros_mes percentual_juros", "integer", "interest"),
        _money("discount_amount", "desconto discount"),
        _day("discount_until", "desconto_ate discount_until"),
        _c("account", "conta account carteira"),
        _c("nosso_numero", "nosso_numero our_number nossonumero", read="identifier"),
        _c("linha_digitavel", "linha_digitavel typeable_line codigo_de_barras", read="linha_digitavel"),
        _c("txid", "txid pix_txid", read="txid"),
        _c("copy_paste", "pix_copia_e_cola pix_copy_paste copia_e_cola"),
        _c("fiscal_document", "nota_fiscal fiscal_document nfcom"),
        _c("state", "situacao status estado", read="invoice_state"),
        _c("agreement", f"{_AGREEMENT} parcela_do_acordo", read="identifier"),
    ),
    Kind.PAYMENTS: (
        _c("external_id", f"pagamento payment id_pagamento endtoendid e2e {_ID}", read="identifier", required=True),
        _c("invoice", f"{_INVOICE} titulo boleto", read="identifier"),
        _c("contract", _CONTRACT, read="identifier"),
        _money("amount", "valor amount valor_pago valor_recebido", "money_positive", required=True),
        _instant("paid_at", "pago_em paid_at data_pagamento pagamento_em", "past_instant", required=True),
        _c("method", "forma method forma_pagamento meio", read="method"),
        _instant("known_at", "baixado_em known_at data_baixa", "past_instant"),
        _c("pix_id", "pix_id id_pix end_to_end_id id_do_pix", read="identifier"),
        _c("txid", "txid pix_txid", read="txid"),
        _c("nosso_numero", "nosso_numero our_number nossonumero", read="identifier"),
        _c("linha_digitavel", "linha_digitavel typeable_line codigo_de_barras", read="linha_digitavel"),
        _c("account", "conta account conta_bancaria"),
    ),
    Kind.AGREEMENTS: (
        _c("external_id", f"{_AGREEMENT} {_ID}", read="identifier", required=True),
        _c("contract", _CONTRACT, read="identifier"),
        _c("invoices", "faturas invoices fatura invoice", "text[]", "identifiers", required=True),
        _instant("made_at", "feito_em made_at data data_acordo", "past_instant", required=True),
    ),
    Kind.NOTICES: (
        _c("contract", _CONTRACT, read="identifier"),
        _c("invoices", "faturas invoices fatura invoice", "text[]", "identifiers", required=True),
        _instant("sent_at", "enviado_em sent_at data data_envio", "past_instant", required=True),
        _c("kind", "tipo kind", read="notice_kind"),
        _c("evidence", "evidencia evidence comprovacao", read="evidence", required=True),
        _instant("evidence_at", "comprovado_em evidence_at entregue_em", "past_instant"),
        _c("channel", "canal channel meio"),
        _c("detail", "comprovante proof protocolo"),
        _instant("opens_at", "bloqueio_a_partir_de block_from", "instant"),
    ),
    Kind.TRUST: (
        _c("contract", _CONTRACT, read="identifier", required=True),
        _instant("granted_at", "concedido_em granted_at data", "past_instant", required=True),
        _instant("until", "ate until liberado_ate", "end_instant", required=True),
        _c("kind", "tipo kind", read="unlock_kind"),
        _c("channel", "canal channel", read="channel"),
        _c("invoices", "faturas invoices fatura", "text[]", "identifiers"),
        _c("outcome", "resultado outcome", read="outcome"),
        _day("promise_date", "data_prometida promise_date"),
        _c("receipt", "comprovante receipt", read="identifier"),
    ),
    Kind.SUSPENSIONS: (
        _c("contract", _CONTRACT, read="identifier", required=True),
        _instant("since", "bloqueado_em blocked_at desde data_bloqueio", "past_instant", required=True),
        _c("invoices", "faturas invoices fatura", "text[]", "identifiers"),
        _day("notice_on", "aviso_em notice_on data_aviso", "past_day"),
    ),
    Kind.HOLDS: (
        _c("contract", _CONTRACT, read="identifier", required=True),
        _instant("until", "ate until", "end_instant", required=True),
        _c("reason", "motivo reason", required=True),
        _instant("since", "desde since", "past_instant"),
        _c("author", "responsavel author"),
    ),
}  # fmt: skip

INVOICE_OPEN, INVOICE_PAID, INVOICE_CANCELLED = "open", "paid", "cancelled"

_WORDS: Mapping[str, dict[str, str]] = {
    "segment": {
        **dict.fromkeys(("residencial", "home", "casa", "pessoa_fisica", "pf", "f"), Segment.HOME.value),
        **dict.fromkeys(("empresa", "company", "empresarial", "pessoa_juridica", "pj", "j"), Segment.COMPANY.value),
        **dict.fromkeys(("publico", "public", "orgao_publico"), Segment.PUBLIC.value),
        **dict.fromkeys(("cortesia", "courtesy", "funcionario"), Segment.COURTESY.value),
    },
    "language": {"pt_br": "pt-br", "pt": "pt-br", "portugues": "pt-br", "en": "en", "ingles": "en", "es": "es",
                 "espanhol": "es"},
    "scheme": {"texto": "clear", "clear": "clear", "crypt": "crypt", "bcrypt": "bcrypt", "nt": "nt", "ssha": "ssha",
               "ssha2": "ssha2"},
    "invoice_state": {
        **dict.fromkeys(("aberta", "open", "aberto", "a", "em_aberto", "vencida", "a_vencer", "a_receber"),
                        INVOICE_OPEN),
        **dict.fromkeys(("paga", "paid", "pago", "liquidada", "recebida", "r"), INVOICE_PAID),
        **dict.fromkeys(("cancelada", "cancelled", "cancelado", "canceled", "c"), INVOICE_CANCELLED),
    },
    "method": {
        "pix": Method.PIX.value, "boleto": Method.BOLETO.value, "cartao": Method.CARD.value, "card": Method.CARD.value,
        "transferencia": Method.TRANSFER.value, "transfer": Method.TRANSFER.value, "ted": Method.TRANSFER.value,
        "dinheiro": Method.CASH.value, "cash": Method.CASH.value, "outro": Method.EXTERNAL.value,
        "external": Method.EXTERNAL.value,
    },
    "notice_kind": {
        **dict.fromkeys(("aviso_de_debito", "debt_notice", "notificacao", "aviso"), NoticeKind.DEBT.value),
        **dict.fromkeys(("aviso_de_cancelamento", "termination_notice"), NoticeKind.TERMINATION.value),
        **dict.fromkeys(("lembrete", "reminder"), NoticeKind.REMINDER.value),
        **dict.fromkeys(("aviso_de_bloqueio", "block_warning"), NoticeKind.WARNING.value),
    },
    "evidence": {
        **dict.fromkeys(("entregue", "delivered", "lido", "assinado"), Evidence.DELIVERED.value),
        **dict.fromkeys(("enviado", "sent"), Evidence.SENT.value),
        **dict.fromkeys(("falhou", "failed", "devolvido"), Evidence.FAILED.value),
        **dict.fromkeys(("nenhuma", "none", "sem_prova"), Evidence.NONE.value),
    },
    "unlock_kind": {
        **dict.fromkeys(("promessa", "promise"), UnlockKind.PROMISE.value),
        **dict.fromkeys(("ja_pago", "paid_already", "pago"), UnlockKind.PAID_ALREADY.value),
    },
    "channel": {
        "portal": Channel.PORTAL.value, "pagina_de_bloqueio": Channel.BLOCK_PAGE.value,
        "block_page": Channel.BLOCK_PAGE.value, "whatsapp": Channel.WHATSAPP.value, "ura": Channel.URA.value,
        "telefone": Channel.URA.value, "api": Channel.API.value, "app": Channel.API.value,
        "atendente": Channel.AGENT.value, "agent": Channel.AGENT.value,
    },
    "outcome": {
        **dict.fromkeys(("cumprida", "kept", "paga"), Outcome.KEPT.value),
        **dict.fromkeys(("atrasada", "late"), Outcome.LATE.value),
        **dict.fromkeys(("quebrada", "broken", "nao_paga"), Outcome.BROKEN.value),
        **dict.fromkeys(("substituida", "superseded"), Outcome.SUPERSEDED.value),
        **dict.fromkeys(("revogada", "revoked"), Outcome.REVOKED.value),
    },
}  # fmt: skip


def words(name: str) -> dict[str, str]:
    """The words that a column of fixed words takes, and what each means."""
    return _WORDS[name]


def readers_without_zone(at: datetime) -> dict[str, Reader]:
    """For the file that says which zone it is."""
    return readers("UTC", at)


def readers(zone_name: str, at: datetime) -> dict[str, Reader]:
    """Every reader that a column may name, for one run."""
    zone = ZoneInfo(zone_name)
    found: dict[str, Reader] = {
        "text": cells.text, "identifier": cells.identifier, "identifiers": cells.identifiers, "secret": cells.secret,
        "document": cells.document, "phone": cells.phone, "email": cells.email, "money": cells.money,
        "money_positive": cells.money_positive, "speed": cells.speed, "yes_or_no": cells.yes_or_no, "mac": cells.mac,
        "ipv4": cells.ipv4, "linha_digitavel": cells.linha_digitavel, "txid": cells.txid, "day": moments.day,
        "reference": moments.reference, "instant": moments.instant(zone),
        "end_instant": moments.instant(zone, end_of_day=True), "past_instant": moments.past_instant(zone, at),
        "past_day": moments.past_day(at.astimezone(zone).date()), "zone": _zone, "uf": _uf, "ibge": _ibge,
        "due_day": cells.whole(1, 31), "item": cells.whole(1, 999), "seconds": cells.whole(0, 3600),
        "fine": _at_most(cells.percent, 200), "interest": _at_most(cells.percent, 100),
    }  # fmt: skip
    return {**found, **{name: cells.word(known) for name, known in _WORDS.items()}}


def _at_most(read: Callable[[str], int], limit: int) -> Reader:
    """RGC art. 78 § 1: a fine of at most 2 %, interest of at most 1 % a month."""

    def limited(cell: str) -> int:
        found = read(cell)
        if found > limit:
            raise Bad(What.OUT_OF_RANGE, f"0-{limit / 100:g}")
        return found

    return limited


def _zone(cell: str) -> str:
    try:
        return ZoneInfo(cells.text(cell)).key
    except (ValueError, OSError, LookupError):
        raise Bad(What.NOT_A_ZONE) from None


_STATES = frozenset((
    "AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA", "PB", "PE", "PI", "PR",
    "RJ", "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO",
))  # fmt: skip


@lru_cache(maxsize=256)
def _uf(cell: str) -> str:
    found = cells.text(cell).upper()
    if found not in _STATES:
        raise Bad(What.NOT_A_STATE)
    return found


@lru_cache(maxsize=8192)
def _ibge(cell: str) -> str:
    found = cells.text(cell)
    if not (found.isascii() and found.isdigit() and len(found) == 7):
        raise Bad(What.NOT_A_MUNICIPALITY)
    return found

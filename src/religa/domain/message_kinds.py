"""What subscribers are told: the kinds of message, the channels that carry them, and the fields each kind has."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from religa.domain.templates import Fields


class MessageKind(StrEnum):
    """In the order in which a subscriber may meet them. The first of the notices' names are those of `NoticeKind`."""

    REMINDER = "reminder"
    DEBT_NOTICE = "debt_notice"
    BLOCK_WARNING = "block_warning"
    BLOCKED = "blocked"
    TRUST = "trust"
    TRUST_ENDING = "trust_ending"
    TRUST_EXPIRED = "trust_expired"
    RECEIPT = "receipt"
    RESTORED = "restored"
    LOCKED = "locked"
    AGREEMENT = "agreement"
    TERMINATION_NOTICE = "termination_notice"
    TERMINATION_RECEIPT = "termination_receipt"
    CODE = "code"
    PIX = "pix"
    CONTACT = "contact"
    ANSWER = "answer"


class ChannelKind(StrEnum):
    """How a text travels. `ANY` is the text for whatever channel has none of its own."""

    ANY = "any"
    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    PUSH = "push"
    LETTER = "letter"


LEGAL = frozenset({MessageKind.DEBT_NOTICE, MessageKind.TERMINATION_NOTICE})
COLLECTION = LEGAL | {
    MessageKind.REMINDER, MessageKind.BLOCK_WARNING, MessageKind.BLOCKED, MessageKind.TRUST_ENDING,
    MessageKind.TRUST_EXPIRED, MessageKind.LOCKED, MessageKind.PIX,
}  # fmt: skip
WITH_SUBJECT = frozenset({ChannelKind.ANY, ChannelKind.EMAIL, ChannelKind.LETTER, ChannelKind.PUSH})

_TOO_SHORT_FOR = {
    # A push shows on a locked telephone, to whoever holds it: no code, no debt by name, nothing to keep.
    ChannelKind.PUSH: LEGAL
    | {MessageKind.CODE, MessageKind.PIX, MessageKind.ANSWER, MessageKind.CONTACT, MessageKind.AGREEMENT},
    ChannelKind.LETTER: frozenset({MessageKind.CODE, MessageKind.ANSWER, MessageKind.TRUST_ENDING}),
}


def carries(channel: ChannelKind, kind: MessageKind, *, sms_carries_notices: bool) -> bool:
    """Whether a kind may travel by a channel at all. An SMS has room for the legal notice only in many segments, so it
    carries it where the provider has said so."""
    if channel is ChannelKind.SMS and kind in LEGAL:
        return sms_carries_notices
    return kind not in _TOO_SHORT_FOR.get(channel, frozenset())


_COMMON = "provedor cnpj endereco telefone? identificacao nome hoje"
_NAMES: Mapping[MessageKind, str] = {  # a mark of question: it may have no value
    MessageKind.REMINDER: "contas meses valor_total vence_em pix?",
    MessageKind.DEBT_NOTICE: "contas meses valor_total bloqueio_em cancelamento_dias pix?",
    MessageKind.BLOCK_WARNING: "contas meses valor_total bloqueio_em pix?",
    MessageKind.BLOCKED: "situacao meses? valor_total? pix?",
    MessageKind.TRUST: "situacao ate protocolo",
    MessageKind.TRUST_ENDING: "ate horas situacao valor_total? pix?",
    MessageKind.TRUST_EXPIRED: "situacao meses? valor_total? pix?",
    MessageKind.RECEIPT: "valor situacao",
    MessageKind.RESTORED: "motivo situacao valor?",
    MessageKind.LOCKED: "situacao meses? valor_total? pix?",
    MessageKind.AGREEMENT: "parcelas valor_total protocolo? pix?",
    MessageKind.TERMINATION_NOTICE: "contas meses valor_total cancelamento_dias pix?",
    MessageKind.TERMINATION_RECEIPT: "cancelado_em valor_total? protocolo?",
    MessageKind.CODE: "codigo minutos",
    MessageKind.PIX: "pix valor meses? recebedor? vale_ate?",
    MessageKind.CONTACT: "protocolo assunto?",
    MessageKind.ANSWER: "texto",
}
_BLOCKS = frozenset({"contas", "parcelas", "identificacao", "texto", "pix"})


@lru_cache
def fields(kind: MessageKind) -> Fields:
    """The fields that texts of a kind may have."""
    marked = _marked(kind)
    every = {name.rstrip("?") for other in MessageKind for name in _marked(other)}
    names = frozenset(name.rstrip("?") for name in marked)
    optional = frozenset(name[:-1] for name in marked if name.endswith("?"))
    return Fields(names, optional, _BLOCKS & names, frozenset(every - names))


def ordered(kind: MessageKind) -> list[str]:
    """The fields of a kind as a page lists them: its own first."""
    return [name.rstrip("?") for name in _marked(kind)]


def _marked(kind: MessageKind) -> list[str]:
    return [*_NAMES[kind].split(), *_COMMON.split()]

"""What a text has to say before it may be sent, item by item: the law's for the two notices, plain sense for others.

An item is met by one paragraph that can never vanish and that has the fields and the words of one of its ways. Words
are looked for as stems without accents; whether the sentence around them is true, nobody but its author can know.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from religa.domain.message_kinds import ChannelKind, MessageKind
from religa.domain.templates import Paragraph, Template


class Item(StrEnum):
    REASON = "reason"
    BLOCK_DATE = "block_date"
    TERMINATION_TERMS = "termination_terms"
    AMOUNT = "amount"
    MONTH = "month"
    CREDIT_BUREAU = "credit_bureau"
    RESTORING = "restoring"
    SUPPLIER_NAME = "supplier_name"
    SUPPLIER_ADDRESS = "supplier_address"
    SUPPLIER_CNPJ = "supplier_cnpj"
    HOW_TO_AVOID = "how_to_avoid"
    DUE_DATE = "due_date"
    TRUST_END = "trust_end"
    PROTOCOL = "protocol"
    INSTALMENTS = "instalments"
    ENDED_ON = "ended_on"
    CODE = "code"
    PIX = "pix"
    WORDS = "words"
    HOW_IT_STANDS = "how_it_stands"


@dataclass(frozen=True, slots=True)
class Way:
    """Fields that must all be there, and groups of stems: of each group one."""

    fields: frozenset[str] = frozenset()
    words: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Required:
    """`article`: where it is written; "" where only sense asks for it."""

    item: Item
    article: str
    ways: tuple[Way, ...]


def _by(*names: str) -> tuple[Way, ...]:
    """Each field alone is a way."""
    return tuple(Way(frozenset({name})) for name in names)


_ENDING = ("cancel", "rescis", "rescind")
_SHUTTING = ("bloque", "suspen")
_OWING = (
    "nao identificamos o pagamento", "nao recebemos o pagamento", "falta de pagamento", "em atraso", "atrasad",
    "vencid", "em aberto", "inadimpl",
)  # fmt: skip
_IDENTITY = (
    Required(Item.SUPPLIER_NAME, "CDC art. 42-A", _by("identificacao", "provedor")),
    Required(Item.SUPPLIER_ADDRESS, "CDC art. 42-A", _by("identificacao", "endereco")),
    Required(Item.SUPPLIER_CNPJ, "CDC art. 42-A", _by("identificacao", "cnpj")),
)
_DEBT_NOTICE = (
    Required(Item.REASON, "RGC art. 71, I", (Way(words=(_OWING,)),)),
    Required(
        Item.BLOCK_DATE,
        "RGC art. 71, II; Manual Operacional 5.1.2",
        (Way(frozenset({"bloqueio_em"}), (_SHUTTING,)),),
    ),
    Required(
        Item.TERMINATION_TERMS,
        "RGC art. 71, II",
        (Way(frozenset({"cancelamento_dias"}), (_ENDING, ("contrato",))),),
    ),
    Required(Item.AMOUNT, "RGC art. 71, III", _by("contas", "valor_total")),
    Required(Item.MONTH, "RGC art. 71, III", _by("contas", "meses")),
    Required(
        Item.CREDIT_BUREAU,
        "RGC art. 71, IV",
        (Way(words=(("protecao ao credito", "spc", "serasa", "negativa"), ("depois", "apos"), _ENDING)),),
    ),
    Required(
        Item.RESTORING,
        "RGC art. 71, V",
        (Way(words=(("pagamento", "pagar"), ("volta", "religa", "restabelec", "reativa"), ("24 horas",))),),
    ),
    *_IDENTITY,
)
_TERMINATION_NOTICE = (
    Required(Item.REASON, "RGC art. 73", (Way(words=((*_OWING,), _SHUTTING)),)),
    Required(
        Item.TERMINATION_TERMS,
        "RGC art. 73",
        (Way(frozenset({"cancelamento_dias"}), (_ENDING, ("contrato",))),),
    ),
    Required(Item.AMOUNT, "RGC art. 71, III", _by("contas", "valor_total")),
    Required(Item.MONTH, "RGC art. 71, III", _by("contas", "meses")),
    Required(
        Item.CREDIT_BUREAU,
        "RGC art. 71, IV; CDC art. 43, § 2º",
        (Way(words=(("protecao ao credito", "spc", "serasa", "negativa"), ("depois", "apos"), _ENDING)),),
    ),
    Required(
        Item.HOW_TO_AVOID,
        "RGC art. 4º, XIV",
        (Way(words=(("pagando", "pagamento", "pagar"), ("volta", "continua"))),),
    ),
    *_IDENTITY,
)
_OTHERS: Mapping[MessageKind, tuple[Required, ...]] = {
    MessageKind.REMINDER: (
        Required(Item.DUE_DATE, "", _by("vence_em", "contas")),
        Required(Item.AMOUNT, "", _by("valor_total", "contas")),
    ),
    MessageKind.BLOCK_WARNING: (Required(Item.BLOCK_DATE, "", _by("bloqueio_em")),),
    MessageKind.BLOCKED: (Required(Item.HOW_IT_STANDS, "", _by("situacao")),),
    MessageKind.TRUST: (
        Required(Item.TRUST_END, "", _by("situacao", "ate")),
        Required(Item.PROTOCOL, "RGC art. 9º", _by("protocolo")),
    ),
    MessageKind.TRUST_ENDING: (Required(Item.TRUST_END, "", _by("ate", "horas")),),
    MessageKind.TRUST_EXPIRED: (Required(Item.HOW_IT_STANDS, "", _by("situacao")),),
    MessageKind.RECEIPT: (Required(Item.AMOUNT, "", _by("valor")),),
    MessageKind.RESTORED: (Required(Item.HOW_IT_STANDS, "", _by("situacao", "motivo")),),
    MessageKind.LOCKED: (Required(Item.HOW_IT_STANDS, "", _by("situacao")),),
    MessageKind.AGREEMENT: (Required(Item.INSTALMENTS, "", _by("parcelas")),),
    MessageKind.TERMINATION_RECEIPT: (Required(Item.ENDED_ON, "", _by("cancelado_em")),),
    MessageKind.CODE: (Required(Item.CODE, "", _by("codigo")),),
    MessageKind.PIX: (Required(Item.PIX, "", _by("pix")),),
    MessageKind.CONTACT: (Required(Item.PROTOCOL, "RGC art. 9º", _by("protocolo")),),
    MessageKind.ANSWER: (Required(Item.WORDS, "", _by("texto")),),
}
# A push leads to the portal, where all of it stands: it owes nobody a date or a protocol.
_ON_PUSH: tuple[Required, ...] = ()


def required(kind: MessageKind, channel: ChannelKind) -> tuple[Required, ...]:
    """What a text of a kind has to say on a channel."""
    if kind is MessageKind.DEBT_NOTICE:
        return _DEBT_NOTICE
    if kind is MessageKind.TERMINATION_NOTICE:
        return _TERMINATION_NOTICE
    return _ON_PUSH if channel is ChannelKind.PUSH else _OTHERS[kind]


def advised(kind: MessageKind) -> tuple[Required, ...]:
    """What a dunning message had better say, too: whoever asks for money says who he is."""
    return _IDENTITY if kind is MessageKind.BLOCK_WARNING else ()


@dataclass(frozen=True, slots=True)
class Lack:
    """`only_fragile`: it is said, but in a paragraph that may vanish."""

    required: Required
    only_fragile: bool


def lacks(template: Template, wanted: Sequence[Required]) -> list[Lack]:
    """Which items a text does not say for sure."""
    standing = [p for p in template.paragraphs if not p.may_vanish]
    missing = [one for one in wanted if not _said(one, standing)]
    return [Lack(one, _said(one, template.paragraphs)) for one in missing]


def _said(one: Required, paragraphs: Sequence[Paragraph]) -> bool:
    return any(_meets(way, p) for way in one.ways for p in paragraphs)


def _meets(way: Way, paragraph: Paragraph) -> bool:
    words = plain(paragraph.words)
    return way.fields <= paragraph.names and all(any(stem in words for stem in group) for group in way.words)


def plain(text: str) -> str:
    """Small letters without accents, one space between words."""
    bare = (c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join("".join(bare).split())

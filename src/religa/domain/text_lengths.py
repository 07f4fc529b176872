"""How long a text is for the channel that carries it.

An SMS has 160 characters of the GSM alphabet (3GPP TS 23.038), or 70 of any other; a longer text goes in segments of
153 or 67 (TS 23.040, 6 octets of header), each paid for. One letter outside the alphabet makes all of it the dear kind,
and Portuguese has them in every line (ã, õ, ç, á, í, ó, ú), so `folded` writes them without their marks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("\f^{}\\[~]|€")  # written as an escape and a character
_ONE, _MANY = 160, 153
_ONE_WIDE, _MANY_WIDE = 70, 67

SMS_SEGMENTS = 10  # more is refused by gateways, or arrives in pieces
PUSH_CHARACTERS = 178  # what a locked telephone shows
WHATSAPP_CHARACTERS = 4096  # of a text inside the 24 hours after the person wrote
WHATSAPP_TEMPLATE_CHARACTERS = 1024  # of an approved template's body
SUBJECT_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Segments:
    """`used` of `room` units in the last of `count` segments; `wide`: not all of it is in the GSM alphabet."""

    count: int
    used: int
    room: int
    wide: bool


def segments(text: str) -> Segments:
    """How many SMS a text makes. No character is cut in two, so a segment may end a unit early."""
    wide = not all(c in _GSM or c in _GSM_TWICE for c in text)
    costs = [_wide_cost(c) if wide else 1 + (c in _GSM_TWICE) for c in text]
    one, many = (_ONE_WIDE, _MANY_WIDE) if wide else (_ONE, _MANY)
    if sum(costs) <= one:
        return Segments(1, sum(costs), one, wide)
    return _cut(costs, many, wide)


def _wide_cost(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1


def _cut(costs: Iterable[int], room: int, wide: bool) -> Segments:
    count, used = 1, 0
    for cost in costs:
        if used + cost > room:
            count, used = count + 1, 0
        used += cost
    return Segments(count, used, room, wide)


def folded(text: str) -> str:
    """The text in the GSM alphabet where that loses no more than accents; what has no likeness there stays."""
    if text.isascii():
        return text
    return "".join(c if c in _GSM else _LIKE.get(c) or _bare(c) for c in text)


_LIKE = {
    "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"',
    "”": '"', "…": "...", "º": "o", "ª": "a", "•": "-", "\t": " ",
}  # fmt: skip


def _bare(character: str) -> str:
    """The letter under its marks, if there is one that the alphabet has."""
    plain = "".join(c for c in unicodedata.normalize("NFD", character) if not unicodedata.combining(c))
    return plain if plain and all(c in _GSM for c in plain) else character

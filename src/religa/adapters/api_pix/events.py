"""What a bank posts to us: several Pix in one call, as an object (the standard) or as a bare array (Inter).

An event proves nothing (bacen/pix-api issue 239: another customer of the bank can register our address for his key), so
all that is taken from it is what to ask the bank about.
"""

from __future__ import annotations

import re
from typing import Any

from religa.adapters.api_pix import reading
from religa.adapters.api_pix.reading import Json
from religa.ports.money import Hint, NotUnderstood

_ID = re.compile(
    r"[a-zA-Z0-9]{20,64}"
)  # goes into an address; examples of BACEN's have 34 characters, not 32
_TXID = re.compile(r"[a-zA-Z0-9]{1,35}")


def hints(body: bytes) -> tuple[Hint, ...] | NotUnderstood:
    """What an event is about, each thing once; an empty tuple for a test event. Never raises."""
    if not body.strip():
        return ()
    try:
        document = reading.document(body)
    except reading.Unreadable:
        return NotUnderstood("the body is no JSON")
    entries = _entries(document)
    if isinstance(entries, NotUnderstood):
        return entries
    found = tuple(dict.fromkeys(hint for hint in map(_hint, entries) if hint is not None))
    return NotUnderstood("no entry names a payment or a charge") if entries and not found else found


def _entries(document: object) -> list[Any] | NotUnderstood:
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        return NotUnderstood("the body is neither an object nor an array")
    if "pix" in document:
        return reading.items(document["pix"]) or _empty_or_strange(document["pix"])
    if "endToEndId" in document:
        return [document]
    if any(isinstance(value, dict | list) for value in document.values()):
        return NotUnderstood("the body holds no pix")  # `rec` and `cobr` of Pix Automático among others
    return []  # Efí's test of a newly registered address is such an object


def _empty_or_strange(value: object) -> list[Any] | NotUnderstood:
    return [] if value in ([], {}, None) else NotUnderstood("pix is no array")


def _hint(entry: object) -> Hint | None:
    body: Json = reading.obj(entry)
    payment_id, txid = reading.text(body.get("endToEndId")), reading.text(body.get("txid"))
    hint = Hint(
        payment_id=payment_id if _ID.fullmatch(payment_id) else "",
        txid=txid if _TXID.fullmatch(txid) else "",
        key=reading.text(body.get("chave")),
        told=reading.centavos(body.get("valor")),
    )
    return hint if hint.payment_id or hint.txid else None

"""Reads Efí's answers leniently: numbers that may be text, instants without a zone, places that differ by endpoint.

Nothing here raises for what an answer holds; what cannot be read is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from religa.adapters.efi_cobrancas.session import Json

MAX_CENTAVOS = 10**13


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge as one answer shows it; the list, the detail and the creation each leave out something else.

    `paid_value`: centavos the payer paid. `confirmed_at`: when Efí came to know. `received_on`: the day on which the
    payer's bank took the money, which is the day of payment. `configurations`: fine, interest and days, where told.
    """

    id: str
    txid: str
    status: str
    total: int
    paid_value: int | None = None
    confirmed_at: datetime | None = None
    received_on: date | None = None
    copy_paste: str = ""
    linha_digitavel: str = ""
    configurations: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a notification's history. `id` counts within the token; the same id is the same entry."""

    id: int
    charge_id: str
    txid: str
    status: str
    at: datetime | None
    value: int | None
    received_on: date | None


def charge(data: object, zone: ZoneInfo) -> Charge | None:
    """Of `GET /v1/charge/:id`, of an entry of `GET /v1/charges` and of `POST /v1/charge/one-step`."""
    if not isinstance(data, dict):
        return None
    number, total = identifier(data.get("charge_id") or data.get("id")), centavos(data.get("total"))
    if not number or total is None:
        return None
    payment = _dict(data.get("payment"))
    billet = _dict(payment.get("banking_billet")) or _dict(payment.get("carnet")) or data
    pix = _dict(billet.get("pix")) or _dict(payment.get("pix")) or _dict(data.get("pix"))
    return Charge(
        id=number,
        txid=_text(data.get("custom_id")),
        status=_text(data.get("status")),
        total=total,
        paid_value=_first(centavos, payment.get("paid_value"), data.get("paid_value")),
        confirmed_at=_first(
            lambda text: instant(text, zone), payment.get("paid_at"), data.get("paid_at"), _told(data)
        ),
        received_on=_received_on(payment, data, zone),
        copy_paste=_text(pix.get("qrcode")),
        linha_digitavel=re.sub(r"[^0-9]", "", _text(billet.get("barcode"))),
        configurations=_numbers(billet.get("configurations")),
    )


def _received_on(payment: Json, data: Json, zone: ZoneInfo) -> date | None:
    """Of `paid_at` only if it is no more than a day: an instant there is that at which Efí heard."""
    told = [payment.get("received_by_bank_at"), data.get("received_by_bank_at")]
    if instant(payment.get("paid_at"), zone) is None:
        told.append(payment.get("paid_at"))
    return _first(lambda text: day(text, zone), *told)  # type: ignore[no-any-return]


def items(data: object, zone: ZoneInfo) -> tuple[Item, ...]:
    """The history that `GET /v1/notification/:token` gives, in its own order, each entry once."""
    found: dict[int, Item] = {}
    for entry in data if isinstance(data, list) else []:
        item = _item(entry, zone)
        if item is not None:
            found.setdefault(item.id, item)
    return tuple(found[number] for number in sorted(found))


def _item(entry: object, zone: ZoneInfo) -> Item | None:
    if not isinstance(entry, dict):
        return None
    number, charge_id = (
        identifier(entry.get("id")),
        identifier(_dict(entry.get("identifiers")).get("charge_id")),
    )
    if not number or not charge_id:  # of a subscription or a carnê as a whole: no money
        return None
    return Item(
        id=int(number),
        charge_id=charge_id,
        txid=_text(entry.get("custom_id")),
        status=_text(_dict(entry.get("status")).get("current")),
        at=instant(entry.get("created_at"), zone),
        value=centavos(entry.get("value")),
        received_on=day(entry.get("received_by_bank_at"), zone),
    )


def centavos(value: object) -> int | None:
    """Of a whole number, or of its digits as text. A fraction of a centavo is no amount."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,13}", value):
        value = int(value)
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
        value = int(value) if value <= MAX_CENTAVOS else None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_CENTAVOS:
        return None
    return value


def identifier(value: object) -> str:
    """A number of Efí's as text; "" if it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if 0 < value < 10**18 else ""
    return value if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value) else ""


def instant(text: object, zone: ZoneInfo) -> datetime | None:
    """`2026-12-05 20:12:31` (in `zone`) or with an offset; aware. Midnight is what a day looks like, and no instant."""
    found = _parsed(text, zone)
    return None if found is None or found.time() == time.min else found


def day(text: object, zone: ZoneInfo) -> date | None:
    """`2026-12-05`, or the civil day of an instant."""
    found = _parsed(text, zone)
    return found and found.date()


def _parsed(text: object, zone: ZoneInfo) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
        return found and (found.replace(tzinfo=zone) if found.tzinfo is None else found.astimezone(zone))
    except (ValueError, OverflowError):
        return None


def _told(data: Json) -> str:
    """When the detail's own history, sentences in Portuguese, says that it was paid: it may stand nowhere else.

    Not `aguardando confirmação`, which a fresh boleto has.
    """
    history = data.get("history")
    for entry in reversed(history if isinstance(history, list) else []):
        words = _text(_dict(entry).get("message")).casefold()
        if "efetuado" in words or "confirmado" in words:
            return _text(_dict(entry).get("created_at"))
    return ""


def _numbers(configurations: object) -> tuple[tuple[str, int], ...]:
    found = {name: centavos(value) for name, value in _dict(configurations).items()}
    return tuple((name, value) for name, value in sorted(found.items()) if value is not None)


def _first(read: Any, *values: object) -> Any:
    return next((found for found in map(read, values) if found is not None), None)


def _dict(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def entries(answer: Json) -> tuple[Json, ...]:
    """Of a list."""
    data = answer.get("data")
    return tuple(entry for entry in data if isinstance(entry, dict)) if isinstance(data, list) else ()


def page_size(answer: Json) -> int | None:
    """The size of a page as Efí says it used it; None where it does not say."""
    pagination = _dict(_dict(answer.get("params")).get("pagination"))
    return centavos(pagination.get("limit"))


def by_charge(history: Iterable[Item]) -> dict[str, tuple[Item, ...]]:
    """The entries of each charge, in order."""
    found: dict[str, tuple[Item, ...]] = {}
    for item in history:
        found[item.charge_id] = (*found.get(item.charge_id, ()), item)
    return found

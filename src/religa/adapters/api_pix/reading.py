"""What comes back, read leniently: new fields, new words and sloppy forms are no reason to miss a payment.

An amount is a string of the standard's form or a number; a number never becomes a float on its way. What cannot be read
at all raises `Unreadable`, which does not leave this package.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from religa.ports.money import (
    ChargeKind,
    ChargeRef,
    ChargeSeen,
    ChargeStatus,
    MoneySeen,
    Nature,
    Returned,
    ReturnStatus,
    Split,
)

Json = Mapping[str, Any]
BRASILIA = ZoneInfo("America/Sao_Paulo")  # the day of the Pix, whatever the subscriber's own time zone

_AMOUNT = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,2})0*)?")
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,](\d{1,6})\d*)?\s*([Zz]|[+-]\d\d:?\d\d)?", re.ASCII
)
_STATUS = {
    "ATIVA": ChargeStatus.ACTIVE,
    "CONCLUIDA": ChargeStatus.PAID,
    # openapi.yaml writes REMOVIDA_ in its list and REMOVIDO_ in its prose, the manual REMOVIDO_
    "REMOVIDA_PELO_USUARIO_RECEBEDOR": ChargeStatus.REMOVED,
    "REMOVIDO_PELO_USUARIO_RECEBEDOR": ChargeStatus.REMOVED,
    "REMOVIDA_PELO_PSP": ChargeStatus.REMOVED_BY_BANK,
    "REMOVIDO_PELO_PSP": ChargeStatus.REMOVED_BY_BANK,
}
_NATURE = {
    "": Nature.ORIGINAL,  # openapi.yaml, DevolucaoNatureza: absent means this
    "ORIGINAL": Nature.ORIGINAL,
    "RETIRADA": Nature.CHANGE,
    "MED_OPERACIONAL": Nature.MED_OPERATIONAL,
    "MED_FRAUDE": Nature.MED_FRAUD,
    "MED_PIX_AUTOMATICO": Nature.MED_AUTOMATIC,
}
_RETURN_STATUS = {"DEVOLVIDO": ReturnStatus.RETURNED, "NAO_REALIZADO": ReturnStatus.NOT_DONE}


class Unreadable(ValueError):
    """An answer without what it must say; the text names the field, never its value."""


def document(body: bytes) -> Any:
    """The JSON of a body; numbers with a fraction stay text. Raises `Unreadable`."""
    try:
        return json.loads(body, parse_float=str, parse_constant=_no_number)
    except (ValueError, RecursionError) as why:
        raise Unreadable("no JSON") from why


def _no_number(text: str) -> None:
    raise ValueError(text)


def obj(value: object) -> Json:
    """The object that `value` is, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """The array that `value` is, one element for a lone object, or an empty one."""
    if isinstance(value, dict):
        return [value]
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """The text that `value` is, without NUL and halves of characters (JSON has them, no database does); else ""."""
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "").encode(errors="replace").decode().strip()


def number(value: object) -> int | None:
    """A whole number, also one written as text; None for anything else."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def centavos(value: object) -> int | None:
    """`"99.90"`, `99.9` and `100` are centavos 9990, 9990 and 10000; None for what is no amount."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if 0 <= value < 10**12 else ""
    found = _AMOUNT.fullmatch(text(value))
    if found is None:
        return None
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def instant(value: object) -> datetime | None:
    """An RFC 3339 instant in UTC, with any offset and any number of decimals; None for what is none.

    Without an offset it is Brasília's time: the standard wants one, and who forgets it writes what his clock shows.
    """
    found = _INSTANT.fullmatch(text(value))
    if found is None:
        return None
    day, clock, fraction, offset = found.groups()
    clock = clock.replace(":60", ":59")  # a leap second, which Python does not know
    try:
        naive = datetime.fromisoformat(f"{day}T{clock}.{(fraction or '0').ljust(6, '0')}{_offset(offset)}")
        return (naive if naive.tzinfo else naive.replace(tzinfo=BRASILIA)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _offset(offset: str | None) -> str:
    if not offset:
        return ""
    return "+00:00" if offset in "Zz" else offset


def charge(
    answer: object, *, kind: ChargeKind, copy_paste: Callable[[Json], str], at: datetime
) -> ChargeSeen:
    """A `cob` or `cobv` as answered. `copy_paste` finds the text to copy. Raises `Unreadable`."""
    body = obj(answer)
    original = centavos(obj(body.get("valor")).get("original"))
    txid = text(body.get("txid"))
    if original is None or not txid:
        raise Unreadable("a charge without txid or valor.original")
    return ChargeSeen(
        ref=ChargeRef(kind, txid),
        status=_status(body, at),
        amount=original,
        revision=number(body.get("revisao")) or 0,
        copy_paste=copy_paste(body),
        location=location(body),
        payments=tuple(money(each) for each in items(body.get("pix"))),
    )


def location(body: Json) -> str:
    """Where the payer's bank finds the charge, without scheme; "" if the answer does not say."""
    return text(obj(body.get("loc")).get("location")) or text(body.get("location"))


def _status(body: Json, at: datetime) -> ChargeStatus:
    status = _STATUS.get(text(body.get("status")).upper(), ChargeStatus.UNKNOWN)
    if status is ChargeStatus.ACTIVE and _is_over(obj(body.get("calendario")), at):
        return ChargeStatus.EXPIRED  # the bank's own word says nothing of time (openapi.yaml, CobrancaStatus)
    return status


def _is_over(calendar: Json, at: datetime) -> bool:
    """Only a `cob` says when it ends; when a `cobv` does depends on the payer's municipality."""
    created, seconds = instant(calendar.get("criacao")), number(calendar.get("expiracao"))
    if created is None or seconds is None or "dataDeVencimento" in calendar:
        return False
    try:
        return created + timedelta(seconds=seconds) <= at
    except OverflowError:
        return False


def money(answer: object) -> MoneySeen:
    """A Pix as answered. Raises `Unreadable`."""
    body = obj(answer)
    payment_id, paid = text(body.get("endToEndId")), centavos(body.get("valor"))
    paid_at = instant(body.get("horario"))
    if not payment_id or paid is None or paid_at is None:
        raise Unreadable("a Pix without endToEndId, valor or horario")
    payer = obj(body.get("pagador"))  # not of the standard; some banks add it
    return MoneySeen(
        id=payment_id,
        amount=paid,
        paid_at=paid_at,
        txid=text(body.get("txid")) or None,
        key=text(body.get("chave")),
        split=_split(obj(body.get("componentesValor"))),
        returns=tuple(returned(each) for each in items(body.get("devolucoes"))),
        payer_document=text(payer.get("cpf")) or text(payer.get("cnpj")),
        payer_name=text(payer.get("nome")),
        info=text(body.get("infoPagador")),
    )


def _split(body: Json) -> Split | None:
    names = ("original", "multa", "juros", "desconto", "abatimento")
    original, *others = (centavos(obj(body.get(name)).get("valor")) for name in names)
    if original is None:
        return None
    fine, interest, discount, rebate = (value or 0 for value in others)
    return Split(original, fine, interest, discount, rebate)


def returned(answer: object) -> Returned:
    """A `devolucao` as answered. Raises `Unreadable`."""
    body = obj(answer)
    back = centavos(body.get("valor"))
    if back is None:
        raise Unreadable("a devolucao without valor")
    return Returned(
        id=text(body.get("id")),
        amount=back,
        # an unknown word is not final: somebody asks again
        status=_RETURN_STATUS.get(text(body.get("status")).upper(), ReturnStatus.PROCESSING),
        nature=_NATURE.get(text(body.get("natureza")).upper(), Nature.UNKNOWN),
        rtr_id=text(body.get("rtrId")),
        settled_at=instant(obj(body.get("horario")).get("liquidacao")),
        reason=text(body.get("motivo")),
    )

"""BR Code: the text behind a Pix QR and of "Pix Copia e Cola", written strictly and read leniently.

Rules: Manual de Padrões para Iniciação do Pix 2.10.0, sections 2.6 (static), 2.7 (dynamic) and 2.8 (with recurrence);
Manual do BR Code, section 2. A text is a row of fields, each of two digits of id, two of length (in characters) and
its value; a template's value is such a row again. A Pix key may be somebody's CPF, so no error repeats the text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from religa.domain.problems import Invalid, Problem

__all__ = [
    "MAX_AMOUNT",
    "BrCode",
    "BrCodeProblem",
    "DynamicCode",
    "InvalidBrCode",
    "StaticCode",
    "crc16",
    "decode",
    "encode",
    "plain",
]

GUI = "br.gov.bcb.pix"
NO_TXID = "***"
MAX_AMOUNT = 999_999_999_999  # centavos: 9999999999.99 is as long as field 54 may be
_NAME_MAX, _CITY_MAX, _TEMPLATE_MAX, _KEY_MAX, _LOCATION_MAX = 25, 15, 99, 77, 77
_ONCE, _REAL = "12", "986"
_PIX_START = f"00{len(GUI)}{GUI}"

_FIELD_HEAD = re.compile(r"(?P<tag>[0-9]{2})(?P<length>[0-9]{2})")
_STATIC_TXID = re.compile(r"[A-Za-z0-9]{1,25}")
_NO_SPACE = re.compile(r"[!-~]+")  # printable ASCII
_PRINTED_AMOUNT = re.compile(r"(?P<reais>[0-9]{1,10})(?:\.(?P<cents>[0-9]{0,2}))?")


class BrCodeProblem(Problem):
    """Why a text is no Pix code, or why none can be made."""

    EMPTY = "empty", "it is empty"
    NOT_A_BR_CODE = "not_a_br_code", "it does not start with 000201"
    LENGTH = "length", "a field is cut off or its length is no number: the text was not copied whole"
    REPEATED = "repeated", "a field is there twice"
    NO_CRC = "no_crc", "the check at the end (6304 and four characters) is missing"
    CRC = "crc", "the check at the end does not match: a character was changed"
    TRAILING = "trailing", "there is more text behind the check at the end"
    NOT_PIX = "not_pix", "it is a code for other ways to pay, not for Pix"
    CONSENT_ONLY = "consent_only", "it asks for consent to Pix Automático and for no payment"
    CURRENCY = "currency", "its currency is not the real (986)"
    AMOUNT = "amount", "an amount is 0.01 to 9999999999.99"
    KEY = "key", "a Pix key has 1 to 77 plain characters and no spaces"
    LOCATION = "location", "a location has 1 to 77 plain characters and no https:// before it"
    TXID = "txid", "a txid of a static code has 1 to 25 letters and digits"
    NAME = "name", "the payee has a name with at least one plain letter or digit"
    CITY = "city", "the city has a name with at least one plain letter or digit"
    TEXT = "text", "the free text is plain, and with the key it has at most 73 characters"


class InvalidBrCode(Invalid):
    """No Pix code: `problem` is the code, `reason` the words."""

    kind = "a Pix code"


@dataclass(frozen=True, slots=True)
class StaticCode:
    """A code that names the receiver's Pix key.

    `amount`: centavos; None: the payer chooses. `txid` None: none (`***`). `text`: free text for the payer. `once`: the
    code says that it is for one payment (field 01 = 12). `recurrence`: location of a `/rec/` (Pix Automático), or "".
    """

    key: str = field(repr=False)
    name: str
    city: str
    amount: int | None = None
    txid: str | None = None
    text: str = field(default="", repr=False)
    once: bool = False
    recurrence: str = ""


@dataclass(frozen=True, slots=True)
class DynamicCode:
    """A code that names an address at the receiver's bank, where the charge is read (its amount and txid too).

    `location`: as the bank gave it, without scheme; only banks may make one. `once`, `recurrence`: as in `StaticCode`.
    """

    location: str = field(repr=False)  # where anyone may read the debtor's name
    name: str
    city: str
    once: bool = False
    recurrence: str = ""


BrCode = StaticCode | DynamicCode


def plain(text: str) -> str:
    """The text in printable ASCII: accents dropped, other characters left out, runs of spaces made one.

    Many bank apps show nothing else, and in ASCII lengths in characters and in bytes are the same.
    """
    letters = unicodedata.normalize("NFKD", " ".join(text.split())).encode("ascii", "ignore").decode()
    return " ".join("".join(c for c in letters if c.isprintable()).split())


def crc16(text: str) -> int:
    """CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF) of the text in UTF-8."""
    crc = 0xFFFF
    for byte in text.encode(errors="replace"):
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc


def encode(code: BrCode) -> str:
    """The text of a code. Name and city are made plain and cut to 25 and 15; all else is taken as it is or refused.

    Raises `InvalidBrCode`; `TypeError` for an amount that is no integer.
    """
    if isinstance(code, StaticCode):
        account, amount, txid = _account(code), _amount(code.amount), _txid(code.txid)
    else:
        account, amount, txid = _address(code.location), "", NO_TXID
    text = _fields(
        ("00", "01"),
        ("01", _ONCE if code.once else ""),
        ("26", account),
        ("52", "0000"),
        ("53", _REAL),
        ("54", amount),
        ("58", "BR"),
        ("59", _shown(code.name, _NAME_MAX, BrCodeProblem.NAME)),
        ("60", _shown(code.city, _CITY_MAX, BrCodeProblem.CITY)),
        ("62", _fields(("05", txid))),
        ("80", _address(code.recurrence) if code.recurrence else ""),
    )
    return f"{text}6304{crc16(text + '6304'):04X}"


def _fields(*rows: tuple[str, str]) -> str:
    return "".join(f"{tag}{len(value):02}{value}" for tag, value in rows if value)


def _account(code: StaticCode) -> str:
    if not _NO_SPACE.fullmatch(code.key) or len(code.key) > _KEY_MAX:
        raise InvalidBrCode(BrCodeProblem.KEY)
    if code.text != plain(code.text):
        raise InvalidBrCode(BrCodeProblem.TEXT)
    account = _fields(("00", GUI), ("01", code.key), ("02", code.text))
    if len(account) > _TEMPLATE_MAX:
        raise InvalidBrCode(BrCodeProblem.TEXT)
    return account


def _address(location: str) -> str:
    if not _NO_SPACE.fullmatch(location) or len(location) > _LOCATION_MAX or "://" in location:
        raise InvalidBrCode(BrCodeProblem.LOCATION)
    return _fields(("00", GUI), ("25", location))


def _amount(centavos: int | None) -> str:
    if centavos is None:
        return ""
    if not isinstance(centavos, int) or isinstance(centavos, bool):
        raise TypeError(f"money is exact centavos, not {type(centavos).__name__}")
    if not 0 < centavos <= MAX_AMOUNT:
        raise InvalidBrCode(BrCodeProblem.AMOUNT)
    return f"{centavos // 100}.{centavos % 100:02}"


def _txid(txid: str | None) -> str:
    if txid is None:
        return NO_TXID
    if not _STATIC_TXID.fullmatch(txid):
        raise InvalidBrCode(BrCodeProblem.TXID)
    return txid


def _shown(text: str, limit: int, problem: BrCodeProblem) -> str:
    shown = plain(text)[:limit].rstrip()
    if not any(c.isalnum() for c in shown):
        raise InvalidBrCode(problem)
    return shown


def decode(text: str) -> BrCode:
    """What a code says. White space around it is left out, fields that are not needed are passed over.

    It is dynamic where the account has an address (25), whatever field 01 says (Manual, section 2.7). A static code's
    amount of zero is none. Names, keys and txids are given as they stand there, also those that `encode` would refuse.
    Raises `InvalidBrCode`.
    """
    bare = text.strip()
    if not bare:
        raise InvalidBrCode(BrCodeProblem.EMPTY)
    if not bare.startswith("000201"):
        raise InvalidBrCode(BrCodeProblem.NOT_A_BR_CODE)
    fields = _checked(bare)
    if fields.get("53", _REAL) != _REAL:
        raise InvalidBrCode(BrCodeProblem.CURRENCY)
    account, recurrence = _pix_account(fields), _pix_fields(fields.get("80", "")).get("25", "")
    name, city, once = fields.get("59", ""), fields.get("60", ""), fields.get("01") == _ONCE
    if account.get("25"):
        return DynamicCode(account["25"], name, city, once, recurrence)
    if not account.get("01"):
        raise InvalidBrCode(_why_nobody_is_paid(account, recurrence))
    amount, txid = _read_amount(fields.get("54", "")), _read_txid(fields.get("62", ""))
    return StaticCode(account["01"], name, city, amount, txid, account.get("02", ""), once, recurrence)


def _why_nobody_is_paid(account: dict[str, str], recurrence: str) -> BrCodeProblem:
    if recurrence:
        return BrCodeProblem.CONSENT_ONLY
    return BrCodeProblem.KEY if account else BrCodeProblem.NOT_PIX


def _checked(text: str) -> dict[str, str]:
    """The fields of a whole code whose check is right."""
    fields, end = _read(text, last="63")
    if "63" not in fields or len(fields["63"]) != 4:
        raise InvalidBrCode(BrCodeProblem.NO_CRC)
    if f"{crc16(text[: end - 4]):04X}" != fields["63"].upper():
        raise InvalidBrCode(BrCodeProblem.CRC)
    if end < len(text):
        raise InvalidBrCode(BrCodeProblem.TRAILING)
    return fields


def _read(text: str, *, last: str = "") -> tuple[dict[str, str], int]:
    """The fields of a row up to the field `last`, and where reading stopped."""
    fields: dict[str, str] = {}
    at = 0
    while at < len(text) and last not in fields:
        head = _FIELD_HEAD.match(text, at)
        if head is None or at + 4 + int(head["length"]) > len(text):
            raise InvalidBrCode(BrCodeProblem.LENGTH)
        if head["tag"] in fields:
            raise InvalidBrCode(BrCodeProblem.REPEATED)
        start, at = at + 4, at + 4 + int(head["length"])
        fields[head["tag"]] = text[start:at]
    return fields, at


def _pix_account(fields: dict[str, str]) -> dict[str, str]:
    """The one account (26 to 51) that is Pix's, if any; two of them would leave open who is paid."""
    accounts = [found for tag in range(26, 52) if (found := _pix_fields(fields.get(f"{tag}", "")))]
    if len(accounts) > 1:
        raise InvalidBrCode(BrCodeProblem.REPEATED)
    return accounts[0] if accounts else {}


def _pix_fields(template: str) -> dict[str, str]:
    """The fields of a template of Pix; none for one of others, whose inside is theirs."""
    try:
        fields = _read(template)[0]
    except InvalidBrCode:
        if template.lower().startswith(_PIX_START):
            raise
        return {}
    return fields if fields.get("00", "").lower() == GUI else {}


def _read_amount(text: str) -> int | None:
    if not text:
        return None
    found = _PRINTED_AMOUNT.fullmatch(text)
    if found is None:
        raise InvalidBrCode(BrCodeProblem.AMOUNT)
    return int(found["reais"]) * 100 + int((found["cents"] or "").ljust(2, "0")) or None


def _read_txid(additional: str) -> str | None:
    txid = _read(additional)[0].get("05", "")
    return None if txid in ("", NO_TXID) else txid

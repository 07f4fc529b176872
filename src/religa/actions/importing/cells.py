"""Reads one cell: text in, a value out, or the reason why not.

Readers are made for one run (`readers`), because instants need the provider's zone. Two answers beside the value:
`Bad` (an error of the row) and `LeftOut` (contact data nobody could use: the cell counts as empty, and it is said).
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from religa.actions.importing.problems import What
from religa.domain import documents
from religa.domain.documents import DocumentProblem, InvalidDocument
from religa.domain.money import AmountProblem, InvalidAmount, parse_reais

Reader = Callable[[str], Any]

_SCIENTIFIC = re.compile(r"-?[0-9]+[.,][0-9]+[eE][+-]?[0-9]+")
_EXCEL_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LONGEST_TEXT = 2000


class Bad(Exception):
    """A cell that cannot be read; the row is refused."""

    def __init__(self, what: What, more: str = "") -> None:
        super().__init__(what.value)
        self.what, self.more = what, more


class LeftOut(Bad):
    """A cell that is of no use; the row goes on without it."""


class Mended(str):
    """A value that was completed, which is said: a document whose leading zeros a spreadsheet had dropped."""

    __slots__ = ()


def plain(words: str) -> str:
    """Lower case, no accents, `_` between words: how headers and fixed words are compared."""
    bare = unicodedata.normalize("NFKD", words.strip().lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")


# -- text ----------------------------------------------------------------------------------------------------


def unwrapped(cell: str) -> str:
    """A cell without the `="..."` that spreadsheets put around numbers to keep their zeros. No formula passes."""
    cell = cell.strip()
    if cell[:1] in ("=", "@"):
        found = _EXCEL_TEXT.fullmatch(cell)
        if found is None:
            raise Bad(What.FORMULA)
        cell = found[1].strip()
    return cell


def text(cell: str) -> str:
    bare = cell.strip()
    if bare.isprintable() and bare[:1] not in ("=", "@") and len(bare) <= LONGEST_TEXT:
        return bare  # nearly all of them
    cell = unwrapped(cell)
    if len(cell) > LONGEST_TEXT:
        raise Bad(What.TOO_LONG, str(LONGEST_TEXT))
    if not cell.isprintable() and _CONTROL.search(cell):
        raise Bad(What.CONTROL_CHARACTER)
    return cell


def identifier(cell: str) -> str:
    """What names a row in the other system: kept as it is written, but never as a spreadsheet's rounded number."""
    if cell.isalnum() and cell.isascii() and len(cell) <= LONGEST_TEXT:
        return cell  # nearly all of them
    cell = text(cell)
    if _SCIENTIFIC.fullmatch(cell):
        raise Bad(What.SCIENTIFIC)
    return cell


def identifiers(cell: str) -> list[str]:
    """Several of them, separated by `|`, `,` or spaces."""
    return list(dict.fromkeys(identifier(part) for part in re.split(r"[|,\s]+", unwrapped(cell)) if part))


def secret(cell: str) -> str:
    """A password, exactly as it stands; only what no network could carry is refused."""
    if _CONTROL.search(cell):
        raise Bad(What.CONTROL_CHARACTER)
    return cell


# -- documents and contact data ------------------------------------------------------------------------------

_DOCUMENT_WHATS = {
    DocumentProblem.LENGTH: What.DOCUMENT_LENGTH,
    DocumentProblem.CHARACTER: What.DOCUMENT_CHARACTERS,
    DocumentProblem.LETTERS: What.DOCUMENT_CHARACTERS,
}


def document(cell: str) -> str:
    """A CPF or CNPJ, bare. One that is short by leading zeros is completed only if its check digits then hold."""
    cell = identifier(cell)
    try:
        return documents.parse(cell).digits
    except InvalidDocument as refused:
        bare = re.sub(r"[\s./-]", "", cell)
        mended = _completed(bare) if refused.problem is DocumentProblem.LENGTH else None
        if mended is None:
            raise Bad(_DOCUMENT_WHATS.get(refused.problem, What.DOCUMENT_DIGITS)) from None
        return mended


def _completed(bare: str) -> Mended | None:
    if not re.fullmatch(r"[0-9]{8,10}|[0-9]{12,13}", bare):
        return None
    try:
        return Mended(documents.parse(bare.zfill(11 if len(bare) < 11 else 14)).digits)
    except InvalidDocument:
        return None


_PHONE_DIGITS = re.compile(r"[0-9]{8,15}")
_PHONE_MARKS = str.maketrans("", "", "().-/")


@lru_cache(maxsize=4096)  # the number for WhatsApp is mostly the first one again
def phone(cell: str) -> str:
    """Digits with country code; a number of 10 or 11 digits is Brazilian."""
    digits = "".join(unwrapped(cell).translate(_PHONE_MARKS).split())
    international, digits = digits.startswith("+"), digits.lstrip("+")
    if not international:
        digits = digits.removeprefix("0")
        digits = "55" + digits if len(digits) in (10, 11) else digits
    if not _PHONE_DIGITS.fullmatch(digits) or (digits.startswith("55") and len(digits) not in (12, 13)):
        raise LeftOut(What.NOT_A_PHONE)
    if not international and not digits.startswith("55"):
        raise LeftOut(What.NOT_A_PHONE)
    return digits


def email(cell: str) -> str:
    cell = text(cell)
    if not re.fullmatch(r"[^@\s;,<>]+@[^@\s;,<>]+\.[^@\s;,<>.]{2,}", cell):
        raise LeftOut(What.NOT_AN_EMAIL)
    return cell


# -- money and numbers ---------------------------------------------------------------------------------------


@lru_cache(maxsize=65536)
def money(cell: str) -> int:
    """Centavos, zero or more."""
    try:
        amount = parse_reais(unwrapped(cell))
    except InvalidAmount as refused:
        ambiguous = refused.problem is AmountProblem.AMBIGUOUS
        raise Bad(What.AMOUNT_AMBIGUOUS if ambiguous else What.NOT_AN_AMOUNT) from None
    if amount < 0:
        raise Bad(What.NEGATIVE)
    return amount


def money_positive(cell: str) -> int:
    amount: int = money(cell)
    if amount == 0:
        raise Bad(What.ZERO)
    return amount


@lru_cache(maxsize=1024)
def percent(cell: str) -> int:
    """Hundredths of a percent."""
    found = re.fullmatch(r"([0-9]{1,3})(?:[.,]([0-9]{1,4}))?\s*%?", unwrapped(cell))
    if found is None:
        raise Bad(What.NOT_A_NUMBER)
    decimals = (found[2] or "").rstrip("0")
    if len(decimals) > 2:
        raise Bad(What.NOT_A_NUMBER)
    return int(found[1]) * 100 + int(decimals.ljust(2, "0"))


def whole(low: int, high: int) -> Reader:
    @lru_cache(maxsize=1024)
    def read(cell: str) -> int:
        cell = unwrapped(cell)
        if not re.fullmatch(r"[0-9]{1,9}", cell):
            raise Bad(What.NOT_A_NUMBER)
        if not low <= int(cell) <= high:
            raise Bad(What.OUT_OF_RANGE, f"{low}-{high}")
        return int(cell)

    return read


_SPEED = re.compile(r"([0-9]+)(?:[.,]([0-9]))?\s*(k|m|g)?(?:b(?:it)?(?:ps|/s)?)?", re.IGNORECASE)
_KBPS = {"": 1, "k": 1, "m": 1000, "g": 1_000_000}


@lru_cache(maxsize=1024)
def speed(cell: str) -> int:
    """kbit/s: `300M`, `500 Mbps`, `1G`, or a bare number of kbit/s."""
    found = _SPEED.fullmatch(unwrapped(cell))
    if found is None:
        raise Bad(What.NOT_A_SPEED)
    kbps = (int(found[1]) * 10 + int(found[2] or 0)) * _KBPS[(found[3] or "").lower()] // 10
    if not 0 < kbps < 2**31:
        raise Bad(What.OUT_OF_RANGE, "1 kbit/s - 2 Tbit/s")
    return kbps


# -- words ---------------------------------------------------------------------------------------------------


def word(known: dict[str, Any]) -> Reader:
    """One of fixed words; `known` maps plain words to values."""

    @lru_cache(maxsize=256)
    def read(cell: str) -> Any:
        try:
            return known[plain(unwrapped(cell))]
        except KeyError:
            raise Bad(What.UNKNOWN_WORD, ", ".join(known)) from None

    return read


_YES, _NO = "sim s yes y true verdadeiro 1 x ativo", "nao n no false falso 0 inativo"
yes_or_no = word({**dict.fromkeys(_YES.split(), True), **dict.fromkeys(_NO.split(), False)})


# -- network -------------------------------------------------------------------------------------------------


def mac(cell: str) -> str:
    digits = re.sub(r"[:\-.\s]", "", unwrapped(cell)).upper()
    if not re.fullmatch(r"[0-9A-F]{12}", digits):
        raise Bad(What.NOT_A_MAC)
    return ":".join(digits[n : n + 2] for n in range(0, 12, 2))


def ipv4(cell: str) -> str:
    try:
        return str(ipaddress.IPv4Address(unwrapped(cell)))
    except ValueError:
        raise Bad(What.NOT_AN_IPV4) from None


# -- boleto and Pix ------------------------------------------------------------------------------------------


def linha_digitavel(cell: str) -> str:
    """47 digits of a boleto, or 48 of a collection slip (it begins with 8), with their modulo 10 (or 11) digits."""
    bare = "".join(identifier(cell).replace(".", "").replace("-", "").split())
    if not bare.isdigit() or not bare.isascii() or len(bare) != (48 if bare.startswith("8") else 47):
        raise Bad(What.LINHA_LENGTH)
    if len(bare) == 47:
        fields = bare.encode()
        good = _is_modulo_10(fields[:10]) and _is_modulo_10(fields[10:21]) and _is_modulo_10(fields[21:32])
    elif bare[2] in "67":
        good = all(_is_modulo_10(bare[n : n + 12].encode()) for n in range(0, 48, 12))
    else:
        good = all(_modulo_11(bare[n : n + 11]) == bare[n + 11] for n in range(0, 48, 12))
    if not good:
        raise Bad(What.LINHA_DIGITS)
    return bare


_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")  # a digit times two, and the digits of that added up


def _is_modulo_10(field: bytes) -> bool:
    """Whether a field agrees with its check digit, the last: weights 1, 2, 1, 2, ... from the right make a multiple of
    ten. Bytes: 300,000 boletos of three fields pass here."""
    total = sum(field[::-2]) + sum(field[-2::-2].translate(_DOUBLED)) - 48 * len(field)
    return total % 10 == 0


def _modulo_11(digits: str) -> str:
    rest = sum(int(d) * (2 + n % 8) for n, d in enumerate(reversed(digits))) % 11
    return "0" if rest < 2 else str(11 - rest)


def txid(cell: str) -> str:
    cell = identifier(cell)
    if not (cell.isalnum() and cell.isascii() and len(cell) <= 35):
        raise Bad(What.NOT_A_TXID)
    return cell

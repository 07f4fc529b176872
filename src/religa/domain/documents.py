"""CPF, CNPJ (numeric and alphanumeric) and Pix keys: read, check, write, mask.

A CPF identifies a person, so nothing here puts a whole one into a message or a `repr`: what is printed by
mistake is the masked form. Rules: IN RFB 2.229/2024 for the CNPJ with letters (new registrations only, so
both forms live side by side); the CPF is unchanged; key formats of the DICT API of Banco Central.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "Document",
    "DocumentKind",
    "DocumentProblem",
    "InvalidDocument",
    "InvalidPixKey",
    "PixKey",
    "PixKeyKind",
    "check_digits",
    "parse",
    "parse_pix_key",
]

_CPF = re.compile(r"[0-9]{11}")
_CNPJ = re.compile(r"[0-9A-Z]{12}[0-9]{2}")
_PUNCTUATION = re.compile(r"[\s./\-\N{EN DASH}]")  # the dash of a word processor is taken for a hyphen


class DocumentKind(StrEnum):
    """A person (CPF, 11 digits) or a company (CNPJ, 14 characters)."""

    CPF = "cpf"
    CNPJ = "cnpj"


class DocumentProblem(StrEnum):
    """Why a text is no CPF or CNPJ; the code for programs, `InvalidDocument` says it in words."""

    EMPTY = "empty"
    CHARACTER = "character"
    LENGTH = "length"
    LETTERS = "letters"
    REPEATED = "repeated"
    CHECK_DIGITS = "check_digits"


_WORDS = {
    DocumentProblem.EMPTY: "it is empty",
    DocumentProblem.CHARACTER: "it may have letters A to Z, digits, points, hyphens, slashes and spaces only",
    DocumentProblem.LENGTH: (
        "a CPF has 11 digits and a CNPJ 14 characters (a spreadsheet may have dropped zeros at the start)"
    ),
    DocumentProblem.LETTERS: "a CPF has digits only, and the last two characters of a CNPJ are digits",
    DocumentProblem.REPEATED: "all its digits are the same",
    DocumentProblem.CHECK_DIGITS: "the last two digits do not match the others: something is mistyped",
}


class InvalidDocument(ValueError):
    """A text that is no CPF or CNPJ: `problem` is the code, `reason` the words; never the number itself."""

    def __init__(self, problem: DocumentProblem) -> None:
        self.problem, self.reason = problem, _WORDS[problem]
        super().__init__(f"not a CPF or CNPJ: {self.reason}")


@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """A valid CPF or CNPJ: 11 digits, or 14 characters in upper case, without punctuation.

    Raises `InvalidDocument`, so that no invalid one exists; `parse` is the tolerant way in.
    """

    digits: str

    def __post_init__(self) -> None:
        problem = _problem(self.digits)
        if problem is not None:
            raise InvalidDocument(problem)

    @property
    def kind(self) -> DocumentKind:
        return DocumentKind.CPF if len(self.digits) == 11 else DocumentKind.CNPJ

    @property
    def formatted(self) -> str:
        """`111.444.777-35` or `12.ABC.345/01DE-35`."""
        return _punctuated(self.digits)

    @property
    def masked(self) -> str:
        """What a screen or a log may show: `***.444.777-**` or `**.ABC.345/****-**`."""
        if self.kind is DocumentKind.CPF:
            return _punctuated(f"***{self.digits[3:9]}**")
        return _punctuated(f"**{self.digits[2:8]}******")

    def __repr__(self) -> str:
        return f"<{self.kind.upper()} {self.masked}>"

    __str__ = __repr__


def parse(text: str) -> Document:
    """The document in a text, with or without punctuation and spaces, in either case.

    Short numbers are not padded: a zero dropped by a spreadsheet and a digit forgotten by a person look the
    same. Raises `InvalidDocument`.
    """
    bare = _PUNCTUATION.sub("", text)
    if not bare.isascii():  # before upper(), which turns the foreign letters ı and ſ into I and S
        raise InvalidDocument(DocumentProblem.CHARACTER)
    return Document(bare.upper())


def check_digits(base: str) -> str:
    """The two check digits of 9 digits (CPF) or of 12 digits and upper-case letters (CNPJ).

    Modulo 11; a character counts as its ASCII code less 48, so `A` is 17 and a digit is itself.
    """
    if not re.fullmatch(r"[0-9]{9}|[0-9A-Z]{12}", base):
        raise ValueError("check digits follow 9 digits, or 12 digits and upper-case letters")
    longest = 11 if len(base) == 9 else 9  # weights run 2, 3, ... from the right; a CNPJ's start over after 9
    first = _check_digit(base, longest)
    return first + _check_digit(base + first, longest)


def _check_digit(base: str, longest: int) -> str:
    total = sum((ord(c) - 48) * (2 + i % (longest - 1)) for i, c in enumerate(reversed(base)))
    rest = total % 11
    return "0" if rest < 2 else str(11 - rest)


def _problem(digits: str) -> DocumentProblem | None:
    if not digits:
        return DocumentProblem.EMPTY
    if not re.fullmatch(r"[0-9A-Z]+", digits):
        return DocumentProblem.CHARACTER
    if len(digits) not in (11, 14):
        return DocumentProblem.LENGTH
    if not (_CPF.fullmatch(digits) or _CNPJ.fullmatch(digits)):
        return DocumentProblem.LETTERS
    if len(set(digits)) == 1:  # passes the sum, and is what people type to get past a form
        return DocumentProblem.REPEATED
    return None if check_digits(digits[:-2]) == digits[-2:] else DocumentProblem.CHECK_DIGITS


def _punctuated(bare: str) -> str:
    if len(bare) == 11:
        return f"{bare[:3]}.{bare[3:6]}.{bare[6:9]}-{bare[9:]}"
    return f"{bare[:2]}.{bare[2:5]}.{bare[5:8]}/{bare[8:12]}-{bare[12:]}"


class PixKeyKind(StrEnum):
    """The five kinds of key in the DICT."""

    CPF = "cpf"
    CNPJ = "cnpj"
    PHONE = "phone"
    EMAIL = "email"
    EVP = "evp"


class InvalidPixKey(ValueError):
    """A text that is no Pix key; the message says why and never repeats the key."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"not a Pix key: {reason}")
        self.reason = reason


_PHONE = re.compile(r"\+[1-9][0-9]{1,14}")  # E.164
_BRAZILIAN_PHONE = re.compile(r"\+55[1-9][1-9](?:9[0-9]{8}|[2-9][0-9]{7})")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(rf"[a-z0-9.!#$&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})+")
_EMAIL_MAX = 77
_EVP = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, repr=False)
class PixKey:
    """A Pix key as the DICT spells it: bare document, `+5585999990000`, lower-case e-mail or UUID.

    Made by `parse_pix_key`; the value is not checked again here.
    """

    kind: PixKeyKind
    value: str

    @property
    def masked(self) -> str:
        """`***.444.777-**`, `+55******0000`, `c***@example.com`, `123e4567-****-****-****-************`."""
        if self.kind is PixKeyKind.PHONE:
            return f"{self.value[:3]}{'*' * max(4, len(self.value) - 7)}{self.value[3:][-4:]}"
        if self.kind is PixKeyKind.EMAIL:
            return f"{self.value[0]}***@{self.value.rpartition('@')[2]}"
        if self.kind is PixKeyKind.EVP:
            return f"{self.value[:8]}-****-****-****-************"
        return Document(self.value).masked

    def __repr__(self) -> str:
        return f"<Pix {self.kind.upper()} {self.masked}>"

    __str__ = __repr__


def parse_pix_key(text: str) -> PixKey:
    """The Pix key in a text; its kind follows from its form alone.

    A phone needs its `+` and country code, as in the DICT: without them eleven digits are a CPF, and money
    would go to whoever owns that CPF. Raises `InvalidPixKey`.
    """
    bare = text.strip()
    if "@" in bare:
        return _email_key(bare)
    if bare.startswith("+"):
        return _phone_key("+" + re.sub(r"[\s().\-]", "", bare[1:]))
    if _EVP.fullmatch(bare.lower()):
        return PixKey(PixKeyKind.EVP, bare.lower())
    return _document_key(bare)


def _email_key(value: str) -> PixKey:
    if len(value) > _EMAIL_MAX:
        raise InvalidPixKey(f"an e-mail key has at most {_EMAIL_MAX} characters")
    if not (value.isascii() and _EMAIL.fullmatch(value.lower())):
        raise InvalidPixKey("it has an @ but is not an e-mail address")
    return PixKey(PixKeyKind.EMAIL, value.lower())


def _phone_key(value: str) -> PixKey:
    if not _PHONE.fullmatch(value):
        raise InvalidPixKey("a phone key is + and at most 15 digits, country code first")
    if value.startswith("+55") and not _BRAZILIAN_PHONE.fullmatch(value):
        raise InvalidPixKey("a Brazilian phone is +55, two digits of area code and 8 or 9 digits")
    return PixKey(PixKeyKind.PHONE, value)


def _document_key(bare: str) -> PixKey:
    try:
        document = parse(bare)
    except InvalidDocument as refused:
        others = "a phone key starts with +55 and a random key has 36 characters"
        raise InvalidPixKey(f"{others}; as a CPF or CNPJ: {refused.reason}") from refused
    return PixKey(PixKeyKind(document.kind.value), document.digits)

"""What a request says: a JSON object with known fields, each of its form."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest

from religa.domain import documents, phones
from religa.entrypoints.api.problems import Problem
from religa.wording import Language

_MOST = 16 * 1024  # bytes of a body
_KEY = re.compile(r"[A-Za-z0-9_.:-]{8,64}")
_LANGUAGES = {language.value: language for language in Language}


@dataclass(frozen=True, slots=True)
class Fields:
    values: Mapping[str, Any]
    written_key: str

    @classmethod
    def of(cls, request: HttpRequest) -> Fields:
        """The body of a POST; an empty one has no fields."""
        key = str(request.META.get("HTTP_IDEMPOTENCY_KEY", ""))
        if request.method != "POST":
            return cls({}, key)
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if not length.isdecimal() or int(length[:9]) > _MOST:
            raise Problem("too_large")
        try:
            values = json.loads(request.body or b"{}")
        except (ValueError, RecursionError):
            raise Problem("bad_request") from None
        if not isinstance(values, dict):
            raise Problem("bad_request")
        return cls(values, key)

    @property
    def key(self) -> str:
        """The idempotency key, which must be there."""
        return self.kept_key(self.written_key)

    @staticmethod
    def kept_key(written: str) -> str:
        """A key of the right form."""
        if not _KEY.fullmatch(written):
            raise Problem("bad_request", field="Idempotency-Key")
        return written

    def only(self, *names: str) -> None:
        """No other field: a misspelt one would silently mean nothing."""
        for name in self.values:
            if name not in names:
                raise Problem("bad_request", field=str(name)[:40])

    def text(self, name: str, *, longest: int = 64, required: bool = True) -> str:
        value = self.values.get(name, "")
        if not isinstance(value, str) or not _is_kept(value, longest) or (required and not value.strip()):
            raise Problem("bad_request", field=name)
        return value.strip()

    def one_of(self, name: str, *known: str, default: str = "") -> str:
        value = self.text(name, required=not default) or default
        if value not in known:
            raise Problem("bad_request", field=name)
        return value

    def day(self, name: str) -> date | None:
        value = self.text(name, required=False)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise Problem("bad_request", field=name) from None

    def document(self, name: str) -> str:
        """CPF or CNPJ, with or without its signs."""
        try:
            return documents.parse(self.text(name)).digits
        except documents.InvalidDocument:
            raise Problem("bad_request", field=name) from None

    def number(self, name: str) -> str:
        """A phone number in digits with country code."""
        found = phones.digits_of(self.text(name))
        if not found:
            raise Problem("bad_request", field=name)
        return found

    def pattern(self, name: str, form: str) -> str:
        value = self.text(name).upper()
        if not re.fullmatch(form, value, re.ASCII):
            raise Problem("bad_request", field=name)
        return value

    def language(self) -> Language | None:
        tag = self.text("language", required=False)
        if tag and tag not in _LANGUAGES:
            raise Problem("bad_request", field="language")
        return _LANGUAGES.get(tag)


def _is_kept(text: str, longest: int) -> bool:
    """Whether PostgreSQL keeps such a text: no NUL, no half of a pair of code units."""
    return len(text) <= longest and "\0" not in text and not re.search(r"[\ud800-\udfff]", text)

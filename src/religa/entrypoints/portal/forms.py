"""What the forms of the portal share: the key with which one is taken once, amounts and texts as people write them."""

from __future__ import annotations

import re
import secrets

from django.http import HttpRequest

from religa.domain.money import InvalidAmount, parse_reais
from religa.records.models import Contract

_KEY = re.compile(r"[0-9a-f]{32}")


def new_key() -> str:
    return secrets.token_hex(16)


def key_of(request: HttpRequest) -> str | None:
    """The key that a form was given; None where it has none of ours."""
    key = request.POST.get("chave", "")
    return key if _KEY.fullmatch(key) else None


def own_key(own: Contract, key: str) -> str:
    """Keys of different contracts never meet."""
    return f"portal:{own.pk}:{key}"


def amount(written: str) -> int | None:
    """Centavos; None for a text that is no amount."""
    try:
        return parse_reais(written)
    except InvalidAmount:
        return None


def text(written: str, longest: int) -> str:
    """What a person wrote, without what PostgreSQL cannot keep."""
    return written.replace("\0", "").strip()[:longest]

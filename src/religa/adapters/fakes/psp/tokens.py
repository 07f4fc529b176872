"""OAuth 2 client credentials (RFC 6749 section 4.4): who asks, and what for.

Takes the credentials as PSPs do in their several ways: Basic, or in a form, a JSON body or the query.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from religa.adapters.fakes.psp.ledger import Problem
from religa.adapters.fakes.psp.wire import Answer, Request, json_answer

SCOPES = frozenset(
    f"{name}.{verb}" for name in ("cob", "cobv", "pix", "webhook") for verb in ("read", "write")
)


@dataclass
class Tokens:
    """`secret` "": the client's id alone is enough (as Sicoob, where the certificate says the rest)."""

    client_id: str
    secret: str
    seconds: int = 3_600
    issued: int = 0
    _granted: dict[str, tuple[datetime, frozenset[str]]] = field(default_factory=dict)

    def issue(self, request: Request, *, at: datetime) -> Answer:
        """The token endpoint. Errors as in RFC 6749 section 5.2."""
        said = {**request.parameters, **_said(request), **_basic(request)}
        if said.get("grant_type") != "client_credentials":
            return json_answer({"error": "unsupported_grant_type"}, 400)
        if not self._known(said):
            return json_answer({"error": "invalid_client"}, 401)
        scopes = frozenset(str(said.get("scope", "")).split()) or SCOPES
        if not scopes <= SCOPES:
            return json_answer({"error": "invalid_scope"}, 400)
        # Not an id but a secret: the one thing here that no seed may foretell.
        token = secrets.token_urlsafe(24)
        self.issued += 1
        self._granted[token] = at + timedelta(seconds=self.seconds), scopes
        granted = {"token_type": "Bearer", "expires_in": self.seconds, "scope": " ".join(sorted(scopes))}
        return json_answer({"access_token": token, **granted})

    def refusal(self, request: Request, scope: str, *, at: datetime) -> Problem | None:
        """Why a request may not have what it asks for; None if it may."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        until, scopes = self._granted.get(token, (at, SCOPES))
        if kind.lower() != "bearer" or until <= at:
            return Problem(401, "AcessoNegado", "O token falta, não é conhecido ou venceu.")
        if scope not in scopes:
            return Problem(403, "AcessoNegado", f"O token não tem o escopo {scope}.")
        return None

    def forget(self) -> None:
        """All tokens are void from now on, as after a restart of the PSP."""
        self._granted.clear()

    def _known(self, said: dict[str, Any]) -> bool:
        right = secrets.compare_digest(str(said.get("client_secret", "")).encode(), self.secret.encode())
        return said.get("client_id") == self.client_id and (right or not self.secret)


def _said(request: Request) -> dict[str, Any]:
    if "json" not in request.headers.get("content-type", ""):
        return dict(parse_qsl(request.body.decode("utf-8", "replace")))
    try:
        body = request.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _basic(request: Request) -> dict[str, str]:
    kind, _, coded = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return {}
    try:
        client_id, _, secret = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return {}
    return {"client_id": client_id, "client_secret": secret}

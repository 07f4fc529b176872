"""A bank on paper: what is sent to it must be valid by the standard's own file; it answers what a test tells it.

The file is not part of the project: it lies beside the repository, and a test that needs it fails without.
"""

import json
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import yaml
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest

from religa.adapters.api_pix import PROFILES, Account, ApiPix, http_client
from religa.ports.money import ChargeKind, ChargeRef, Debtor, WantedCharge

SHARED = Path(__file__).parents[4] / "shared" / "pix"
NOW = datetime(2026, 12, 1, 15, tzinfo=UTC)
BASE = "https://bank.test/pix/v2"
TXID = "7978c0c97ea847e78e8849634473c1f1"
KEY = "5f84a4c5-c5cb-4599-9f13-7eb4d419dacc"
PAYMENT = "E00000000202612011430abcdefghijk"
ANA = Debtor("12345678909", "Ana Souza")
REF = ChargeRef(ChargeKind.PIX_COBV, TXID)
COB = ChargeRef(ChargeKind.PIX_COB, TXID)
DUE = date(2026, 12, 10)
WANTED = WantedCharge(ChargeKind.PIX_COBV, TXID, 9990, ANA, due_date=DUE)
AT_ONCE = WantedCharge(ChargeKind.PIX_COB, TXID, 9990, ANA)


@cache
def standard() -> OpenAPI:
    document = yaml.load((SHARED / "openapi.fixed.yaml").read_text(), yaml.CSafeLoader)
    for path in document["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict):
                operation.pop(
                    "security", None
                )  # openapi-core knows nothing of OAuth; `validate` looks itself
    return OpenAPI.from_dict(document, config=Config(spec_validator_cls=None))


def validate(request: httpx.Request, path: str) -> None:
    """Raises what openapi-core finds wrong with it."""
    asked = MockRequest(
        "https://pix.example.com",
        request.method.lower(),
        "/api" + path,
        args=dict(request.url.params),
        data=request.content or None,
        content_type=request.headers.get("content-type", "application/json"),
    )
    assert request.headers["authorization"].startswith("Bearer ")
    standard().validate_request(asked)


def answer(code: int = 200, body: Any = None, **headers: str) -> httpx.Response:
    """`body`: text or octets as they are, everything else as JSON."""
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    return httpx.Response(code, content=b"" if body is None else content, headers=headers)


def charge(**more: Any) -> dict[str, Any]:
    body = {
        "txid": TXID,
        "status": "ATIVA",
        "revisao": 0,
        "calendario": {"criacao": "2026-12-01T12:00:00Z", "dataDeVencimento": "2026-12-10"},
        "valor": {"original": "99.90"},
        "chave": KEY,
        "pixCopiaECola": "000201...",
        "loc": {"id": 7, "location": "bank.test/v2/cobv/abc"},
    }
    return body | more


def pix(**more: Any) -> dict[str, Any]:
    return {
        "endToEndId": PAYMENT,
        "txid": TXID,
        "valor": "99.90",
        "chave": KEY,
        "horario": "2026-12-01T14:30:05.123Z",
    } | more


@dataclass
class Bank(httpx.BaseTransport):
    """Answers each call with the next of `answers`; an exception among them is what the wire does then."""

    answers: deque[httpx.Response | Exception] = field(default_factory=deque)
    tokens: deque[httpx.Response | Exception] = field(default_factory=deque)
    calls: list[httpx.Request] = field(default_factory=list)
    token_calls: list[httpx.Request] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    seconds: float = 1000.0
    now: datetime = NOW

    def will(self, *answers: httpx.Response | Exception) -> "Bank":
        self.answers.extend(answers)
        return self

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        if "oauth" in request.url.path:
            return self._token(request)
        path = request.url.raw_path.decode().partition("?")[0].partition("/v2")[2]
        validate(request, unquote(path))
        self.calls.append(request)
        return _given(self.answers.popleft())

    def _token(self, request: httpx.Request) -> httpx.Response:
        self.token_calls.append(request)
        if self.tokens:
            return _given(self.tokens.popleft())
        return answer(200, {"access_token": f"t{len(self.token_calls)}", "expires_in": 3600})

    @property
    def heard(self) -> list[str]:
        """`PUT /cobv/...` of each call, without the query."""
        return [f"{call.method} {call.url.path.removeprefix('/pix/v2')}" for call in self.calls]

    def sent(self, number: int = -1) -> Any:
        return json.loads(self.calls[number].content)

    def account(self, profile: str = "generic", **more: Any) -> ApiPix:
        settings = {
            "client_id": "ana-internet",
            "client_secret": "s3cret",
            "pix_key": KEY,
            "base_url": BASE,
            "token_url": "https://bank.test/oauth/token",
        }
        return ApiPix(
            Account(profile=PROFILES[profile], **(settings | more)),
            http_client(True, transport=self),
            now=lambda: self.now,
            monotonic=lambda: self.seconds,
            sleep=self.slept.append,
        )


def _given(answered: httpx.Response | Exception) -> httpx.Response:
    if isinstance(answered, Exception):
        raise answered
    return answered

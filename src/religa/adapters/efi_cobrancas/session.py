"""Calls Efí over HTTPS: the access token, what is repeated and what is not, and what an answer is.

Nothing raises and nothing secret is logged: paths hold only the bank's own numbers.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import httpx

from religa.adapters.efi_cobrancas.settings import Settings
from religa.ports.money import BankRefused, BankUnreachable, NoAnswer, NotFound

logger = logging.getLogger(__name__)
EARLY = 30  # seconds before its end at which a token is renewed
# Not an answer to the question: the same question may be answered later.
LATER = frozenset({408, 425, 429})
Json = dict[str, Any]


class Session:
    """Keeps one connection pool and one access token. `monotonic` and `sleep` are those of `time`."""

    def __init__(
        self,
        settings: Settings,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings, self._monotonic, self._sleep = settings, monotonic, sleep
        self._http = httpx.Client(base_url=settings.base_url, timeout=settings.timeout)
        self._lock = threading.Lock()
        self._token, self._token_until = "", 0.0

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Json | NotFound | NoAnswer:
        """Repeated if nothing comes."""
        return self._repeated(lambda: self._asked("GET", path, query=query))

    def put(self, path: str, body: Json | None = None) -> Json | NotFound | NoAnswer:
        """Repeated if nothing comes: what it sets, it sets once."""
        return self._repeated(lambda: self._asked("PUT", path, body=body))

    def post_once(self, path: str, body: Json) -> Json | NotFound | NoAnswer:
        """Never repeated: Efí has no idempotency key, and what got no answer may have been done."""
        return self._asked("POST", path, body=body)

    def _repeated(self, ask: Callable[[], Json | NotFound | NoAnswer]) -> Json | NotFound | NoAnswer:
        pause, answer = self._settings.pause, ask()
        for _ in range(self._settings.tries - 1):
            if not isinstance(answer, BankUnreachable):
                break
            self._sleep(pause)
            pause, answer = pause * 2, ask()
        return answer

    def _asked(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: Json | None = None,
    ) -> Json | NotFound | NoAnswer:
        """One question. A token that Efí no longer takes is renewed once; it refused, so nothing was done."""
        answer = self._with_token(method, path, query, body)
        if isinstance(answer, BankRefused) and answer.code == 401 and self._token:
            self._token = ""
            answer = self._with_token(method, path, query, body)
        return answer

    def _with_token(
        self, method: str, path: str, query: Mapping[str, str | int] | None, body: Json | None
    ) -> Json | NotFound | NoAnswer:
        token = self._valid_token()
        if not isinstance(token, str):
            return token
        headers = {"Authorization": f"Bearer {token}"}
        return self._send(self._http.build_request(method, path, params=query, json=body, headers=headers))

    def _valid_token(self) -> str | NoAnswer:
        with self._lock:
            if self._token and self._monotonic() < self._token_until:
                return self._token
            answer = self._repeated(self._authorized)
            if isinstance(answer, NotFound):
                return BankUnreachable("POST /v1/authorize answers 404: this is not Efí's API Cobranças")
            if isinstance(answer, BankRefused | BankUnreachable):
                return answer
            return self._keep_token(answer)

    def _authorized(self) -> Json | NotFound | NoAnswer:
        """OAuth2 client credentials (RFC 6749 section 4.4) over HTTP Basic, the grant in a JSON body."""
        who = httpx.BasicAuth(self._settings.client_id, self._settings.client_secret)
        request = self._http.build_request("POST", "/v1/authorize", json={"grant_type": "client_credentials"})
        return self._send(next(who.sync_auth_flow(request)))

    def _keep_token(self, answer: Json) -> str | NoAnswer:
        token, lasts = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token:
            return BankUnreachable("POST /v1/authorize: the answer has no access token")
        lasts = lasts if isinstance(lasts, int) else 0
        self._token, self._token_until = token, self._monotonic() + lasts - EARLY
        return token

    def _send(self, request: httpx.Request) -> Json | NotFound | NoAnswer:
        where = f"{request.method} {request.url.path}"
        try:
            response = self._http.send(request)
        except (httpx.HTTPError, httpx.StreamError) as problem:
            logger.info("Efí does not answer %s: %s", _shown(where), type(problem).__name__)
            return BankUnreachable(f"{_shown(where)}: {type(problem).__name__}")
        return understood(_shown(where), response.status_code, response.content)


def understood(where: str, status: int, content: bytes) -> Json | NotFound | NoAnswer:
    """What an answer means. Only a JSON object says anything: a page of a proxy is no answer, whatever its status."""
    body = _parsed(content)
    if status == 404 and body is not None:
        return NotFound()
    if status in LATER or status >= 500 or status < 200 or 300 <= status < 400:
        return BankUnreachable(f"{where}: HTTP {status}")
    if body is None:
        return BankUnreachable(f"{where}: HTTP {status} without a JSON object")
    if status >= 400:
        return _refused(status, body)
    return body


def _parsed(content: bytes) -> Json | None:
    try:
        found = json.loads(content, parse_float=Decimal, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _refused(status: int, body: Json) -> BankRefused:
    """`{"code": 3500034, "error": "validation_error", "error_description": {"property": ..., "message": ...}}`."""
    description = body.get("error_description")
    described = description if isinstance(description, dict) else {}
    said = described.get("message") or (description if isinstance(description, str) else "") or ""
    place, name = described.get("property"), body.get("error")
    words = ": ".join(_harmless(part) for part in (name, said) if part)
    return BankRefused(status, words or "no reason given", (_harmless(place),) if place else ())


def _harmless(text: object) -> str:
    """At most 200 characters, without documents and other long numbers."""
    return re.sub(r"[0-9][0-9./-]{9,}", "…", str(text))[:200]


def _shown(where: str) -> str:
    """Without the token of a notification, by which anybody with our key would find its charge."""
    return re.sub(r"(/notification/).+", r"\1…", where)

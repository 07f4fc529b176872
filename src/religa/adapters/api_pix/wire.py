"""One exchange with a bank: an answer, a refusal or silence, whatever comes over the wire. Nothing is raised.

Errors are RFC 7807 (`violacoes[]` beside it) on paper; a 500 may be SOAP or an HTML page (bacen/pix-api issue 535).
"""

from __future__ import annotations

import email.utils
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from religa.adapters.api_pix import reading
from religa.ports.money import BankRefused, BankUnreachable, NoAnswer

TIMEOUT = 10.0  # seconds to connect, to write and between two pieces of an answer
TRIES = 3
FIRST_WAIT = 0.5  # seconds; each further one is twice as long
LONGEST_WAIT = 20.0  # a bank that wants more is asked later, by a job
_SAID = 300  # characters of an error's own words that are kept
_BUSY = frozenset({408, 425, 429})

for _name in ("httpx", "httpcore"):  # they write down every address, in which there are keys and documents
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Request:
    """`again`: whether asking twice is the same as asking once."""

    method: str
    url: str
    again: bool
    body: Any = None
    form: dict[str, str] | None = None
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """A 2xx; `body` is what its JSON holds, None for an empty one."""

    code: int
    body: Any


@dataclass(frozen=True, slots=True)
class _Silence:
    """No use can be made of it now; `wait`: what the bank asks for, in seconds."""

    error: str
    wait: float | None = None


Outcome = Answered | NoAnswer


class Wire:
    """Keeps its connections open: a handshake with certificates costs more than most questions."""

    def __init__(
        self,
        client: httpx.Client,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client, self._now, self._sleep = client, now, sleep

    def ask(self, request: Request) -> Outcome:
        """Repeats after growing waits, if that is harmless."""
        for repeated in range(TRIES):
            outcome = self._once(request)
            if not isinstance(outcome, _Silence):
                return outcome
            pause = FIRST_WAIT * 2**repeated if outcome.wait is None else outcome.wait
            if not request.again or repeated + 1 == TRIES or pause > LONGEST_WAIT:
                return BankUnreachable(outcome.error)
            self._sleep(pause)
        raise AssertionError("the last try returns")

    def _once(self, request: Request) -> Outcome | _Silence:
        try:
            response = self._client.request(
                request.method,
                request.url,
                params=request.query or None,
                json=request.body,
                data=request.form,
                headers=request.headers,
            )
        except (httpx.InvalidURL, ValueError) as why:  # an address or a header that cannot be
            return BankRefused(0, f"not asked: {type(why).__name__} in the account's settings")
        except (httpx.HTTPError, OSError) as why:
            return _Silence(f"{type(why).__name__}: {why}"[:_SAID])
        return self._understood(response)

    def _understood(self, response: httpx.Response) -> Outcome | _Silence:
        code = response.status_code
        if code in _BUSY or code >= 500:
            return _Silence(f"HTTP {code}: {_said(response)}"[:_SAID], self._wanted_wait(response))
        if not 200 <= code < 300:
            return BankRefused(code, _said(response), _violations(response))
        if not response.content.strip():
            return Answered(code, None)
        try:
            return Answered(code, reading.document(response.content))
        except reading.Unreadable:
            return _Silence(f"HTTP {code}: the answer is no JSON")

    def _wanted_wait(self, response: httpx.Response) -> float | None:
        """Retry-After (RFC 9110 section 10.2.3): seconds or a date."""
        wanted = response.headers.get("retry-after", "").strip()
        if wanted.isascii() and wanted.isdigit():
            return float(wanted[:9])
        try:
            until = email.utils.parsedate_to_datetime(wanted)
            return max(0.0, (until - self._now()).total_seconds())
        except (ValueError, TypeError, IndexError, OverflowError):  # none, nonsense, or a date without a zone
            return None


def _problem(response: httpx.Response) -> reading.Json:
    try:
        return reading.obj(reading.document(response.content))
    except reading.Unreadable:
        return {}


def _said(response: httpx.Response) -> str:
    """A bank's own words, shortened; of a page or an envelope only what kind of thing came."""
    problem = _problem(response)
    names = ("title", "detail", "error_description", "message", "mensagem", "error")
    words = [word for word in (reading.text(problem.get(name)) for name in names) if word]
    if words:
        return ": ".join(dict.fromkeys(words))[:_SAID]
    if not response.content.strip():
        return "an empty answer"
    return f"an answer of {response.headers.get('content-type', 'no stated type')[:60]}"


def _violations(response: httpx.Response) -> tuple[str, ...]:
    """`propriedade: razao` of each violation. Not its `valor`, which may be somebody's CPF."""
    found = (reading.obj(each) for each in reading.items(_problem(response).get("violacoes")))
    pairs = ((reading.text(each.get("propriedade")), reading.text(each.get("razao"))) for each in found)
    return tuple(": ".join(filter(None, pair))[:_SAID] for pair in pairs if any(pair))

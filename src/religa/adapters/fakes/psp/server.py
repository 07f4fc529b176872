"""The fake PSP as a server: API Pix 2.9.0 over HTTP, calls to webhooks, and mischief on demand."""

from __future__ import annotations

import ssl
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from religa.adapters.fakes.psp import api, driving, memory, prices, wire
from religa.adapters.fakes.psp.deeds import KEY, WEEKENDS_ONLY, Deeds, utc_now
from religa.adapters.fakes.psp.deliveries import Deliveries
from religa.adapters.fakes.psp.ledger import Payee, Problem
from religa.adapters.fakes.psp.mischief import NONE, Dice, Mischief
from religa.adapters.fakes.psp.prices import Price
from religa.adapters.fakes.psp.specification import Specification
from religa.adapters.fakes.psp.tokens import Tokens
from religa.adapters.fakes.psp.wire import Answer, Request
from religa.domain.calendar import Calendars

_XML = (
    b'<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    b"<soap:Fault><faultcode>soap:Server</faultcode><faultstring>Internal Error</faultstring></soap:Fault>"
    b"</soap:Body></soap:Envelope>"
)
FAILED = Answer(500, _XML, "text/xml; charset=utf-8")


class FakePsp(Deeds):
    """A PSP on this machine, from `with` (or `start`) to its end. It moves no money.

    `url`: base of the API (any other base works too, as each PSP has its own); `token_url`: of OAuth. `keys`: the
    receiver's Pix keys. `calendars`: its zone and bank holidays; `price`: what an overdue `cobv` costs on a day, by
    default as the Manual counts. `tls`: of the server, with `verify_mode` where clients have to show a certificate;
    `webhook_tls`: of its calls. `specification`: the OpenAPI file, against which every request is then held (needs
    openapi-core). `seed` goes into all ids: runs that share a receiver need different ones. `books`: a file that keeps
    charges and money from one run to the next, written after each change that comes over HTTP and at the end (slow:
    not for benchmarks); without it all is forgotten. Raises `memory.Unreadable` for a file that is something else.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        client_id: str = "religa",
        secret: str = "segredo",
        token_seconds: int = 3_600,
        keys: tuple[str, ...] = (KEY,),
        payee: Payee = Payee(),  # noqa: B008 - frozen
        now: Callable[[], datetime] = utc_now,
        calendars: Calendars = WEEKENDS_ONLY,
        price: Price = prices.of_the_manual,
        mischief: Mischief = NONE,
        tls: ssl.SSLContext | None = None,
        webhook_tls: ssl.SSLContext | None = None,
        specification: Path | None = None,
        seed: str = "",
        senders: int = 1,
        books: Path | None = None,
    ) -> None:
        super().__init__(
            keys=keys,
            payee=payee,
            now=now,
            calendars=calendars,
            price=price,
            mischief=mischief,
            seed=seed,
            deliveries=lambda plan: Deliveries(plan=plan, tls=webhook_tls, senders=senders),
        )
        self.tokens = Tokens(client_id, secret, token_seconds)
        self.requests = 0
        self._specification = None if specification is None else Specification(specification)
        self._dice = Dice()
        self._books = books
        if books is not None:
            memory.load(self.account, books)
        self._server = wire.Server(self._handle, host, port, tls)

    def __enter__(self) -> FakePsp:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Raises `OSError` if the port is taken."""
        self._server.start()
        self.deliveries.start()

    def stop(self) -> None:
        self._server.stop()
        self.deliveries.stop()
        self._keep_books()

    @property
    def root(self) -> str:
        """Scheme, host and port."""
        scheme = "http" if self._server.tls is None else "https"
        return f"{scheme}://{self._server.host}:{self._server.port}"

    @property
    def url(self) -> str:
        return f"{self.root}/api"

    @property
    def token_url(self) -> str:
        return f"{self.root}/oauth/token"

    def pay_page(self, txid: str) -> str:
        """Where a person pays a charge."""
        return f"{self.root}{driving.PREFIX}pagar/{txid}"

    def _handle(self, request: Request) -> Answer:
        with self.lock:
            try:
                answer = self._answer(request)
                if request.method != "GET":
                    self._keep_books()
                return answer
            except (
                Exception
            ):  # a fault of the fake's own: the client gets an answer, the developer the reason
                traceback.print_exc(file=sys.stderr)
                return api.refused(Problem(500, "ErroInternoDoServidor", "Erro do PSP de mentira."))

    def _keep_books(self) -> None:
        if self._books is not None:
            memory.save(self.account, self._books)

    def _answer(self, request: Request) -> Answer:
        if request.path.startswith(driving.PREFIX):
            return driving.answer(self, self.tokens, request)
        if request.path.endswith("/oauth/token") and request.method == "POST":
            return self.tokens.issue(request, at=self.now())
        self.requests += 1
        answer = self._mishap() or self._api(request)
        late = self.mischief.slow_ms
        return replace(answer, after_ms=late) if late and answer.after_ms == 0 else answer

    def _mishap(self) -> Answer | None:
        if self.hangs_left:
            self.hangs_left -= 1
            return wire.NEVER
        if self.fails_left:
            self.fails_left -= 1
            return FAILED
        return FAILED if self._dice.strikes(self.mischief, "fail", self.mischief.fail_pct) else None

    def _api(self, request: Request) -> Answer:
        parts, at = api.path_in(request.path), self.now()
        found = api.operation(request.method, parts)
        if isinstance(found, Problem):
            return api.refused(found)
        scope, operation = found
        problem = self.tokens.refusal(request, scope, at=at)
        if problem is None and self._specification is not None:
            problem = self._specification.breach(request, parts)
        if problem is not None:
            return api.refused(problem)
        return operation(api.Call(self.account, request, at, api.arguments(parts)))

"""A stand-in for Efí's API Cobranças: its HTTP on a real socket, charges that are kept, notifications, and faults.

    with FakeEfi() as efi:
        account = wiring.efi_cobrancas(client_id=..., client_secret=..., base_url=efi.base_url)
        efi.pay(charge_id)

Our reading of Efí's documentation and SDKs, not Efí (docs/operators/efi.md). Whoever asks it to has paid.
"""

from __future__ import annotations

import base64
import itertools
import json
import queue
import re
import secrets
import threading
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from religa.adapters.fakes.efi_charges import Charge, Json, Refused, check

ZONE = ZoneInfo("America/Sao_Paulo")
FORM = "application/x-www-form-urlencoded"
_HTML = b"<html><body><h1>500 Internal Server Error</h1></body></html>"
_XML = b'<?xml version="1.0"?><error><code>500</code></error>'

Kind = Literal["html", "xml", "html_ok", "cut", "lost", "busy", "unauthorized", "refused"]


@dataclass
class Fault:
    """What goes wrong with the next `times` requests whose `METHOD /path` has `where` in it (None: for ever).

    `html`, `xml`: a 500 that is no JSON, nothing done. `html_ok`: the same as a 200. `cut`: the connection is closed,
    nothing done. `lost`: done, and the answer is a 500. `busy`: 429. `unauthorized`: 401. `refused`: 400.
    """

    kind: Kind
    where: str = ""
    times: int | None = 1


@dataclass(frozen=True)
class Posted:
    """One notification as it was sent."""

    url: str
    body: bytes
    content_type: str = FORM


def _now() -> datetime:
    return datetime.now(ZONE)


class FakeEfi:
    """`bolix`: charges get a Pix code, as the account at Efí may have it. `sparse`: lists leave out what was paid, as
    Efí's have been seen to do. `copies`: how often each notification is posted; 0 loses them. `longest_page`: of
    a list, whatever is asked. `requests`: what came
    (`METHOD /path?query`, body). `posted`: the notifications sent."""

    def __init__(
        self, *, now: Callable[[], datetime] = _now, bolix: bool = True, sparse: bool = False
    ) -> None:
        self._now, self.bolix, self.sparse = now, bolix, sparse
        self.client_id, self.client_secret = "Client_Id_fake", secrets.token_hex(8)
        self.copies, self.longest_page = 1, 100
        self.faults: list[Fault] = []
        self.requests: list[tuple[str, Any]] = []
        self.posted: list[Posted] = []
        self.charges: dict[int, Charge] = {}
        self.tokens: set[str] = set()
        self.lock = threading.RLock()
        self._ids = itertools.count(700_000_001)
        self._held: list[Posted] | None = None
        self._outgoing: queue.Queue[Posted | None] = queue.Queue()

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"efi": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}"
        serve = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._threads = (serve, threading.Thread(target=self._post_all, daemon=True))
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._outgoing.put(None)
        self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            thread.join()

    # --- what subscribers, banks and people in Efí's panel do

    def pay(self, charge_id: int | str, amount: int | None = None, *, on: date | None = None) -> None:
        """The boleto or its Pix is paid; `on`: on an earlier day, of which Efí hears only now. Also one that was
        cancelled: a bank may have taken the money before it heard. Raises `ValueError` if it was paid already."""
        charge = self._charge(charge_id)
        if charge.paid_at is not None:
            raise ValueError(f"charge {charge_id} is paid")
        at = self._at()
        charge.paid_value = charge.total if amount is None else amount
        charge.paid_at, charge.received_on = at, on or at.date()
        more = {"value": charge.paid_value, "received_by_bank_at": str(charge.received_on)}
        self._change(charge, "paid", "Pagamento efetuado", **more)

    def identify(self, charge_id: int | str) -> None:
        """Efí has seen money and does not yet vouch for it."""
        self._change(self._charge(charge_id), "identified", "Pagamento identificado")

    def refund(self, charge_id: int | str) -> None:
        self._change(self._charge(charge_id), "refunded", "Cobrança devolvida")

    def contest(self, charge_id: int | str) -> None:
        self._change(self._charge(charge_id), "contested", "Pagamento contestado")

    def uphold(self, charge_id: int | str) -> None:
        """A contest ends in favour of the provider."""
        self._change(self._charge(charge_id), "paid", "Contestação encerrada")

    def overdue(self, charge_id: int | str) -> None:
        self._change(self._charge(charge_id), "unpaid", "Cobrança inadimplente")

    def expire(self, charge_id: int | str) -> None:
        self._change(self._charge(charge_id), "expired", "Cobrança baixada por decurso de prazo")

    def settle(self, charge_id: int | str) -> None:
        """Somebody marks it as paid by hand; no money came."""
        self._change(self._charge(charge_id), "settled", "Cobrança marcada como paga")

    # --- notifications

    def hold(self) -> None:
        """Notifications wait for `release`."""
        self._held = []

    def release(self, *, backwards: bool = False) -> None:
        """Those that waited go out, the last one first if `backwards`."""
        held, self._held = self._held or [], None
        for one in reversed(held) if backwards else held:
            self._send(one)

    def resend(self) -> None:
        """Again for each charge whose newest entry nobody has asked for: so Efí does until somebody has."""
        for charge in self.charges.values():
            if charge.seen < len(charge.history):
                self._notify(charge)

    def flush(self) -> None:
        """Returns when all that was sent has arrived, or failed to."""
        self._outgoing.join()

    # --- inside

    def _at(self) -> datetime:
        return self._now().astimezone(ZONE)

    def _charge(self, charge_id: int | str) -> Charge:
        return self.charges[int(charge_id)]

    def _change(self, charge: Charge, status: str, message: str, **more: Any) -> None:
        with self.lock:
            charge.becomes(status, self._at(), message, **more)
        self._notify(charge)

    def _notify(self, charge: Charge) -> None:
        url = charge.metadata.get("notification_url")
        if url:
            body = urllib.parse.urlencode({"notification": charge.token}).encode()
            for _ in range(self.copies):
                self._send(Posted(url, body))

    def _send(self, one: Posted) -> None:
        if self._held is not None:
            self._held.append(one)
            return
        self.posted.append(one)
        self._outgoing.put(one)

    def _post_all(self) -> None:
        while (one := self._outgoing.get()) is not None:
            try:
                request = urllib.request.Request(one.url, one.body, {"Content-Type": one.content_type})
                urllib.request.urlopen(request, timeout=5).close()
            except (OSError, ValueError):
                pass  # `resend` comes back to it
            finally:
                self._outgoing.task_done()

    def fault_of(self, asked: str) -> Fault | None:
        """The fault that this request meets; it is then used up."""
        with self.lock:
            for fault in self.faults:
                if fault.where in asked and fault.times != 0:
                    fault.times = None if fault.times is None else fault.times - 1
                    return fault
        return None

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        """The data of an answer. Raises `Refused` (400) and `KeyError` (404)."""
        with self.lock:
            if (method, path) == ("POST", "/v1/charge/one-step"):
                return {"data": self._issue(body)}
            if (method, path) == ("GET", "/v1/charges"):
                return self._list(query)
            if found := re.fullmatch(r"/v1/notification/([^/]+)", path):
                return {"data": self._history(found[1])}
            return self._of_charge(method, path, body)

    def _of_charge(self, method: str, path: str, body: Any) -> Json:
        found = re.fullmatch(r"/v1/charge/([0-9]+)(/cancel|/billet)?", path)
        if found is None:
            raise KeyError(path)
        charge = self.charges[int(found[1])]
        if method == "GET" and found[2] is None:
            return {"data": charge.detailed()}
        return self._cancel(charge) if found[2] == "/cancel" else self._move(charge, body)

    def _issue(self, body: Any) -> Json:
        check(body, self._at().date())
        charge = Charge(next(self._ids), body, self._at(), self.bolix)
        self.charges[charge.id] = charge
        self._change(charge, "new", "Cobrança criada")
        self._change(charge, "waiting", "Pagamento via boleto aguardando confirmação")
        return charge.created()

    def _list(self, query: dict[str, str]) -> Json:
        if query.get("charge_type") not in ("billet", "carnet", "card", "subscription"):
            raise Refused("charge_type inválido.", "/charge_type")
        first, last = _day(query, "begin_date"), _day(query, "end_date")
        limit, page = min(int(query.get("limit", 25)), self.longest_page), int(query.get("page", 1))
        found = [charge for charge in self.charges.values() if self._is_listed(charge, query, first, last)]
        shown = [charge.listed(sparse=self.sparse) for charge in found[(page - 1) * limit : page * limit]]
        pagination = {"limit": limit, "offset": 0, "page": page}
        return {
            "data": shown,
            "params": {"begin_date": str(first), "end_date": str(last), "pagination": pagination},
        }

    def _is_listed(self, charge: Charge, query: dict[str, str], first: date, last: date) -> bool:
        day = charge.day_of(query.get("date_of", "creation"))
        wanted = query.get("custom_id") in (None, charge.metadata.get("custom_id"))
        return query["charge_type"] == "billet" and wanted and day is not None and first <= day <= last

    def _history(self, token: str) -> list[Json]:
        charge = next((charge for charge in self.charges.values() if charge.token == token), None)
        if charge is None:
            raise KeyError(token)
        charge.seen = len(charge.history)
        return charge.history

    def _cancel(self, charge: Charge) -> Json:
        if charge.status not in ("new", "waiting", "unpaid", "identified"):
            raise Refused(
                f"Não é possível cancelar: a cobrança está {charge.status}.", error="invalid_charge_status"
            )
        self._change(charge, "canceled", "Cobrança cancelada")
        return {}

    def _move(self, charge: Charge, body: Any) -> Json:
        if charge.status not in ("waiting", "unpaid") or set(body or {}) != {"expire_at"}:
            raise Refused("Não é possível alterar a cobrança.", error="invalid_charge_status")
        if date.fromisoformat(body["expire_at"]) < self._at().date():
            raise Refused("A data de vencimento já passou.", "/expire_at")
        charge.billet["expire_at"] = body["expire_at"]
        return {}


def _day(query: dict[str, str], name: str) -> date:
    try:
        return date.fromisoformat(query[name])
    except (KeyError, ValueError):
        raise Refused(f"{name} é obrigatório.", f"/{name}") from None


class _Handler(BaseHTTPRequestHandler):
    efi: FakeEfi
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body go out apart; the kernel would wait 40 ms between them

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._handle()

    def do_PUT(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def _handle(self) -> None:
        octets = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = f"{self.command} {self.path}"
        try:
            body = json.loads(octets) if octets else None
        except ValueError:
            return self._say(400, {"code": 400, "error": "bad_request", "error_description": "JSON"})
        self.efi.requests.append((asked, body))
        fault = self.efi.fault_of(asked)
        if fault is not None and fault.kind != "lost":
            return self._fail(fault)
        status, answer = self._answer(body)
        return self._fail(fault) if fault is not None else self._say(status, answer)

    def _answer(self, body: Any) -> tuple[int, Json]:
        url = urllib.parse.urlsplit(self.path)
        if url.path == "/v1/authorize":
            return self._authorize(body)
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in self.efi.tokens:
            return 401, {"error": "unauthorized", "error_description": "O token é inválido ou expirou."}
        try:
            query = dict(urllib.parse.parse_qsl(url.query))
            return 200, {"code": 200} | self.efi.answer(self.command, url.path, query, body)
        except Refused as no:
            said = {"property": no.place, "message": no.message} if no.place else no.message
            return 400, {"code": 3500034, "error": no.error, "error_description": said}
        except KeyError:
            return 404, {"code": 3500010, "error": "not_found", "error_description": "Não encontrado."}

    def _authorize(self, body: Any) -> tuple[int, Json]:
        pair = f"{self.efi.client_id}:{self.efi.client_secret}".encode()
        right = f"Basic {base64.b64encode(pair).decode()}"
        if self.headers.get("Authorization") != right or body != {"grant_type": "client_credentials"}:
            return 401, {"error": "invalid_client", "error_description": "Credenciais inválidas."}
        token = secrets.token_urlsafe(16)
        self.efi.tokens.add(token)
        return 200, {"access_token": token, "expires_in": 600, "token_type": "Bearer"}

    def _fail(self, fault: Fault) -> None:
        if fault.kind == "cut":
            self.close_connection = True
        elif fault.kind == "busy":
            self._say(429, {"code": 429, "error": "too_many_requests"})
        elif fault.kind == "unauthorized":
            self._say(401, {"error": "unauthorized"})
        elif fault.kind == "refused":
            self._say(400, {"code": 3500000, "error": "refused", "error_description": "Recusado pelo teste."})
        else:
            octets = _XML if fault.kind == "xml" else _HTML
            self._write(200 if fault.kind == "html_ok" else 500, octets, "text/html")

    def _say(self, status: int, answer: Json) -> None:
        self._write(status, json.dumps(answer).encode(), "application/json")

    def _write(self, status: int, octets: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

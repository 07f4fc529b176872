"""A stand-in for a MikroTik router: its API protocol on a real socket, a few of its menus, and faults on demand.

It is our reading of the manual, not RouterOS. Tables are kept as the router prints them; tests look at them, and
`dial` and `reboot` do what subscribers and power cuts do.
"""

from __future__ import annotations

import itertools
import socketserver
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from religa.adapters.fakes.routeros_words import Attributes, Sentence, Words, matches, sentence

Row = dict[str, str]

_WRITES = frozenset({"print", "add", "set", "remove", "enable", "disable"})
MENUS = {
    "/ppp/secret": _WRITES,
    "/ppp/profile": _WRITES - {"enable", "disable"},
    "/ppp/active": frozenset({"print", "remove"}),
    "/ip/firewall/address-list": _WRITES,
    "/queue/simple": _WRITES,
}
FIELDS = {
    "/ppp/secret": {"name", "password", "service", "profile", "remote-address", "comment", "disabled"},
    "/ppp/profile": {"name", "rate-limit", "address-list", "comment"},
    "/ip/firewall/address-list": {"list", "address", "comment", "disabled"},
    "/queue/simple": {"name", "target", "max-limit", "comment", "disabled"},
}
UNIQUE = {
    "/ppp/secret": (("name", "service"), "failure: secret with the same name already exists"),
    "/ppp/profile": (("name",), "failure: profile with the same name already exists"),
    "/ip/firewall/address-list": (("list", "address"), "failure: already have such entry"),
    "/queue/simple": (("name",), "failure: already have device with such name"),
}

Kind = Literal["trap", "fatal", "cut", "hang", "garbage", "slow", "drip"]


@dataclass
class Fault:
    """`command` as on the wire (``/ppp/secret/set``, ``/login``; empty: any), `where` what its row holds.

    `cut`: the command is done and half of its answer sent. `after` commands pass first; `times` None: for ever.
    """

    kind: Kind
    command: str = ""
    where: Row = field(default_factory=dict)
    message: bytes = b"failure: of the test"
    octets: bytes = b"\xff\xfe\x00HTTP/1.1 400 Bad Request\r\n\r\n"
    seconds: float = 0.0
    after: int = 0
    times: int | None = None

    def strikes(self, command: str, row: Row) -> bool:
        fits = self.command in ("", command) and all(row.get(k) == v for k, v in self.where.items())
        if not fits or self.times == 0:
            return False
        if self.after:
            self.after -= 1
            return False
        self.times = None if self.times is None else self.times - 1
        return True


class Refused(Exception):
    """Becomes a ``!trap``."""


class RouterOs:
    """Started by `with`. `sentences` and `turns` (waits for input) count what the client did, log-ins apart."""

    def __init__(self, *, username: str = "religa", password: str = "pw", tls: Any = None) -> None:
        self.username, self.password, self.tls = username, password, tls
        self.faults: list[Fault] = []
        self.sentences: list[Sentence] = []
        self.turns = self.logins = 0
        self.redials = False
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self._tables: dict[str, dict[str, Row]] = {menu: {} for menu in MENUS}
        self._in_force: dict[str, str] = {}  # session: the profile that it came up with
        self._ids, self._hosts = itertools.count(1), itertools.count(10)
        self.add("/ppp/profile", name="default")

    def __enter__(self) -> RouterOs:
        self._server = _Server(self)
        self.host, self.port = self._server.server_address[:2]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self.cut()
        self._server.server_close()

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._server.open)

    # what tests do and see

    def rows(self, menu: str, **where: str) -> list[Row]:
        with self.lock:
            found = [{".id": id, **row} for id, row in self._tables[menu].items()]
        return [row for row in found if all(row.get(k.replace("_", "-")) == v for k, v in where.items())]

    def row(self, menu: str, **where: str) -> Row:
        (found,) = self.rows(menu, **where)
        return found

    def add(self, menu: str, **row: str) -> str:
        """A row that was there before anybody connected; ``_`` stands for ``-``."""
        with self.lock:
            return self._add(menu, {name.replace("_", "-"): value for name, value in row.items()})

    def amend(self, menu: str, id: str, **said: str) -> None:
        """A person at the router changes a row."""
        with self.lock:
            self._set(menu, id, {name.replace("_", "-"): value for name, value in said.items()})

    def erase(self, menu: str, id: str) -> None:
        """A person deletes a row, or a subscriber hangs up."""
        with self.lock:
            self._down(id) if menu == "/ppp/active" else self._remove(menu, id)

    def fail(self, kind: Kind, command: str = "", **how: Any) -> Fault:
        self.faults.append(Fault(kind, command, **how))
        return self.faults[-1]

    def dial(self, login: str) -> str | None:
        """The subscriber's equipment dials; its address, or None if it is not let in."""
        with self.lock:
            secrets = [row for row in self._tables["/ppp/secret"].values() if row["name"] == login]
            if not secrets or secrets[0]["disabled"] == "true":
                return None
            return self._up(secrets[0])

    def profile_in_force(self, login: str) -> str | None:
        """The profile under which the session of a log-in came up."""
        sessions = self.rows("/ppp/active", name=login)
        return self._in_force[sessions[0][".id"]] if sessions else None

    def reboot(self) -> None:
        """What is not configuration is gone, and so are the connections."""
        with self.lock:
            for id in list(self._tables["/ppp/active"]):
                self._down(id)
        self.cut()

    def cut(self) -> None:
        """Closes all connections."""
        self._server.cut()

    def forget(self) -> None:
        """Counts from here."""
        self.sentences, self.turns, self.logins = [], 0, 0

    # what the API does

    def check(self, command: str, said: Attributes) -> None:
        """Log-in."""
        self.logins += 1
        if (said.get("name"), said.get("password")) != (self.username, self.password):
            raise Refused("invalid user name or password (6)")

    def target(self, command: str, said: Attributes) -> Row:
        """The row that a command is about, for faults."""
        menu = command.rpartition("/")[0]
        found = self._tables.get(menu, {}).get(said.get(".id", ""), {})
        return {**found, **said}

    def execute(self, asked: Sentence) -> tuple[list[Row], Row]:
        """The rows and the last word's attributes of an answer."""
        menu, _, verb = asked.command.rpartition("/")
        if verb not in MENUS.get(menu, ()):
            raise Refused("no such command prefix" if menu not in MENUS else "no such command")
        with self.lock:
            if verb == "print":
                return self._print(menu, asked), {}
            if verb == "add":
                return [], {"ret": self._add(menu, dict(asked.attributes))}
            self._change(menu, verb, dict(asked.attributes))
            return [], {}

    def _print(self, menu: str, asked: Sentence) -> list[Row]:
        wanted = asked.attributes.get(".proplist")
        rows = [row for row in self.rows(menu) if matches(row, asked.queries)]
        if not wanted:
            return rows
        names = wanted.split(",")
        return [{name: row[name] for name in names if name in row} for row in rows]

    def _add(self, menu: str, row: Row) -> str:
        self._check_fields(menu, row)
        if menu == "/ppp/secret":
            row = {"service": "any", "profile": "default", **row}
        if menu != "/ppp/profile":
            row = {**row, "disabled": "true" if row.get("disabled") in ("yes", "true") else "false"}
        self._check_unique(menu, row)
        return self._insert(menu, row)

    def _insert(self, menu: str, row: Row) -> str:
        id = f"*{next(self._ids):X}"
        self._tables[menu][id] = {name: value for name, value in row.items() if value}
        return id

    def _change(self, menu: str, verb: str, said: Row) -> None:
        id = said.pop(".id", "")
        row = self._tables[menu].get(id)
        if row is None:
            raise Refused("no such item")
        if row.get("dynamic") == "true" and menu != "/ppp/active":
            raise Refused("failure: can not change or remove dynamic entry")
        if verb == "remove":
            self._remove(menu, id)
        elif verb == "set":
            self._set(menu, id, said)
        else:
            row["disabled"] = "true" if verb == "disable" else "false"

    def _set(self, menu: str, id: str, said: Row) -> None:
        self._check_fields(menu, said)
        if "disabled" in said:
            said["disabled"] = "true" if said["disabled"] in ("yes", "true") else "false"
        changed = {**self._tables[menu][id], **said}
        if said.keys() & set(UNIQUE[menu][0]):
            self._check_unique(menu, changed, but=id)
        self._tables[menu][id] = {name: value for name, value in changed.items() if value}

    def _remove(self, menu: str, id: str) -> None:
        if menu != "/ppp/active":
            del self._tables[menu][id]
            return
        login = self._tables[menu][id]["name"]
        self._down(id)
        if self.redials:
            self.dial(login)

    def _up(self, secret: Row) -> str:
        address = (
            secret.get("remote-address") or f"100.64.{next(self._hosts) // 250}.{next(self._hosts) % 250}"
        )
        session = {"name": secret["name"], "service": "pppoe", "address": address, "uptime": "1s"}
        self._in_force[self._insert("/ppp/active", session)] = secret["profile"]
        for profile in self.rows("/ppp/profile", name=secret["profile"]):
            if profile.get("address-list"):
                entry = {"list": profile["address-list"], "address": address, "dynamic": "true"}
                self._insert("/ip/firewall/address-list", {**entry, "disabled": "false"})
        return address

    def _down(self, id: str) -> None:
        address = self._tables["/ppp/active"].pop(id)["address"]
        entries = self._tables["/ip/firewall/address-list"]
        for gone in [e for e, row in entries.items() if row.get("dynamic") and row["address"] == address]:
            del entries[gone]

    def _check_fields(self, menu: str, row: Row) -> None:
        for unknown in sorted(row.keys() - FIELDS[menu]):
            raise Refused(f"unknown parameter {unknown}")
        if "profile" in row and not self.rows("/ppp/profile", name=row["profile"]):
            raise Refused("input does not match any value of profile")

    def _check_unique(self, menu: str, row: Row, *, but: str = "") -> None:
        names, message = UNIQUE[menu]
        for id, other in self._tables[menu].items():
            if id != but and all(row.get(name) == other.get(name) for name in names):
                raise Refused(message)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 50

    def __init__(self, router: RouterOs) -> None:
        self.router, self.open = router, set[Any]()
        super().__init__(("127.0.0.1", 0), _Handler)

    def cut(self) -> None:
        for one in list(self.open):
            one.cut()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that ended is what many tests are about."""


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def setup(self) -> None:
        self.router = self.server.router
        if self.router.tls is not None:
            assert isinstance(self.router.tls, ssl.SSLContext)
            self.request = self.router.tls.wrap_socket(self.request, server_side=True)
        self.words = Words(self.request)
        self.server.open.add(self.words)

    def finish(self) -> None:
        self.server.open.discard(self.words)
        self.words.close()

    def handle(self) -> None:
        known = False
        for asked in self.words.sentences():
            known = self._answer(asked, known=known)
            self.router.turns += self.words.is_dry and asked.command != "/login"

    def _answer(self, asked: Sentence, *, known: bool) -> bool:
        if asked.command != "/login":
            self.router.sentences.append(asked)
        row = self.router.target(asked.command, asked.attributes)
        faults = [fault for fault in self.router.faults if fault.strikes(asked.command, row)]
        for fault in faults:
            if fault.kind == "hang":
                self.router.stopping.wait()
            self.router.stopping.wait(fault.seconds if fault.kind == "slow" else 0)
        answer = b"".join(self._spoken(asked, faults, known=known))
        self._send(answer, faults)
        return known or b"!trap" not in answer

    def _spoken(self, asked: Sentence, faults: list[Fault], *, known: bool) -> Iterator[bytes]:
        try:
            for fault in faults:
                if fault.kind == "trap":
                    raise Refused(fault.message.decode("utf-8", "surrogateescape"))
            rows, last = self._done(asked, known=known)
        except Refused as refused:
            yield sentence("!trap", {"message": str(refused)}, asked.tag)
            yield sentence("!done", {}, asked.tag)
            return
        if asked.command.endswith("/print") and not rows:
            yield sentence("!empty", {}, asked.tag)
        yield from (sentence("!re", row, asked.tag) for row in rows)
        yield sentence("!done", last, asked.tag)

    def _done(self, asked: Sentence, *, known: bool) -> tuple[list[Row], Row]:
        if asked.command == "/login":
            self.router.check(asked.command, asked.attributes)
            return [], {}
        if not known:
            raise Refused("not logged in")
        return self.router.execute(asked)

    def _send(self, answer: bytes, faults: list[Fault]) -> None:
        kinds = {fault.kind: fault for fault in faults}
        if "garbage" in kinds:
            answer = kinds["garbage"].octets
        if "fatal" in kinds:
            answer = sentence("!fatal", {}, None, "session terminated on request")
        if "cut" in kinds:
            answer = answer[: len(answer) // 2]
        if "drip" in kinds:
            for octet in answer:
                self.request.sendall(bytes((octet,)))
                self.router.stopping.wait(kinds["drip"].seconds)
        else:
            self.request.sendall(answer)
        if kinds.keys() & {"cut", "fatal"}:
            self.words.cut()

"""The lab as tests use it: subscribers who dial, a router that can misbehave, pages asked from behind it."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import psycopg

from religa.adapters.freeradius.server import Server as FreeRadius

from . import network
from .network import DEPLOY, ROOT, Network, Place

NAS_SECRET = "a secret of the lab, long enough"
PASSWORD = "segredo"
PORTAL = "https://central.example"  # the name in the shipped nginx/portal.conf
PATIENCE = 15.0


@dataclass(frozen=True)
class Fetched:
    """What curl saw. `exit`: its exit code (7: refused, 28: time out); `status` is 0 without an answer."""

    exit: int
    status: int
    location: str
    type: str
    body: str
    seconds: float


class NasControl:
    """Leads tests/lab/nas.py. Its methods are the simulator's `do_...`."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)

    def __getattr__(self, what: str) -> Callable[..., Any]:
        return lambda **order: self._do(what, order)

    def _do(self, what: str, order: dict[str, Any]) -> Any:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as wire:
            wire.settimeout(PATIENCE)
            wire.connect(self._path)
            wire.sendall(json.dumps({"do": what, **order}).encode() + b"\n")
            answer = json.loads(wire.makefile().readline())
        if "fault" in answer:
            raise RuntimeError(answer["fault"])
        return answer["done"]


@dataclass
class Client:
    """A subscriber: a house behind the BNG, a contract, a log-in."""

    lab: Lab
    place: Place
    contract: int
    username: str

    def dial(self) -> dict[str, Any]:
        """Logs in; the session as the router holds it, or {"error": ...}."""
        place = self.place
        addresses = [place.ipv4, place.prefix, place.delegated]
        return self.lab.nas.dial(username=self.username, password=PASSWORD, addresses=addresses)

    def session(self) -> dict[str, Any]:
        """The one session that the router has of this subscriber now."""
        (found,) = (s for s in self.lab.nas.sessions() if s["username"] == self.username)
        return found

    def decide(self, access: str, *, seconds: float | None = None, then: str | None = None) -> None:
        """What evaluation would have written: `access`, and after so many seconds of the database's clock `then`."""
        status = {"full": "current", "reduced": "late", "walled": "blocked", "closed": "terminated"}[access]
        self.lab.sql(
            "UPDATE contract_access SET access = %s, status = %s, why = CASE WHEN %s = 'current' THEN 'nothing_late'"
            " ELSE 'debt' END, until = now() + %s, access_then = %s WHERE contract_id = %s",
            access, status, status, None if seconds is None else timedelta(seconds=seconds), then or access,
            self.contract,
        )  # fmt: skip

    def live(self, columns: str = "applied_state") -> Any:
        """Of the live session's row: one value, or a tuple; None without a row."""
        rows = self.lab.sql(f"SELECT {columns} FROM session_live WHERE username = %s", self.username)
        return None if not rows else rows[0] if len(rows[0]) > 1 else rows[0][0]

    def run(self, *command: str, seconds: float = 10) -> str:
        """Runs a program in this subscriber's house; what it wrote."""
        done = subprocess.run(["ip", "netns", "exec", self.place.namespace, *command], capture_output=True,
                              text=True, timeout=seconds)  # fmt: skip
        return done.stdout.strip()

    def ask(self, what: str, address: str, port_or_name: object, source: str = "") -> str:
        """One question of world.py: `udp`, `tcp`, `dns`, `dns-tcp`."""
        script = str(Path(__file__).with_name("world.py"))
        return self.run(sys.executable, script, what, address, str(port_or_name), *filter(None, [source]))


@dataclass
class Lab:
    """`home` holds configurations and logs; `start` and `stop` frame all tests of a process."""

    network: Network
    home: Path
    database_url: str
    app_url: str
    radius_url: str
    network_url: str = ""
    nas_id: int = 0
    _children: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _free: list[Place] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: itertools.count(5001))

    def start(self) -> None:
        self.network.build()
        self.network.wall(self.home)
        self._postgres = psycopg.connect(self.database_url, autocommit=True)
        self._start_radius()
        self._start_nas()
        self._start_the_internet()
        self._start_resolvers()
        self._start_pages()
        for number, conf, place in ((1, "wall", self.network.gw), (2, "portal", self.network.inet)):
            self._start_nginx(number, conf, place)

    def stop(self) -> None:
        for child in reversed(self._children):
            child.terminate()
        for child in self._children:
            child.wait(PATIENCE)
        if hasattr(self, "radius"):
            self.radius.stop()
        self.network.destroy()

    # -- what tests use --------------------------------------------------------------------------------------------

    @property
    def nas(self) -> NasControl:
        return NasControl(self.home / "nas.sock")

    def sql(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Runs and commits one statement as the superuser; its rows, if it has any."""
        cursor = self._postgres.execute(statement, parameters)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []

    def client(self, contract: Any = None, *, access: str = "full") -> Client:
        """A subscriber in a house of his own, not dialled in. With a contract (tests/people.py) its facts decide; without
        one he is new, and `access` is what the network shall give him."""
        import people

        given = contract is not None
        if contract is None:
            number = self.number()
            person = people.subscriber(self.provider, f"Vizinha {number}", number)
            contract = people.contract(person, number, since=people.days_ago(self.now, 300))
        made = Client(self, self._house(), contract.pk, self._let_in(contract))
        if not given:
            made.decide(access)
        return made

    def fetch(self, client: Client, url: str, *options: str, seconds: float = 5) -> Fetched:
        """curl in the subscriber's house. Certificates are not checked: the lab signs its own."""
        form = "\n%{exitcode}|%{http_code}|%{time_total}|%{content_type}|%{redirect_url}"
        said = client.run(
            "curl", "-sk", "--max-time", str(seconds), "-w", form, *options, url, seconds=seconds + 5
        )
        body, _, numbers = ("\n" + said).rpartition("\n")
        code, status, took, kind, location = numbers.split("|", 4)
        return Fetched(int(code), int(status), location, kind, body.strip("\n"), float(took))

    def number(self) -> int:
        """Of a contract that nobody has yet."""
        return next(self._numbers)

    @contextlib.contextmanager
    def religa(self, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        """A command of Religa on the lab's database, for as long as it is needed; what it says is in `log(command[0])`."""
        started = self._child(command[0], None, sys.executable, "-m", "religa.entrypoints.commands.main", *command,
                              environment=self.environment())  # fmt: skip
        try:
            yield started
        finally:
            started.terminate()
            started.wait(PATIENCE)

    @contextlib.contextmanager
    def pages_away(self) -> Iterator[None]:
        """The gateway cannot reach Religa, for a while: it is refused."""
        rule = f"ip daddr {self.network.host} tcp dport {self.port} reject with tcp reset"
        chain = f"type filter hook output priority filter\n{rule}\n"
        text = f"table inet away {{\nchain out {{\n{chain}}}\n}}\n"
        network.run("ip", "netns", "exec", self.network.gw, "nft", "-f", "-", text=text)
        try:
            yield
        finally:
            network.run("ip", "netns", "exec", self.network.gw, "nft", "delete table inet away")

    def leave(self) -> None:
        """After each test: nobody is dialled in, the router behaves, houses are free."""
        self.nas.reset()
        self.sql("DELETE FROM session_live")
        for learned in ("allowed4", "allowed6"):
            network.run(
                "ip", "netns", "exec", self.network.gw, "nft", f"flush set inet religa_wall {learned}"
            )
        self._free = list(self.network.places)

    def environment(self) -> dict[str, str]:
        """For processes of Religa on the lab's database, as its web server has it."""
        return {
            **os.environ, "DATABASE_URL": self.app_url, "RELIGA_NETWORK_URL": self.network_url, "RELIGA_SECRET_KEY": "of-the-lab-alone" * 4,
            "DJANGO_SETTINGS_MODULE": "religa.project.settings", "RELIGA_HOSTS": "central.example",
            "RELIGA_PORTAL_URL": PORTAL, "RELIGA_WALL_HOSTS": "yes", "RELIGA_BEHIND_PROXY": "yes",
            "RELIGA_TRUSTED_PROXIES": f"{self.network.gw_address},{self.network.inet_address}",
        }  # fmt: skip

    def log(self, name: str) -> str:
        return (self.home / f"{name}.log").read_text(errors="replace")

    @property
    def now(self) -> Any:
        return self.sql("SELECT clock_timestamp()")[0][0]

    # -- how it comes up -------------------------------------------------------------------------------------------

    def prepare(self, provider: Any) -> None:
        """The provider's rows: needs Django on the lab's database."""
        from religa.records import network_secrets
        from religa.records.models import Nas

        self.provider = provider
        made = Nas.objects.create(
            provider=provider, name="BNG", address=self.network.bng_address, vendor="mikrotik"
        )
        network_secrets.set_nas_secret(nas_id=made.pk, secret=NAS_SECRET)
        self.nas_id = made.pk

    def _house(self) -> Place:
        return self._free.pop(0) if self._free else self.network.place()

    def _let_in(self, contract: Any) -> str:
        from religa.records import network_secrets
        from religa.records.models import AccessRecord

        record = AccessRecord.objects.filter(contract=contract).latest("id")
        network_secrets.set_passwords([network_secrets.Password(record.pk, clear=PASSWORD)])
        return record.username

    def _start_radius(self) -> None:
        ports = _free_ports(self.network.host, 2)
        self.radius = FreeRadius(folder=self.home / "radius", database_url=self.radius_url, auth_port=ports[0],
                                 acct_port=ports[1], address=self.network.host)  # fmt: skip
        self.radius.start()

    def _start_nas(self) -> None:
        config = {"address": self.network.bng_address, "server": self.network.host, "auth_port": self.radius.auth_port,
                  "acct_port": self.radius.acct_port, "secret": NAS_SECRET,
                  "control": str(self.home / "nas.sock")}  # fmt: skip
        (self.home / "nas.json").write_text(json.dumps(config))
        script = str(Path(__file__).with_name("nas.py"))
        self._child("nas", self.network.bng, sys.executable, script, str(self.home / "nas.json"))
        _wait_for(lambda: (self.home / "nas.sock").exists(), "the router")

    def _start_the_internet(self) -> None:
        key, certificate = self.home / "key.pem", self.home / "certificate.pem"
        network.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj",
                    "/CN=central.example")  # fmt: skip
        script = str(Path(__file__).with_name("world.py"))
        self._child(
            "internet", self.network.inet, sys.executable, script, "serve", str(certificate), str(key)
        )
        _wait_for(lambda: "ready" in self.log("internet"), "the internet")

    def _start_resolvers(self) -> None:
        """The internet's, and the wall's with the shipped configuration. They differ in one name."""
        names = {"internet.example": (network.WEB4, network.WEB6), "pay.example": (network.PAY4,),
                 "central.example": (network.PORTAL4, network.PORTAL6)}  # fmt: skip
        shared = [f"address=/{name}/{address}" for name, found in names.items() for address in found]
        outside = ["no-resolv", "no-hosts", "bind-interfaces", f"listen-address={network.RESOLVER4}",
                   "address=/whose.example/203.0.113.53", *shared]  # fmt: skip
        shipped = (DEPLOY / "dnsmasq.conf").read_text()
        shipped = shipped.replace("server=198.51.100.53", f"server={network.RESOLVER4}")
        inside = [shipped.replace("server=2001:db8:d::53", ""), "address=/whose.example/10.255.0.2"]
        for name, lines, place in (
            ("resolver", outside, self.network.inet),
            ("walled-resolver", inside, self.network.gw),
        ):
            conf = self.home / f"{name}.conf"
            conf.write_text("\n".join(lines))
            self._child(name, place, "dnsmasq", "--no-daemon", f"--conf-file={conf}", "--user=root",
                        "--pid-file=", "--log-facility=-")  # fmt: skip

    def _start_pages(self) -> None:
        self.port = _free_ports(self.network.host, 1, socket.SOCK_STREAM)[0]
        self._child("pages", None, sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level",
                    "error", "--host", self.network.host, "--port", str(self.port),
                    "religa.project.wsgi:application", environment=self.environment())  # fmt: skip
        _wait_for(lambda: _listens(self.network.host, self.port), "the pages")

    def _start_nginx(self, number: int, conf: str, place: str) -> None:
        """The shipped configuration; only addresses and the paths of the certificate are the lab's."""
        text = (DEPLOY / "nginx" / f"{conf}.conf").read_text()
        for shipped, ours in (("10.0.0.20:8000", f"{self.network.host}:{self.port}"), ("listen 443", f"listen {network.PORTAL4}:443"),
                              ("listen [::]:443", f"listen [{network.PORTAL6}]:443"), ("ssl_stapling on", "ssl_stapling off"),
                              ("/etc/religa-wall/portal.pem", str(self.home / "certificate.pem")),
                              ("/etc/religa-wall/portal.key", str(self.home / "key.pem"))):  # fmt: skip
            text = text.replace(shipped, ours)
        if conf == "portal":
            text = text.replace("listen 80;", f"listen {network.PORTAL4}:80;").replace("listen [::]:80;", "")
        folder = self.home / f"nginx-{conf}"
        (folder / "tmp").mkdir(parents=True)
        temporary = "".join(
            f"{kind}_temp_path {folder}/tmp; "
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off; user root; pid {folder}/pid; error_log {folder}/error.log;\n"
            f"events {{ }}\nhttp {{ access_log off; {temporary}\n{text}\n}}\n"
        )
        self._child(f"nginx-{conf}", place, "nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e",
                    str(folder / "error.log"))  # fmt: skip
        _wait_for(lambda: (folder / "pid").exists(), f"nginx ({conf})")

    def _child(
        self, name: str, namespace: str | None, *command: str, environment: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        where = ["ip", "netns", "exec", namespace] if namespace else []
        # A killed run leaves nothing behind; one in the background has taught its children to ignore the signal.
        where += ["setpriv", "--pdeathsig", "TERM", "env", "--default-signal=INT,TERM"]
        log: IO[bytes]
        with (self.home / f"{name}.log").open("wb") as log:
            child = subprocess.Popen([*where, *command], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                     env=environment, cwd=ROOT)  # fmt: skip
        self._children.append(child)
        return child


def missing() -> list[str]:
    """Debian packages that the lab needs and that are not there."""
    needed = {"nft": "nftables", "ip": "iproute2", "ping": "iputils-ping", "curl": "curl", "dnsmasq": "dnsmasq-base",
              "nginx": "nginx-light", "openssl": "openssl", "sysctl": "procps"}  # fmt: skip
    return [package for program, package in needed.items() if shutil.which(program) is None]


def _free_ports(address: str, count: int, kind: int = socket.SOCK_DGRAM) -> list[int]:
    sockets = [socket.socket(socket.AF_INET, kind) for _ in range(count)]
    for probe in sockets:
        probe.bind((address, 0))
    ports = [probe.getsockname()[1] for probe in sockets]
    for probe in sockets:
        probe.close()
    return ports


def _listens(address: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0


def _wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not up after {PATIENCE:g} s")
        time.sleep(0.02)


def eventually(condition: Callable[[], Any], *, seconds: float = 5.0) -> Any:
    """The first true value of `condition`; the last one when the time is over."""
    deadline = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return value

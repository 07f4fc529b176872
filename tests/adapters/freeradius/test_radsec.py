"""RADIUS over TLS: Debian's radsecproxy is the router's side, and its certificate says which router it is."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from radius import free_udp_ports
from religa.adapters.freeradius.client import Accepted, Acknowledged, Client, NoAnswer, Rejected
from religa.adapters.freeradius.server import RADSEC, Server

from .certificates import Authority
from .town import Town

INSIDE = "between router and radsecproxy"
_PROXY = """
ListenUDP 127.0.0.1:{port}
tls default {{
    CACertificateFile {folder}/ca.pem
    CertificateFile {folder}/{certificate}.pem
    CertificateKeyFile {folder}/{certificate}.key
}}
client router {{
    host 127.0.0.1
    type udp
    secret "{secret}"
}}
server religa {{
    host 127.0.0.1
    port {server}
    type tls
    secret radsec
    tls default
    CertificateNameCheck on
}}
realm * {{
    server religa
    accountingServer religa
}}
"""


@dataclass
class Tunnel:
    server: Server
    folder: Path

    @contextmanager
    def router(self, certificate: str) -> Iterator[Client]:
        """A router behind a radsecproxy that shows this certificate."""
        (port,) = free_udp_ports(1)
        path = self.folder / f"{certificate}.conf"
        path.write_text(
            _PROXY.format(
                port=port,
                folder=self.folder,
                certificate=certificate,
                secret=INSIDE,
                server=self.server.auth_port,
            )
        )
        log = (self.folder / f"{certificate}.log").open("wb")
        process = subprocess.Popen([proxy_program(), "-f", "-c", str(path)], stdout=log, stderr=log)
        try:
            yield Client(auth_port=port, acct_port=port, secret=INSIDE, seconds=2.0)
        finally:
            process.terminate()
            process.wait(10)
            log.close()


def proxy_program() -> str:
    return shutil.which("radsecproxy", path="/usr/sbin:/usr/bin:/sbin") or ""


@pytest.fixture(scope="module")
def tunnel(town: Town, role_url: str, require, tmp_path_factory) -> Iterator[Tunnel]:
    require(proxy_program(), "radsecproxy", "radsecproxy")
    folder = tmp_path_factory.mktemp("radsec")
    ours, foreign = Authority("Religa test authority"), Authority("Somebody else")
    ours.write(folder)
    ours.sign(folder, "127.0.0.1", file="server")
    for name in ("bng-1", "bng-accel", "nobody"):
        ours.sign(folder, name, file=name)
    ours.sign(folder, "bng-1", file="expired", days=-1)
    foreign.sign(folder, "bng-1", file="foreign")
    town.nas("10.99.0.1", identifier="bng-1", vendor="mikrotik")
    town.nas("10.99.0.2", identifier="bng-accel", vendor="accel")
    server = Server(
        folder=folder / "run",
        database_url=role_url,
        auth_port=free_tcp_port(),
        acct_port=0,
        raddb=RADSEC,
        environment={"RELIGA_RADSEC_CERTIFICATES": str(folder)},
    )
    server.start()
    yield Tunnel(server, folder)
    server.stop()


def free_tcp_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def router(tunnel: Tunnel) -> Iterator[Client]:
    with tunnel.router("bng-1") as client:
        assert until(lambda: isinstance(client.ask(username="nobody", password="x"), Rejected))
        yield client


def until(holds: Callable[[], bool], seconds: float = 15.0) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def test_both_states_are_answered_through_the_tunnel(town: Town, router: Client):
    ana, bruno = town.login(), town.login()
    town.decide(bruno, "walled")
    full = router.ask(username=ana.username, password=ana.password)
    assert isinstance(full, Accepted) and full.signed
    assert (full.text("Class"), full.text("Mikrotik-Address-List")) == ("st=active", "isp-active")
    walled = router.ask(username=bruno.username, password=bruno.password)
    assert isinstance(walled, Accepted)
    assert (walled.text("Class"), walled.number("Session-Timeout")) == ("st=blocked", 1800)
    assert isinstance(router.ask(username=ana.username, password="errada"), Rejected)
    assert isinstance(router.ask(username=ana.username, password=ana.password, method="chap"), Accepted)


def test_accounting_comes_through_and_names_the_router_of_the_certificate(town: Town, router: Client):
    ana = town.login()
    packet = {
        "Acct-Status-Type": "Start",
        "User-Name": ana.username,
        "Acct-Session-Id": "tls",
        "NAS-IP-Address": "10.1.0.9",
    }
    assert isinstance(router.account(packet), Acknowledged)
    query = "SELECT n.identifier, host(s.nas_address) FROM session_live s JOIN nas n ON n.id = s.nas_id WHERE session_id = 'tls'"
    assert town.sql(query) == [("bng-1", "10.1.0.9")]


def test_the_certificate_says_which_kind_of_router_it_is(town: Town, tunnel: Tunnel):
    ana = town.login()
    with tunnel.router("bng-accel") as client:
        assert until(lambda: isinstance(client.ask(username=ana.username, password=ana.password), Accepted))
        assert client.ask(username=ana.username, password=ana.password).text("Filter-Id") == "600000/300000"
        town.sql("UPDATE nas SET enabled = false WHERE identifier = 'bng-accel'")
        assert isinstance(client.ask(username=ana.username, password=ana.password), NoAnswer)


def test_a_certificate_that_is_not_on_the_list_hears_nothing(town: Town, tunnel: Tunnel):
    ana = town.login()
    with tunnel.router("nobody") as client:
        for _ in range(3):
            assert isinstance(client.ask(username=ana.username, password=ana.password), NoAnswer)
    assert handshake(tunnel, "nobody"), "or this proves nothing"


def test_without_a_certificate_of_ours_the_connection_is_refused(tunnel: Tunnel):
    assert handshake(tunnel, "bng-1")
    assert not handshake(tunnel, None)
    assert not handshake(tunnel, "foreign")
    assert not handshake(tunnel, "expired")


def handshake(tunnel: Tunnel, certificate: str | None) -> bool:
    """Whether the server keeps the connection: in TLS 1.3 it refuses only after the client's part is done."""
    context = ssl.create_default_context(cafile=str(tunnel.folder / "ca.pem"))
    if certificate:
        context.load_cert_chain(tunnel.folder / f"{certificate}.pem", tunnel.folder / f"{certificate}.key")
    try:
        with (
            socket.create_connection(("127.0.0.1", tunnel.server.auth_port), 5) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1") as tls,
        ):
            tls.settimeout(1)
            tls.recv(1)
            return False  # closed, or spoken to unasked
    except TimeoutError:
        return True
    except OSError:
        return False

"""The shipped nginx in front of the door: who shows the bank's certificate is let through, nobody else."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest
import trustme

from religa.records import accounts, locks
from religa.records.models import PaymentAccount, ProviderEvent, RefusedEvent

pytestmark = pytest.mark.django_db(transaction=True)
DEPLOY = Path(__file__).parents[3] / "deploy"
HOST = "efi.banco.example"
SECRET = "um-segredo-do-endereco"
BODY = b'{"pix": []}'


class Certificates:
    """Our server's, the bank's, and one of somebody else's."""

    def __init__(self, folder: Path) -> None:
        self.ours, self.banks, self.foreign = trustme.CA(), trustme.CA(), trustme.CA()
        server = self.ours.issue_cert(HOST)
        server.private_key_pem.write_to_path(folder / "server.key")
        for n, blob in enumerate(server.cert_chain_pems):
            blob.write_to_path(folder / "server.pem", append=n > 0)
        self.banks.cert_pem.write_to_path(folder / "efi.pem")

    def client(self, port: int, authority: trustme.CA | None) -> httpx.Client:
        """Somebody who shows a certificate of `authority`, or none."""
        context = ssl.create_default_context()
        self.ours.configure_trust(context)
        if authority is not None:
            authority.issue_cert("webhook.efi.test").configure_cert(context)
        return httpx.Client(verify=context, base_url=f"https://127.0.0.1:{port}", trust_env=False)


@pytest.fixture
def certificates(tmp_path) -> Certificates:
    return Certificates(tmp_path)


def start(folder: Path, conf: str, port: int) -> subprocess.Popen[bytes]:
    """nginx with a shipped configuration; its main file holds nothing but what a test needs."""
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{ }}\nhttp {{ access_log off; {temporary}\n{conf}\n}}\n"
    )
    child = subprocess.Popen(["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"])
    deadline = time.monotonic() + 15
    with socket.socket() as probe:
        while probe.connect_ex(("127.0.0.1", port)) != 0:
            assert child.poll() is None and time.monotonic() < deadline, (folder / "error.log").read_text()
            time.sleep(0.02)
    return child


@pytest.fixture
def nginx(tmp_path, certificates, live_server, require, settings) -> Iterator[int]:
    """The port of the shipped `hooks.conf` before our pages, of which only addresses and paths are the test's."""
    require(shutil.which("nginx"), "nginx", "nginx-light")
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.0/8")]
    settings.ALLOWED_HOSTS = [HOST]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    conf = (DEPLOY / "nginx" / "hooks.conf").read_text()
    conf = conf.replace("10.0.0.20:8000", live_server.url.removeprefix("http://"))
    conf = conf.replace("listen 443", f"listen 127.0.0.1:{port}").replace("    listen [::]:443 ssl;\n", "")
    child = start(tmp_path, conf.replace("/etc/religa-hooks", str(tmp_path)), port)
    yield port
    child.terminate()
    child.wait(15)


@pytest.fixture
def account(db) -> PaymentAccount:
    import people

    now = locks.database_now()
    made = PaymentAccount.objects.create(
        provider=people.provider(now), name="Pix", kind="api_pix", profile="efi", since=now, hook_check="mtls"
    )
    accounts.keep_secret(account_id=made.pk, name=accounts.HOOK, clear=SECRET, at=now, author="")
    return made


def post(client: httpx.Client, path: str = f"/hooks/efi/{SECRET}/pix", **more):
    more = {"content": BODY, "headers": {"Content-Type": "application/json"}} | more
    return client.post(
        path, **{**more, "headers": {"Host": HOST, **more["headers"]}}, extensions={"sni_hostname": HOST}
    )


def test_efis_two_calls_when_an_address_is_registered_get_the_two_answers_it_wants(
    account, nginx, certificates
):
    with certificates.client(nginx, None) as stranger:
        assert post(stranger).status_code == 400
    assert not ProviderEvent.objects.exists()
    with certificates.client(nginx, certificates.banks) as bank:
        assert post(bank).status_code == 200
    [event] = ProviderEvent.objects.all()
    assert (event.proof, event.path, bytes(event.body)) == ("mtls", "pix", BODY)


def test_a_certificate_of_another_authority_is_refused_and_cannot_be_claimed(account, nginx, certificates):
    claim = {"X-Client-Verify": "SUCCESS", "Content-Type": "application/json"}
    for authority in (None, certificates.foreign, certificates.ours):
        with certificates.client(nginx, authority) as stranger:
            assert post(stranger, headers=claim).status_code == 400
    assert not ProviderEvent.objects.exists() and not RefusedEvent.objects.exists()


def test_the_bank_finds_nothing_else_there(account, nginx, certificates):
    with certificates.client(nginx, certificates.banks) as bank:
        for path in ("/", "/console/", f"/hooks/sicoob/{SECRET}", "/hooks/"):
            assert post(bank, path).status_code == 404
        assert post(bank, "/hooks/efi/errado").status_code == 404
    assert not ProviderEvent.objects.exists() and RefusedEvent.objects.get().why == "unknown_address"


def test_a_body_without_a_length_gets_one_on_its_way(account, nginx, certificates):
    with certificates.client(nginx, certificates.banks) as bank:
        assert post(bank, content=iter([b'{"pix"', b": []}"])).status_code == 200
        assert post(bank, content=b"x" * (256 * 1024 + 1)).status_code == 413
    assert bytes(ProviderEvent.objects.get().body) == BODY


def test_every_other_shipped_host_empties_the_header_that_speaks_of_certificates():
    for file in sorted(DEPLOY.glob("*/nginx/*.conf")):
        text = file.read_text()
        passes = len(re.findall(r"^\s+proxy_pass ", text, re.MULTILINE))
        assert text.count('proxy_set_header X-Client-Verify "";') == passes > 0, file.name

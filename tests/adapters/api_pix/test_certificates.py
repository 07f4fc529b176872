"""The certificate that we show: as banks deliver it, with all that can be wrong with it, and on a real handshake."""

import http.server
import ssl
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from religa import wiring
from religa.adapters.api_pix import certificates
from religa.domain.certificates import CertificateProblem, InvalidCertificate
from religa.ports.money import BankUnreachable, Webhook

from .bank import KEY

AT = datetime(2026, 12, 1, tzinfo=UTC)
AUTHORITY, STRANGER = trustme.CA(), trustme.CA()
URL = "https://religa.test/hooks/pix/secret"


def issued(authority: trustme.CA, days: int = 365) -> tuple[bytes, bytes]:
    """Certificate and key in PEM."""
    leaf = authority.issue_cert(
        "ana-internet.test", not_before=AT - timedelta(days=9), not_after=AT + timedelta(days=days)
    )
    return leaf.cert_chain_pems[0].bytes(), leaf.private_key_pem.bytes()


PEM, KEY_PEM = issued(AUTHORITY)
LEAF, PRIVATE = x509.load_pem_x509_certificate(PEM), load_pem_private_key(KEY_PEM, None)
CHAIN = x509.load_pem_x509_certificate(AUTHORITY.cert_pem.bytes())


def p12(password: str = "", key: Any = PRIVATE) -> bytes:
    lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"ana", key, LEAF, [CHAIN], lock)


def locked_key(password: str) -> bytes:
    return PRIVATE.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode())
    )


class TestReading:
    @pytest.mark.parametrize(
        ("certificate", "key", "password"),
        [
            (PEM, KEY_PEM, ""),
            (PEM + KEY_PEM, b"", ""),
            (b"Bag Attributes\n" + KEY_PEM + b"\nsubject=x\n" + PEM, b"", ""),
            (PEM, locked_key("right"), "right"),
            (PEM, KEY_PEM, "of no use"),
            (AUTHORITY.cert_pem.bytes() + PEM, KEY_PEM, ""),
            (p12("right"), b"", "right"),
            (p12(), b"", ""),
        ],
        ids=["two files", "one file", "openssl", "locked", "unlocked", "chain first", "p12", "open p12"],
    )
    def test_what_banks_deliver_is_read(self, certificate: bytes, key: bytes, password: str):
        read = certificates.read(certificate, key, password=password, at=AT)
        assert read.leaf == LEAF and read.facts.expires_at == AT + timedelta(days=365)
        assert "trustme" in read.facts.subject and len(read.facts.fingerprint) == 64
        assert certificates.tls_context(read).get_ca_certs()

    @pytest.mark.parametrize(
        ("certificate", "key", "password", "problem"),
        [
            (b"", b"", "", CertificateProblem.UNREADABLE),
            (b"hello", KEY_PEM, "", CertificateProblem.UNREADABLE),
            (b"\x30garbage", b"", "x", CertificateProblem.UNREADABLE),
            (p12("right")[:-40], b"", "right", CertificateProblem.UNREADABLE),
            (PEM.replace(b"\nMI", b"\n*I"), KEY_PEM, "", CertificateProblem.UNREADABLE),
            (PEM, KEY_PEM.replace(b"\nM", b"\n*"), "", CertificateProblem.UNREADABLE),
            (p12("right"), b"", "wrong", CertificateProblem.WRONG_PASSWORD),
            (p12("right"), b"", "", CertificateProblem.WRONG_PASSWORD),
            (PEM, locked_key("right"), "wrong", CertificateProblem.WRONG_PASSWORD),
            (PEM, locked_key("right"), "", CertificateProblem.WRONG_PASSWORD),
            (PEM, b"", "", CertificateProblem.NO_KEY),
            (PEM, PEM, "", CertificateProblem.NO_KEY),
            (p12("right", key=None), b"", "right", CertificateProblem.NO_KEY),
            (KEY_PEM, b"", "", CertificateProblem.NO_CERTIFICATE),
            (PEM, issued(AUTHORITY)[1], "", CertificateProblem.OTHER_KEY),
            (*issued(AUTHORITY, days=-1), "", CertificateProblem.EXPIRED),
        ],
        ids=lambda value: (
            value.value if isinstance(value, CertificateProblem) else ""
        ),  # octets are new each time
    )
    def test_what_is_wrong_has_a_name(self, certificate, key, password, problem: CertificateProblem):
        with pytest.raises(InvalidCertificate) as refused:
            certificates.read(certificate, key, password=password, at=AT)
        assert refused.value.problem is problem
        assert "right" not in str(refused.value) and "wrong" not in str(refused.value)

    def test_an_old_one_can_be_read_to_show_it(self):
        read = certificates.read(*issued(AUTHORITY, days=-1))
        assert read.facts.expires_at < AT

    def test_the_key_is_never_on_disk_in_the_clear_and_the_file_is_gone(self, monkeypatch, tmp_path: Path):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        seen = []

        def spy(self, path, password=None):
            seen.append((Path(path).read_bytes(), Path(path).stat().st_mode & 0o777))
            raise ssl.SSLError("a crash")

        monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", spy)
        with pytest.raises(ssl.SSLError):
            certificates.tls_context(certificates.read(PEM, KEY_PEM))
        [(octets, mode)] = seen
        assert b"ENCRYPTED PRIVATE KEY" in octets and b"BEGIN PRIVATE KEY" not in octets and mode == 0o600
        assert list(tmp_path.iterdir()) == []
        assert "PRIVATE" not in repr(certificates.read(PEM, KEY_PEM))


class _Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self._say(b'{"access_token": "t1", "expires_in": 600}')

    def do_GET(self) -> None:
        self.server.ports.append(self.client_address[1])  # type: ignore[attr-defined]
        self._say(b'{"webhookUrl": "%s"}' % URL.encode())

    def _say(self, body: bytes) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    """A bank on this machine that wants a certificate of its own authority."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    AUTHORITY.issue_cert("localhost").configure_cert(context)
    AUTHORITY.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    running.socket = context.wrap_socket(running.socket, server_side=True)
    running.ports = []  # type: ignore[attr-defined]
    running.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


def account(server: http.server.ThreadingHTTPServer, certificate=None, authority: trustme.CA = AUTHORITY):
    base = f"https://localhost:{server.server_address[1]}"
    made = wiring.api_pix(
        profile="generic",
        certificate=certificate,
        authority=authority.cert_pem.bytes().decode(),
        client_id="ana-internet",
        client_secret="s3cret",
        pix_key=KEY,
        base_url=base,
        token_url=base + "/oauth/token",
    )
    made._wire._sleep = lambda _: None  # a refused handshake is repeated
    return made


class TestTheHandshake:
    def test_with_the_right_certificate_we_are_let_in_and_keep_the_connection(self, server):
        mine = account(server, wiring.bank_certificate(p12("right"), password="right"))
        assert mine.webhook() == mine.webhook() == Webhook(URL)
        assert len(server.ports) == 2 and len(set(server.ports)) == 1
        mine.close()

    def test_without_one_or_with_a_strangers_we_are_not(self, server):
        for certificate in (None, wiring.bank_certificate(*issued(STRANGER))):
            assert isinstance(account(server, certificate).webhook(), BankUnreachable)
        assert server.ports == []

    def test_a_bank_that_is_not_who_it_should_be_is_told_nothing(self, server):
        mine = account(server, wiring.bank_certificate(PEM, KEY_PEM), authority=STRANGER)
        outcome = mine.webhook()
        assert isinstance(outcome, BankUnreachable) and "certificate verify failed" in outcome.error

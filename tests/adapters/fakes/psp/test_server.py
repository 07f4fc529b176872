"""The fake PSP as a server: tokens, certificates, outages, and what is no HTTP."""

import json
import socket
import ssl

import httpx
import pytest
import trustme

from religa.adapters.fakes.psp import KEY, FakePsp, Mischief, wire
from religa.adapters.fakes.psp.wire import MAX_BODY

from .conftest import client_of, cobv, txid
from .standard import FILE

GRANT = {"grant_type": "client_credentials"}
WHO = {"client_id": "religa", "client_secret": "segredo"}


@pytest.fixture
def plain():
    with httpx.Client(verify=False) as client:
        yield client


@pytest.mark.parametrize(
    "asked",
    [
        {"data": GRANT, "auth": ("religa", "segredo")},
        {"json": GRANT, "auth": ("religa", "segredo")},
        {"data": {**GRANT, **WHO}},
        {"json": {**GRANT, **WHO}},
        {"params": GRANT, "data": WHO},
    ],
    ids=["basic and form", "basic and json", "form", "json", "grant in the query"],
)
def test_a_token_is_had_in_each_way_that_psps_want(psp: FakePsp, plain, asked):
    said = plain.post(psp.token_url, **asked).json()
    assert said["token_type"] == "Bearer" and said["expires_in"] > 0
    headers = {"Authorization": f"Bearer {said['access_token']}"}
    assert plain.get(f"{psp.url}/cobv/{txid(1)}", headers=headers).status_code == 404


def test_the_id_alone_is_enough_where_there_is_no_secret(plain):
    with FakePsp(secret="") as psp:
        assert plain.post(psp.token_url, data={**GRANT, "client_id": "religa"}).status_code == 200
        assert plain.post(psp.token_url, data={**GRANT, "client_id": "outro"}).status_code == 401


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"data": {**GRANT, "client_id": "religa", "client_secret": "errado"}}, "invalid_client"),
        ({"data": {**GRANT, "client_id": "religa"}}, "invalid_client"),
        ({"data": WHO}, "unsupported_grant_type"),
        ({"json": []}, "unsupported_grant_type"),
        ({"data": {**GRANT, **WHO, "scope": "tudo"}}, "invalid_scope"),
        ({"data": GRANT, "headers": {"Authorization": "Basic ///"}}, "invalid_client"),
    ],
)
def test_wrong_credentials_get_no_token(psp: FakePsp, plain, asked, error):
    answer = plain.post(psp.token_url, **asked)
    assert answer.status_code in (400, 401) and answer.json() == {"error": error}


def test_without_a_good_token_nothing_is_told(psp: FakePsp, api, clock):
    wrong = [{"Authorization": ""}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}]
    assert [api.get(f"/cobv/{txid(1)}", headers=headers).status_code for headers in wrong] == [401] * 3
    psp.tokens.forget()
    assert api.put(f"/cobv/{txid(1)}", json=cobv()).status_code == 401
    assert not psp.ledger.charges


def test_a_token_ends_with_its_time(clock):
    with FakePsp(now=clock) as psp, client_of(psp) as api:
        clock.pass_(seconds=3_599)
        assert api.get(f"/cobv/{txid(1)}").status_code == 404
        clock.pass_(seconds=1)
        assert api.get(f"/cobv/{txid(1)}").status_code == 401


def test_a_token_is_good_for_its_scopes_alone(psp: FakePsp, api, plain):
    token = plain.post(psp.token_url, data={**GRANT, **WHO, "scope": "cobv.read"}).json()
    api.headers["Authorization"] = f"Bearer {token['access_token']}"
    assert api.get(f"/cobv/{txid(1)}").status_code == 404
    assert api.put(f"/cobv/{txid(1)}", json=cobv()).status_code == 403


@pytest.mark.parametrize("base", ["", "/v2", "/pix/v2", "/pix/api/v2", "/api/v2"])
def test_each_psps_base_leads_to_the_same_operations(psp: FakePsp, api, plain, base):
    answer = plain.put(f"{psp.root}{base}/cobv/{txid(1)}", json=cobv(), headers=dict(api.headers))
    assert answer.status_code == 201


def test_unknown_operations_are_not_found(api):
    for method, path in (("GET", "/rec/1"), ("DELETE", f"/cobv/{txid(1)}"), ("POST", "/cobv"), ("GET", "/")):
        assert api.request(method, path).status_code == 404


# outages


def test_the_next_answers_may_be_failures_in_xml(psp: FakePsp, api):
    psp.misbehave(fail_next=2)
    answers = [api.put(f"/cobv/{txid(1)}", json=cobv()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [500, 500, 201]
    assert answers[0].headers["content-type"].startswith("text/xml") and answers[0].text.startswith("<?xml")


def test_a_share_of_the_answers_may_be_failures(psp: FakePsp, api):
    psp.misbehave(fail_pct=50, seed=3)
    assert {api.get(f"/cobv/{txid(1)}").status_code for _ in range(20)} == {404, 500}


def test_an_answer_may_never_come(psp: FakePsp, api):
    psp.misbehave(hang_next=1)
    with pytest.raises(httpx.ReadTimeout):
        api.put(f"/cobv/{txid(1)}", json=cobv(), timeout=0.1)
    assert api.put(f"/cobv/{txid(1)}", json=cobv()).status_code == 201


def test_answers_may_be_late(psp: FakePsp, api):
    psp.misbehave(slow_ms=3_600_000)
    with pytest.raises(httpx.ReadTimeout):
        api.put(f"/cobv/{txid(1)}", json=cobv(), timeout=0.1)
    psp.misbehave(slow_ms=1)
    assert api.get(f"/cobv/{txid(1)}").status_code == 200  # what was asked has been done all the same


@pytest.mark.parametrize(("field", "kept"), [("brcode", True), ("textoImagemQRcode", True), ("", False)])
def test_the_code_may_have_another_name_or_be_missing(psp: FakePsp, api, field, kept):
    psp.misbehave(copy_paste_as=field)
    said = api.put(f"/cobv/{txid(1)}", json=cobv()).json()
    assert "pixCopiaECola" not in said and (field in said) == kept


def test_a_plan_that_makes_no_sense_names_every_mistake():
    with pytest.raises(ValueError, match="lost: not one of.*lose_pct: '5' is not int"):
        Mischief().changed({"lost": 5, "lose_pct": "5"})


# the wire


def test_requests_may_come_in_pieces_and_several_at_once(psp: FakePsp, api):
    head = f"Authorization: {api.headers['Authorization']}\r\n\r\n"
    asked = f"GET /api/cobv/{txid(1)} HTTP/1.1\r\n{head}".encode()
    with socket.create_connection((psp._server.host, psp._server.port)) as line:
        for octet in asked[:60]:
            line.sendall(bytes([octet]))
        line.sendall(asked[60:] + asked + asked)
        got = b""
        while got.count(b"HTTP/1.1 404 Not Found") < 3:
            more = line.recv(65_536)
            assert more, got
            got += more


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        (b"HELLO\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\r\n\r\n", 400),
        (b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"POST /x HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (f"POST /x HTTP/1.1\r\nContent-Length: {MAX_BODY + 1}\r\n\r\n".encode(), 413),
        (b"GET /x HTTP/1.1\r\nA: " + b"a" * 40_000, 431),
    ],
)
def test_what_is_no_request_is_answered_and_the_line_closed(psp: FakePsp, octets, status):
    with socket.create_connection((psp._server.host, psp._server.port), timeout=10) as line:
        line.sendall(octets)
        got = b""
        while more := line.recv(65_536):
            got += more
    assert got.startswith(f"HTTP/1.1 {status} ".encode())


def test_a_client_that_wants_to_close_is_let_go(psp: FakePsp, api):
    answer = api.get(f"/cobv/{txid(1)}", headers={"Connection": "close"})
    assert answer.status_code == 404
    assert api.get(f"/cobv/{txid(1)}").status_code == 404


def test_a_taken_port_is_said(psp: FakePsp):
    with pytest.raises(OSError):
        FakePsp(port=psp._server.port).start()


def test_a_fault_of_the_fakes_own_is_an_answer_too(psp: FakePsp, api, capsys, monkeypatch):
    monkeypatch.setattr(psp.ledger, "charge", lambda *_: 1 / 0)
    assert api.get(f"/cobv/{txid(1)}").status_code == 500
    assert "ZeroDivisionError" in capsys.readouterr().err


# the specification, where it is given


@pytest.fixture(scope="module")
def strict():
    with FakePsp(specification=FILE) as psp:
        yield psp


def test_requests_are_held_against_the_file(strict: FakePsp):
    with client_of(strict) as api:
        assert api.put(f"/cobv/{txid(1)}", json=cobv("2999-12-10")).status_code == 201
        wrong = api.put(f"/cobv/{txid(2)}", json={**cobv("2999-12-10"), "chave": 5})
        assert wrong.status_code == 400 and wrong.json()["type"].endswith("/RequisicaoInvalida")
        assert [one["propriedade"] for one in wrong.json()["violacoes"]] == ["chave"]
        period = {"inicio": "2026-01-01T00:00:00Z", "fim": "2026-01-02T00:00:00Z"}
        assert api.get("/pix", params=period).status_code == 200
        assert api.get("/pix", params={**period, "paginacao.itensPorPagina": "muitos"}).status_code == 400


# certificates


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def test_with_tls_only_who_shows_the_right_certificate_is_served(authority: trustme.CA):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    authority.configure_trust(server)
    server.verify_mode = ssl.CERT_REQUIRED
    with FakePsp(tls=server) as psp:
        assert psp.url.startswith("https://")
        right, none, foreign = (ssl.create_default_context() for _ in range(3))
        for context in (right, none, foreign):
            authority.configure_trust(context)
        authority.issue_cert("isp.example").configure_cert(right)
        trustme.CA().issue_cert("isp.example").configure_cert(foreign)
        with client_of(psp, verify=right) as api:
            assert api.put(f"/cobv/{txid(1)}", json=cobv("2999-12-10")).status_code == 201
        for context in (none, foreign):
            with pytest.raises(httpx.TransportError), client_of(psp, verify=context):
                pass
        assert list(psp.ledger.charges) == [txid(1)]


def test_the_webhook_is_called_with_the_psps_certificate(authority: trustme.CA):
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(server)
    authority.issue_cert("psp.example").configure_cert(client)
    for context in (server, client):
        authority.configure_trust(context)
    server.verify_mode = ssl.CERT_REQUIRED
    heard: list[bytes] = []
    receiver = wire.Server(lambda call: heard.append(call.body) or wire.Answer(200), tls=server)
    receiver.start()
    for context, count in ((client, 1), (None, 1)):
        with FakePsp(webhook_tls=context) as psp, client_of(psp) as api:
            api.put(f"/webhook/{KEY}", json={"webhookUrl": f"https://127.0.0.1:{receiver.port}"})
            psp.pay_key(100, txid="static1")
            assert psp.deliver_all().accepted == (1 if context else 0)
        assert len(heard) == count and "static1" in json.loads(heard[0])["pix"][0]["txid"]
    receiver.stop()

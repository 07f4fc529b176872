"""A refusal: signed, at once, the same for every reason, and without a trace of a password."""

import time

import pytest

from radius import Radius
from religa.adapters.freeradius.client import Rejected

from .town import Town


@pytest.fixture
def refused(town: Town, radius: Radius) -> dict[str, object]:
    """One answer per reason for which somebody may be refused."""
    ana, ended, off, locked = (
        town.login(),
        town.login(),
        town.login(enabled=False),
        town.login(mac="AA:BB:CC:00:11:22"),
    )
    town.decide(ended, "closed")
    router = radius.router()
    return {
        "unknown": router.ask(username="nobody-of-that-name", password="segredo"),
        "wrong password": router.ask(username=ana.username, password="errada"),
        "closed": radius.ask(ended),
        "switched off": radius.ask(off),
        "another MAC": radius.ask(locked, attributes={"Calling-Station-Id": "AA:BB:CC:00:11:23"}),
        "no name": router.ask(username="", password="segredo"),
    }


def test_every_refusal_is_signed_and_tells_nothing(refused):
    for reason, answer in refused.items():
        assert isinstance(answer, Rejected), (reason, answer)
        assert [name for name, _ in answer.attributes] == ["Message-Authenticator"], reason


def test_a_refusal_comes_before_a_router_gives_up(town: Town, radius: Radius):
    ana = town.login()
    radius.ask(ana)  # the router is known now
    patient = radius.router(seconds=0.3)  # RouterOS before 7: 300 ms
    for _ in range(3):
        assert isinstance(patient.ask(username=ana.username, password="errada"), Rejected)


def test_what_proxies_wrote_comes_back(town: Town, radius: Radius):
    answer = radius.router().ask(username="nobody", password="x", attributes={"Proxy-State": "0x0102"})
    assert isinstance(answer, Rejected)
    assert ("Proxy-State", "0x0102") in answer.attributes


def test_no_password_reaches_a_log_or_a_table(town: Town, radius: Radius):
    ana = town.login(password="Zx-right-Zx")
    for method in ("pap", "chap", "mschap"):
        for password in ("Zx-right-Zx", "Zx-wrong-Zx"):
            radius.router().ask(username=ana.username, password=password, method=method)
    time.sleep(0.1)  # the log is written after the answer
    said = radius.server.log.read_text(errors="replace")
    assert f"[{ana.username}" in said  # who was refused is there
    assert "Zx-" not in said
    tables = town.sql(
        "SELECT schemaname || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname IN ('public', 'radius')"
    )
    assert len(tables) > 30
    for (table,) in tables:
        assert town.sql(f"SELECT 1 FROM {table} t WHERE t::text LIKE '%%Zx-%%' LIMIT 1") == [], table

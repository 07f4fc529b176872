"""The stand-in for Efí posts what Efí would, loses and repeats it when told to, and keeps what happened in order."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from religa import wiring
from religa.adapters.fakes.efi import FakeEfi
from religa.ports.money import ChargeKind, ChargeSeen, Debtor, Event, Hint, Truth, WantedCharge


class Door:
    """Where notifications arrive, as some web server would hand them on."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                door.events.append(Event(body, self.headers["Content-Type"]))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hooks/efi/secret"


@pytest.fixture
def door() -> Iterator[Door]:
    found = Door()
    thread = threading.Thread(target=found.server.serve_forever, args=(0.02,))
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join()


@pytest.fixture
def efi() -> Iterator[FakeEfi]:
    with FakeEfi() as fake:
        yield fake


def account_telling(efi: FakeEfi, notify_url: str):
    return wiring.efi_cobrancas(
        client_id=efi.client_id, client_secret=efi.client_secret, base_url=efi.base_url, notify_url=notify_url
    )


@pytest.fixture
def account(efi: FakeEfi, door: Door):
    found = account_telling(efi, door.url)
    yield found
    found.close()


def issued(account, efi: FakeEfi, txid: str = "ReligaAna1") -> int:
    due = efi._now().date() + timedelta(days=5)
    ana = Debtor("11144477735", "Ana Souza")
    charge = account.create(WantedCharge(ChargeKind.BOLETO, txid, 99_90, ana, due))
    assert isinstance(charge, ChargeSeen), charge
    efi.flush()
    return int(charge.ref.bank_id)


def followed(account, door: Door) -> set[tuple[str | None, int]]:
    found: set[tuple[str | None, int]] = set()
    for event in door.events:
        (hint,) = account.parse_event(event)
        truth = account.truth(hint)
        assert isinstance(truth, Truth)
        found |= {(payment.txid, payment.amount) for payment in truth.payments}
    return found


def test_each_change_is_posted_with_the_same_token(efi, account, door):
    number = issued(account, efi)
    efi.pay(number)
    efi.flush()
    assert len(door.events) == 3  # new, waiting, paid
    assert {account.parse_event(event) for event in door.events} == {(Hint(token=efi.charges[number].token),)}
    assert followed(account, door) == {("ReligaAna1", 99_90)}


def test_repeated_notifications_credit_once(efi, account, door):
    number = issued(account, efi)
    efi.copies = 3
    efi.pay(number)
    efi.flush()
    assert len(door.events) == 5 and followed(account, door) == {("ReligaAna1", 99_90)}


def test_a_lost_notification_is_sent_again_until_somebody_has_asked(efi, account, door):
    number = issued(account, efi)
    door.events.clear()
    efi.copies = 0
    efi.pay(number)
    efi.flush()
    assert door.events == []
    efi.copies = 1
    efi.resend()
    efi.flush()
    assert len(door.events) == 1 and followed(account, door) == {("ReligaAna1", 99_90)}
    efi.resend()
    efi.flush()
    assert len(door.events) == 1


def test_notifications_that_come_backwards_say_the_same(efi, account, door):
    first, second = issued(account, efi), issued(account, efi, "ReligaAna2")
    door.events.clear()
    efi.hold()
    efi.pay(first)
    efi.pay(second, 50_00)
    efi.refund(first)
    assert door.events == []
    efi.release(backwards=True)
    efi.flush()
    assert len(door.events) == 3 and followed(account, door) == {("ReligaAna1", 99_90), ("ReligaAna2", 50_00)}


def test_nobody_at_home_does_not_stop_the_bank(efi):
    account = account_telling(efi, "http://127.0.0.1:9/")
    due = efi._now().date()
    ana = Debtor("11144477735", "Ana Souza")
    account.create(WantedCharge(ChargeKind.BOLETO, "ReligaAna1", 99_90, ana, due))
    efi.flush()
    assert len(efi.posted) == 2


def test_one_boleto_is_paid_once(efi, account, door):
    number = issued(account, efi)
    efi.pay(number, on=date(2026, 12, 4))
    with pytest.raises(ValueError, match="is paid"):
        efi.pay(number)


def test_without_a_token_nothing_is_shown(efi):
    answer = httpx.get(
        f"{efi.base_url}/v1/charges?charge_type=billet&begin_date=2026-12-01&end_date=2026-12-02"
    )
    assert answer.status_code == 401


@pytest.mark.parametrize("query", ["", "charge_type=banking_billet", "charge_type=billet&begin_date=x"])
def test_a_list_without_its_period_is_refused(query, efi, account, door):
    issued(account, efi)
    headers = {"Authorization": f"Bearer {next(iter(efi.tokens))}"}
    assert httpx.get(f"{efi.base_url}/v1/charges?{query}", headers=headers).status_code == 400
    assert httpx.get(f"{efi.base_url}/v1/nothing", headers=headers).status_code == 404

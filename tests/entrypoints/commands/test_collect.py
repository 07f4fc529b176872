"""The process that talks to banks passes events on, too, and goes on after trouble."""

from __future__ import annotations

import threading
import time

import pytest

import people
from religa import wiring
from religa.actions.money import receive_event
from religa.entrypoints.commands.collect import RelayLane
from religa.ports.money import Event
from religa.ports.relay import PassedOn
from religa.records import accounts, locks
from religa.records.models import EventRelay, PaymentAccount

pytestmark = pytest.mark.django_db(transaction=True)


class Sender:
    """The other system; the first time, something of ours breaks."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.broken = False

    def post(self, url, body, content_type):
        if not self.broken:
            self.broken = True
            raise RuntimeError("a fault of ours")
        self.heard.append(body)
        return PassedOn(200)


def test_the_relay_lane_passes_events_on_and_survives_a_fault(monkeypatch):
    sender = Sender()
    monkeypatch.setattr(wiring, "event_relay", lambda: sender)
    now = locks.database_now()
    made = PaymentAccount.objects.create(
        provider=people.provider(now), name="Pix", kind="api_pix", profile="efi", since=now,
        hook_relay_url="https://erp.test/x",
    )  # fmt: skip
    for body in (b"first", b"second"):
        receive_event.receive(accounts.get(made.pk), Event(body), headers={}, proof="secret", at=now)
    stop = threading.Event()
    lane = RelayLane(stop)
    lane.start()
    deadline = time.monotonic() + 20
    while not sender.broken and time.monotonic() < deadline:
        time.sleep(0.05)
    EventRelay.objects.update(due_at=now)  # as after the lease
    while EventRelay.objects.filter(delivered_at=None).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    lane.join(15)
    assert not lane.is_alive() and sorted(set(sender.heard)) == [b"first", b"second"]
    assert EventRelay.objects.filter(delivered_at=None).count() == 0

"""`religa collect`: the process that talks to banks and gateways."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from types import FrameType

import click
import psycopg
from django.db import DatabaseError, close_old_connections, connection

from religa import wiring
from religa.actions.money import charging, poll, receive_event, refunding, relay, take_events
from religa.entrypoints.common.banks import BANKS, DEMO, POLL_ONLY
from religa.ports.money import Collector, Webhook, WebhookRegistration
from religa.ports.relay import EventRelay
from religa.records import accounts, locks
from religa.records.accounts import Account

logger = logging.getLogger(__name__)
_LOOK = 0.5  # seconds between two looks where nobody wakes us; a NOTIFY does at once
_ACCOUNTS = 5.0  # seconds until a new account gets its lanes
_AFTER_TROUBLE = 2.0
_SIDE_BY_SIDE = 8  # questions to one bank at once
_WHILE_SOMEBODY_WAITS = timedelta(seconds=4)


@click.command(short_help="The process that takes events of banks and talks to them.")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@click.option("--demo-address", hidden=True, help="Where the demo's bank finds our webhooks.")
def collect(once: bool, demo_address: str | None) -> None:
    """Take what banks and gateways posted, ask them what is true, make and change charges, give money back.

    Each account has lanes of its own, so that a slow bank delays no other. Any number of these processes may run
    side by side. Stop with Ctrl-C; nothing is left half done.
    """
    if once:
        for account in accounts.connected():
            collect_once(account)
        with _pool() as pool:
            relay.relay_due(wiring.event_relay(), at=locks.database_now(), pool=pool)
        return
    Lanes(demo_address).run()


def collect_once(account: Account) -> None:
    """All that is due for one account now."""
    with _pool() as pool:
        while _events(account, BANKS.of(account), pool):
            pass
        _rest(account, BANKS.of(account), pool)


def _register_demo(address: str) -> None:
    """The demo's bank is told where we are: our port may be another one than last time."""
    for account in accounts.listening():
        if account.settings.get(DEMO):
            secret = accounts.secret(account.id, accounts.HOOK)
            bank: WebhookRegistration = BANKS.of(account)  # type: ignore[assignment]
            found = bank.register_webhook(f"{address}/hooks/{account.profile}/{secret}")
            if not isinstance(found, Webhook):
                click.echo(
                    f"account {account.id}: events will not come, its list is read instead: {found}", err=True
                )


def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_SIDE_BY_SIDE)


def _events(account: Account, bank: Collector, pool: ThreadPoolExecutor) -> int:
    return take_events.take_events(account, bank, at=locks.database_now(), pool=pool)


def _rest(account: Account, bank: Collector, pool: ThreadPoolExecutor) -> int:
    """Charges and refunds that are due, then the bank's list. Says how much there was to do."""
    done = charging.keep_in_step(account, bank, at=locks.database_now(), pool=pool)
    done += refunding.follow(account, bank, at=locks.database_now())
    at = locks.database_now()
    if poll.is_due(account, at) or _somebody_waits(account, at):
        _say(poll.poll(account, bank, at=at))
    _say(poll.poll_deep(account, bank, at=at))
    return done


def _somebody_waits(account: Account, at: datetime) -> bool:
    """Where no webhook tells us, the list is read every few seconds while a code is being shown."""
    tells = bool(account.settings.get(POLL_ONLY))
    overdue = account.polled_until is None or account.polled_until <= at - _WHILE_SOMEBODY_WAITS
    return tells and overdue and charging.is_anything_shown(account, at)


def _say(heard: poll.Heard | poll.Silent | None) -> None:
    if isinstance(heard, poll.Silent):
        click.echo(f"account {heard.account} does not give its list: {heard.why}", err=True)
    elif heard is not None and (heard.credited or heard.unidentified):
        click.echo(
            f"account {heard.account}: {heard.credited} credited by its list, {heard.unidentified} of nobody"
        )


Work = Callable[[Account, Collector, ThreadPoolExecutor], int]


class Lane(threading.Thread):
    """One kind of work for one account, with a database connection of its own."""

    def __init__(self, account: int, name: str, work: Work, stop: threading.Event) -> None:
        super().__init__(name=f"account {account} {name}", daemon=True)
        self.account, self.work, self.stop = account, work, stop
        self.wake = threading.Event()

    def run(self) -> None:
        with _pool() as pool:
            while not self.stop.is_set():
                self.wake.clear()
                again = self._turn(pool)
                if again is None:
                    self.stop.wait(_AFTER_TROUBLE)
                elif not again:
                    self.wake.wait(_LOOK)
        connection.close()

    def _turn(self, pool: ThreadPoolExecutor) -> int | None:
        """How much there was to do; None where the database was away or something went wrong."""
        try:
            account = accounts.get(self.account)
            return 0 if account is None else self.work(account, BANKS.of(account), pool)
        except DatabaseError as why:
            logger.warning("the database does not answer: %s", why)
        except Exception:
            logger.exception("%s failed and goes on", self.name)
        close_old_connections()
        return None


class RelayLane(threading.Thread):
    """Passes events on to other systems, of all accounts; slow as they may be, they keep no lane of ours waiting."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__(name="relay", daemon=True)
        self.stop = stop

    def run(self) -> None:
        sender = wiring.event_relay()
        with _pool() as pool:
            while not self.stop.wait(_LOOK):
                self._turn(sender, pool)
        connection.close()

    def _turn(self, sender: EventRelay, pool: ThreadPoolExecutor) -> None:
        try:
            while relay.relay_due(sender, at=locks.database_now(), pool=pool) and not self.stop.is_set():
                pass
            return
        except DatabaseError as why:
            logger.warning("the database does not answer: %s", why)
        except Exception:
            logger.exception("%s failed and goes on", self.name)
        close_old_connections()
        self.stop.wait(_AFTER_TROUBLE)


class Lanes:
    """Two lanes for each account: its events, which somebody waits for, and everything else."""

    def __init__(self, demo_address: str | None = None) -> None:
        self.stop = threading.Event()
        self.demo_address = demo_address
        self.lanes: dict[int, tuple[Lane, Lane]] = {}

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told)
        relaying = RelayLane(self.stop)
        relaying.start()
        while not self.stop.is_set():
            try:
                self._open()
                self._listen()
            except (DatabaseError, psycopg.Error) as why:  # what listens is the driver's own
                logger.warning("the database does not answer: %s", why)
                connection.close()
                self.stop.wait(_AFTER_TROUBLE)
        for lane in (lane for pair in self.lanes.values() for lane in pair):
            lane.wake.set()
            lane.join(timeout=15)
        relaying.join(timeout=15)

    def _told(self, number: int, frame: FrameType | None) -> None:
        self.stop.set()

    def _open(self) -> None:
        take_events.leave_closed(at=locks.database_now())
        if self.demo_address:
            _register_demo(self.demo_address)
            self.demo_address = None
        for account in accounts.connected():
            if account.id not in self.lanes:
                pair = (
                    Lane(account.id, "events", _events, self.stop),
                    Lane(account.id, "rest", _rest, self.stop),
                )
                self.lanes[account.id] = pair
                for lane in pair:
                    lane.start()

    def _listen(self) -> None:
        """Wakes the lane that a NOTIFY names, until it is time to look for new accounts."""
        connection.ensure_connection()
        raw = connection.connection
        raw.execute(f"LISTEN {receive_event.CHANNEL}")
        until = time.monotonic() + _ACCOUNTS
        while time.monotonic() < until and not self.stop.is_set():
            for note in raw.notifies(timeout=_LOOK):
                pair = self.lanes.get(int(note.payload) if note.payload.isdigit() else 0)
                if pair:
                    pair[0].wake.set()

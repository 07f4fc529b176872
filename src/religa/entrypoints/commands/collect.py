"""`religa collect`: the process that talks to banks and gateways."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from types import FrameType

import click
from django.db import DatabaseError, close_old_connections, connection

from religa.actions.money import charging, poll, receive_event, refunding, take_events
from religa.entrypoints.common.banks import BANKS
from religa.ports.money import Collector
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
def collect(once: bool) -> None:
    """Take what banks and gateways posted, ask them what is true, make and change charges, give money back.

    Each account has lanes of its own, so that a slow bank delays no other. Any number of these processes may run
    side by side. Stop with Ctrl-C; nothing is left half done.
    """
    if once:
        for account in accounts.connected():
            while _events(account, BANKS.of(account), _pool()):
                pass
            _rest(account, BANKS.of(account), _pool())
        return
    Lanes().run()


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
    tells = bool(account.settings.get("poll_only"))
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


class Lanes:
    """Two lanes for each account: its events, which somebody waits for, and everything else."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.lanes: dict[int, tuple[Lane, Lane]] = {}

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told)
        while not self.stop.is_set():
            try:
                self._open()
                self._listen()
            except DatabaseError as why:
                logger.warning("the database does not answer: %s", why)
                close_old_connections()
                self.stop.wait(_AFTER_TROUBLE)
        for lane in (lane for pair in self.lanes.values() for lane in pair):
            lane.wake.set()
            lane.join(timeout=15)

    def _told(self, number: int, frame: FrameType | None) -> None:
        self.stop.set()

    def _open(self) -> None:
        take_events.leave_closed(at=locks.database_now())
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
        for note in raw.notifies(timeout=_ACCOUNTS, stop_after=None):
            if self.stop.is_set():
                return
            pair = self.lanes.get(int(note.payload) if note.payload.isdigit() else 0)
            if pair:
                pair[0].wake.set()

"""`religa send`: the process that empties the outbox."""

from __future__ import annotations

import logging
import threading

import click
from django.conf import settings
from django.db import OperationalError, close_old_connections, connections

from religa.actions.messages import send as sending
from religa.entrypoints.commands import stopping
from religa.entrypoints.common.channels import CHANNELS
from religa.records import locks, outbox
from religa.records.outbox import Lane

logger = logging.getLogger(__name__)
_POLL = 0.3  # seconds between two looks for lanes with work
_PACE = 0.1  # seconds until a lane without tokens is looked at again
_AFTER_TROUBLE = 2.0


@click.command(short_help="The process that sends messages.")
@click.option("--once", is_flag=True, help="Send what may go now, then stop.")
def send(once: bool) -> None:
    """Send messages, each provider's channels side by side and no faster than each allows.

    Any number of senders may run. One that dies leaves at most a batch per lane whose outcome is unknown; those are not
    sent again. Stop with Ctrl-C: what is in hand is finished.
    """
    stop = stopping.until_told()
    lanes: dict[Lane, threading.Thread] = {}
    while not stop.is_set():
        wait = _POLL
        try:
            _start(lanes, stop)
        except OperationalError as why:
            logger.warning("the database does not answer: %s", why)
            close_old_connections()
            wait = _AFTER_TROUBLE
        if once:
            break
        stop.wait(wait)
    for thread in lanes.values():
        thread.join()


def _start(lanes: dict[Lane, threading.Thread], stop: threading.Event) -> None:
    """A thread for each lane that has work and none yet."""
    for lane in outbox.lanes(locks.database_now()):
        if lane not in lanes or not lanes[lane].is_alive():
            lanes[lane] = threading.Thread(target=_empty, args=(lane, stop), name=f"{lane}")
            lanes[lane].start()


def _empty(lane: Lane, stop: threading.Event) -> None:
    """Sends until nothing of the lane may go any more."""
    try:
        while not stop.is_set():
            if _batch(lane):
                continue
            if lane not in outbox.lanes(locks.database_now()):
                break
            stop.wait(_PACE)  # there are no tokens at the moment
    except OperationalError as why:
        logger.warning("the database does not answer: %s", why)
    except Exception:
        logger.exception("a batch of provider %s, channel %s, failed", lane.provider_id, lane.channel)
        stop.wait(_AFTER_TROUBLE)
    finally:
        connections.close_all()


def _batch(lane: Lane) -> int:
    return sending.send_lane(
        lane,
        channel_for=lambda medium: CHANNELS.for_provider(lane.provider_id, medium),
        may_write_freely=CHANNELS.windows(lane.provider_id, lane.channel),
        at=locks.database_now(),
        at_once=settings.SENDING_CONNECTIONS,
    )

"""What happens by itself and may wait or retry: procrastinate tasks. Time itself is swept, never scheduled.

A job is a hint: it reads the latest state when it runs. None carries a lock or a queueing lock.
"""

import logging
import os
from pathlib import Path

import psycopg
from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from religa.actions import hear, login_code
from religa.actions import redecide as redeciding
from religa.actions.billing import run as billing
from religa.actions.bot import subjects
from religa.actions.messages import fallback, receipts, send
from religa.actions.money import differences
from religa.actions.money.look_again import look_again
from religa.entrypoints.common import throttle
from religa.entrypoints.common.channels import CHANNELS
from religa.entrypoints.jobs import bank_files
from religa.records import channels, locks, raw, retention

logger = logging.getLogger(__name__)

_STALLED_AFTER = 30  # seconds without a heartbeat; workers beat every 10
_MOST_ATTEMPTS = 5  # a job that kills its worker must not come back for ever


@app.periodic(cron="*/5 * * * * *")
@app.task(name="take_message_events")
def take_message_events(timestamp: int) -> None:
    """Hands on what platforms of messages have posted. The door that keeps a post calls it at once, besides."""
    while hear.take_callbacks(CHANNELS.heard, at=locks.database_now()):
        pass


@app.periodic(cron="29 * * * *")
@app.task(name="close_message_windows")
def close_message_windows(timestamp: int) -> None:
    """Forgets who wrote more than a day ago."""
    channels.close_windows(at=locks.database_now())


@app.periodic(cron="* * * * *")
@app.task(name="give_up_forgotten_messages")
def give_up_forgotten_messages(timestamp: int) -> None:
    """Settles messages whose sender died in the middle, and receipts that nobody has matched."""
    send.give_up_forgotten(at=locks.database_now())
    receipts.match_waiting(at=locks.database_now())


@app.periodic(cron="* * * * *")
@app.task(name="go_on_where_silent")
def go_on_where_silent(timestamp: int) -> None:
    """Tries the next channel for messages that have not arrived."""
    fallback.go_on_where_silent(at=locks.database_now())


@app.periodic(cron="* * * * *")
@app.task(name="forget_codes")
def forget_codes(timestamp: int) -> None:
    """Erases the text of one-time codes that are over."""
    login_code.forget_texts(at=locks.database_now())


@app.periodic(cron="23 * * * *")
@app.task(name="forget_tries")
def forget_tries(timestamp: int) -> None:
    """Forgets who tried what long ago, and whom programs had identified."""
    throttle.forget_old(at=locks.database_now())
    subjects.forget_old(at=locks.database_now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="redecide")
def redecide(timestamp: int) -> None:
    """Decides again what was decided with another policy, calendar or set of rules."""
    redeciding.redecide(at=locks.database_now())


@app.periodic(cron="11 * * * *")
@app.task(name="bill")
def bill(timestamp: int) -> None:
    """Makes the invoices that are due to be made; what was made an hour ago is not made again."""
    billing.run(at=locks.database_now())


@app.periodic(cron="37 * * * *")
@app.task(name="close_silent_sessions")
def close_silent_sessions(timestamp: int) -> None:
    """Ends, in the records, sessions of which nothing was heard for a day."""
    while raw.rows("SELECT radius.close_silent(1000)")[0][0]:
        pass


@app.periodic(cron="7 * * * *")
@app.task(name="make_partitions")
def make_partitions(timestamp: int) -> None:
    """Partitions of the session log for this month and the two after it."""
    for ahead in range(3):
        raw.run("SELECT make_session_partition((current_date + make_interval(months => %s))::date)", [ahead])


@app.periodic(cron="41 5 * * *")
@app.task(name="compare_ledgers")
def compare_ledgers(timestamp: int) -> None:
    """Opens a case for each payment that only one of two ledgers has seen."""
    differences.compare(at=locks.database_now())


@app.periodic(cron="53 * * * *")
@app.task(name="look_again_at_money")
def look_again_at_money(timestamp: int) -> None:
    """Credits money of nobody whose invoice has come meanwhile; an import does the same when it ends."""
    look_again(at=locks.database_now())


@app.periodic(cron="17 4 * * *")
@app.task(name="purge")
def purge(timestamp: int) -> None:
    """Takes what may not be kept any longer, where this worker was told how to connect as the role that may."""
    if url := os.environ.get("RELIGA_RETENTION_URL"):
        with psycopg.connect(url, autocommit=True) as connection:
            retention.purge(connection, at=retention.database_now(connection))


_looks: dict[Path, bank_files.Look] = {}  # of this worker: what stood in the folder a minute ago


@app.periodic(cron="* * * * *")
@app.task(name="read_bank_files")
def read_bank_files(timestamp: int) -> None:
    """Reads the return files that were put into the folder, if there is one."""
    folder, at = settings.BANK_FILES_FOLDER, locks.database_now()
    if folder is None:
        return
    if not folder.is_dir():
        logger.error("RELIGA_BANK_FILES_FOLDER: there is no folder %s", folder)
        return
    before = _looks.get(folder, bank_files.Look({}))
    _looks[folder] = bank_files.take(folder, before, at=at)


@app.periodic(cron="* * * * *")
@app.task(name="rescue_stalled_jobs", pass_context=True)
async def rescue_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Puts jobs of dead workers back, a few times; procrastinate does not do it by itself."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_AFTER):
        if job.attempts >= _MOST_ATTEMPTS:
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
        else:
            await manager.retry_job(job)

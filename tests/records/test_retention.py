"""Records whose time is over go, younger ones stay, and only the role for it can do that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta

import psycopg
import pytest
from click.testing import CliRunner

from religa.entrypoints.commands import database
from religa.records import retention, setup

pytestmark = pytest.mark.database
ROW = """INSERT INTO session_log (unique_id, session_id, username, nas_port, calling_station, called_station, octets_in,
                                  octets_out, started_at, updated_at, stopped_at)
         SELECT 'u' || n, 's' || n, 'ana', '', '', '', 0, 0, t, t, t
           FROM generate_series(1, %(count)s) n, (SELECT now() - %(age)s::interval AS t) x"""


@pytest.fixture
def owner(clone_database: Callable[[], str]) -> Iterator[psycopg.Connection]:
    with psycopg.connect(clone_database(), autocommit=True) as connection:
        yield connection


@pytest.fixture
def purger(owner: psycopg.Connection, postgres_server) -> Iterator[psycopg.Connection]:
    with psycopg.connect(address(owner, postgres_server), autocommit=True) as connection:
        yield connection


def address(owner: psycopg.Connection, server) -> str:
    return server.url(database=owner.info.dbname, user=setup.RETENTION, password="of-a-test")


def sessions(owner: psycopg.Connection, age: str, count: int = 1) -> None:
    owner.execute(ROW, {"age": age, "count": count})


def partition(owner: psycopg.Connection, age: str) -> str:
    owner.execute("SELECT make_session_partition((now() - %s::interval)::date)", (age,))
    return name_of(owner, age)


def name_of(owner: psycopg.Connection, age: str) -> str:
    query = "SELECT to_char(now() - %s::interval, '\"session_log_\"YYYY_MM')"
    return str(owner.execute(query, (age,)).fetchone()[0])


def count(owner: psycopg.Connection, table: str = "session_log") -> int:
    return int(owner.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def purge(purger: psycopg.Connection) -> retention.Old:
    return retention.purge(purger, at=retention.database_now(purger))


def test_months_that_are_older_than_the_law_asks_go_whole(owner, purger):
    names = {age: partition(owner, age) for age in ("15 months", "14 months", "12 months", "1 month", "0")}
    for age in names:
        sessions(owner, age)
    done = purge(purger)
    assert [f"session_log_{month:%Y_%m}" for month in done.months] == [names["15 months"], names["14 months"]]
    assert count(owner) == 3
    assert owner.execute("SELECT to_regclass(%s)", (names["15 months"],)).fetchone() == (None,)
    assert not purge(purger)


def test_sessions_without_a_month_of_their_own_go_too(owner, purger):
    """The default partition takes what found no other; it must not be where records live for ever."""
    for age in ("5 years", "13 months 2 days", "12 months", "1 hour"):
        sessions(owner, age)
    assert count(owner, "session_log_default") == 4
    assert purge(purger).rows["session_log_default"] == 2
    assert count(owner, "session_log_default") == 2


def test_more_than_a_batch_goes_in_several(owner, purger, monkeypatch):
    monkeypatch.setattr(retention, "_BATCH", 7)
    sessions(owner, "14 months", 50)
    assert purge(purger).rows["session_log_default"] == 50
    assert count(owner) == 0


def test_orders_and_readers_go_after_their_own_time(owner, purger):
    owner.execute("ALTER TABLE coa_log DROP CONSTRAINT coa_log_contract_fk")  # this is not about contracts
    for age in ("14 months", "12 months"):
        owner.execute(
            "INSERT INTO coa_log (at, contract_id, session_unique_id, kind, wanted, outcome)"
            " VALUES (now() - %s::interval, 1, 'u', 'coa', 'full', 'applied')",
            (age,),
        )
    for age in ("61 months", "14 months"):
        owner.execute(
            "INSERT INTO session_read (at, who, asked) VALUES (now() - %s::interval, 'Helena', 'history')",
            (age,),
        )
    for key in ("subscriber", "contract"):
        owner.execute(f"ALTER TABLE address_check DROP CONSTRAINT address_check_{key}_fk")
    for age in ("2 months", "1 day"):
        owner.execute(
            "INSERT INTO address_check (subscriber_id, contract_id, kind, old, new, whatsapp, digest, created_at, expires_at,"
            " attempts, author, reason) VALUES (1, 1, 'phone', '', '55', false, '', now() - %s::interval, now(), 0, 'a', 'b')",
            (age,),
        )
    done = purge(purger).rows
    assert {table: count for table, count in done.items() if count} == {
        "coa_log": 1, "session_read": 1, "address_check": 1,
    }  # fmt: skip
    left = [count(owner, table) for table in ("coa_log", "session_read", "address_check")]
    assert left == [1, 1, 1]


def test_ended_push_subscriptions_go_and_living_ones_outlive_their_session(owner, purger):
    for table, key in (("push_subscription", "subscriber"), ("push_subscription", "message_channel"),
                       ("portal_session", "subscriber")):  # fmt: skip
        owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_{key}_fk")
    [session] = owner.execute(
        "INSERT INTO portal_session (subscriber_id, digest, since, seen_at, ends_at, device, proof)"
        " VALUES (1, '', now() - interval '8 months', now() - interval '8 months', now() - interval '8 months',"
        " 'mac', 'code') RETURNING id"
    ).fetchone()
    for digest, ended in (("a", "7 months"), ("b", "5 months"), ("c", None)):
        owner.execute(
            "INSERT INTO push_subscription (subscriber_id, message_channel_id, portal_session_id, digest, sealed, device,"
            " created_at, ended_at, why) SELECT 1, 1, %(s)s, %(d)s::bytea, CASE WHEN e.at IS NULL THEN 'x'::bytea END,"
            " 'mac', now() - interval '8 months', e.at, CASE WHEN e.at IS NULL THEN '' ELSE 'gone' END"
            "   FROM (SELECT now() - %(e)s::interval AS at) e",
            {"s": session, "d": digest, "e": ended},
        )
    done = purge(purger).rows
    assert (done["push_subscription"], done["portal_session"]) == (1, 1)
    left = owner.execute("SELECT digest FROM push_subscription ORDER BY id").fetchall()
    assert left == [(b"b",), (b"c",)]


def test_a_clock_that_is_ahead_takes_nothing_more(owner, purger):
    sessions(owner, "1 hour")
    partition(owner, "1 month")
    ahead = retention.database_now(purger) + timedelta(days=3650)
    assert not retention.look(purger, at=ahead)
    assert not retention.purge(purger, at=ahead)
    assert count(owner) == 1


def test_the_role_deletes_no_record_that_is_to_be_kept(owner, purger):
    """By its rights it could: the months it cannot drop are checked by the database itself."""
    partition(owner, "11 months")
    with pytest.raises(psycopg.errors.CheckViolation, match="not old enough"):
        purger.execute("SELECT drop_session_partition((now() - interval '11 months')::date, now())")


def test_a_busy_log_is_not_waited_for(owner, purger):
    partition(owner, "15 months")
    with psycopg.connect(owner.info.dsn, password=owner.info.password) as busy:
        busy.execute("SELECT count(*) FROM session_log")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            purge(purger)
    assert purge(purger).months


def test_a_month_is_made_although_sessions_came_first(owner):
    sessions(owner, "0", 3)
    assert count(owner, "session_log_default") == 3
    name = partition(owner, "0")
    assert (count(owner, name), count(owner, "session_log_default"), count(owner)) == (3, 0, 3)
    assert partition(owner, "0") == name


def test_the_command_says_what_would_go_and_takes_it(owner, postgres_server, monkeypatch):
    from religa.entrypoints.commands.purge import purge as command

    partition(owner, "15 months")
    sessions(owner, "15 months")
    monkeypatch.setenv("RELIGA_RETENTION_URL", address(owner, postgres_server))
    _without_a_database_of_its_own(monkeypatch)
    month = name_of(owner, "15 months")[-7:].replace("_", "-")
    said = CliRunner().invoke(command, ["--dry-run"]).output
    assert f"sessions of {month}" in said
    assert "nothing was deleted" in said
    assert count(owner) == 1
    assert "Deleted." in CliRunner().invoke(command, []).output
    assert count(owner) == 0
    assert CliRunner().invoke(command, []).output == "Nothing is too old.\n"


def test_the_command_wants_to_know_how_to_connect(monkeypatch):
    from religa.entrypoints.commands.purge import purge as command

    monkeypatch.delenv("RELIGA_RETENTION_URL", raising=False)
    _without_a_database_of_its_own(monkeypatch)
    answer = CliRunner().invoke(command, [])
    assert answer.exit_code == 2
    assert "RELIGA_RETENTION_URL" in answer.output


def test_the_job_does_the_same_every_night(owner, postgres_server, monkeypatch):
    from religa.entrypoints import jobs

    sessions(owner, "14 months")
    monkeypatch.delenv("RELIGA_RETENTION_URL", raising=False)
    jobs.purge(timestamp=0)
    assert count(owner) == 1
    monkeypatch.setenv("RELIGA_RETENTION_URL", address(owner, postgres_server))
    jobs.purge(timestamp=0)
    assert count(owner) == 0


def _without_a_database_of_its_own(monkeypatch):
    """Once `religa` was imported, it has put the installation's database under the command."""
    monkeypatch.setattr(database, "provided", nullcontext)

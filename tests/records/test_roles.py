"""Who may do what: as the roles themselves."""

from contextlib import contextmanager
from datetime import date

import psycopg
import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from religa.domain.facts import Evidence, Notice, NoticeKind, Settlement, Suspension
from religa.records import models as tables
from religa.records import network_secrets, setup

from . import rows
from .rows import AT, DAY

pytestmark = pytest.mark.django_db


@contextmanager
def as_role(role):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}")
        yield
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def denied(role, statement):
    """Whether the role is refused for want of a privilege, and for nothing else."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}")
            cursor.execute(statement)
    except ProgrammingError as error:
        return isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege)
    return False


def first_column(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum LIMIT 1",
            [table],
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize("table", setup.APPEND_ONLY)
def test_the_application_only_appends(table):
    column = first_column(table)
    assert denied(setup.APP, f"UPDATE {table} SET {column} = {column}")
    assert denied(setup.APP, f"DELETE FROM {table}")
    assert denied(setup.APP, f"TRUNCATE {table}")
    assert not denied(setup.APP, f"SELECT * FROM {table}")


@pytest.mark.parametrize(
    "table", ["payment", "allocation", "credit_entry", "delivery_event", "access_change", "policy_version",
              "provider_event", "payment_reversal", "adjustment"],
)  # fmt: skip
def test_money_evidence_and_history_are_append_only(table):
    """What docs/decisions/0003 promises by name, whatever becomes of the list."""
    assert table in setup.APPEND_ONLY


@pytest.mark.parametrize("table", [*setup.KEPT, *setup.ENDS_ONLY])
def test_the_application_deletes_no_history(table):
    assert denied(setup.APP, f"DELETE FROM {table}")


@pytest.mark.parametrize("table", setup.ENDS_ONLY)
def test_of_blocks_and_unlocks_only_the_end_may_be_written(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = ''",
            [table],
        )
        columns = {name for (name,) in cursor.fetchall()}
    writable = {c for c in columns if not denied(setup.APP, f"UPDATE {table} SET {c} = {c}")}
    assert writable == set(setup.ENDS_ONLY[table])


def test_the_application_can_do_its_daily_work(provider, ana):
    """Money, a notice, a block and its end, written with no more than the role has."""
    with as_role(setup.APP):
        notice = Notice(NoticeKind.DEBT, ("I1",), AT - 20 * DAY, ((AT - 20 * DAY, Evidence.SENT),))
        opened = Suspension(AT - DAY, ("I1",), 9990)
        rows.change(ana, invoices=(rows.invoice(),), notices=(notice,), suspensions=(opened,))
        facts = rows.load(ana).facts
        paid = Settlement("E1", AT, AT, date(2026, 12, 1), (9990,))
        settled = facts.with_invoice(_replaced(facts.invoices[0], settlements=(paid,)))
        closed = _replaced(facts.suspensions[0], closed_at=AT, why_closed="settled")
        rows.save(ana, _replaced(settled, payments=(rows.payment(),), suspensions=(closed,)))
        assert rows.load(ana).facts.open_suspension is None
        record = tables.AccessRecord.objects.create(contract_id=ana, username="ana")
        network_secrets.set_passwords([network_secrets.Password(record.pk, clear="s3nha")])
        network_secrets.set_passwords([network_secrets.Password(record.pk, hash="{x}", scheme="ssha")])
    with connection.cursor() as cursor:
        cursor.execute("SELECT clear, hash, scheme FROM radius_secret.network_password")
        assert cursor.fetchall() == [(None, "{x}", "ssha")]


def test_the_application_sees_what_the_network_is_in(ana):
    with as_role(setup.APP), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM radius.live WHERE drifts AND updated_at > now() - radius.fresh_for()"
        )
        assert cursor.fetchone() == (0,)


def _replaced(fact, **changes):
    from dataclasses import replace

    return replace(fact, **changes)


@pytest.mark.parametrize("what", ["clear", "hash", "scheme"])
def test_nobody_reads_a_network_password_back(what):
    assert denied(setup.APP, f"SELECT {what} FROM radius_secret.network_password")
    assert denied(setup.RADIUS, f"SELECT {what} FROM radius_secret.network_password")
    assert denied(setup.RETENTION, f"SELECT {what} FROM radius_secret.network_password")


def test_nobody_reads_a_nas_secret_back():
    assert denied(setup.APP, "SELECT secret FROM radius_secret.nas_secret")
    assert denied(setup.RADIUS, "SELECT secret FROM radius_secret.nas_secret")


def test_radius_sees_no_table():
    names = [m._meta.db_table for m in apps.get_app_config("records").get_models() if m._meta.managed]
    assert [t for t in names if not denied(setup.RADIUS, f"SELECT 1 FROM {t}")] == []


def test_retention_purges_but_does_not_write_history():
    assert not denied(setup.RETENTION, "DELETE FROM delivery_event")
    assert not denied(setup.RETENTION, "UPDATE access_change SET cause = NULL, salt = NULL")
    assert denied(setup.RETENTION, "UPDATE access_change SET access = 'full'")
    assert denied(setup.RETENTION, "UPDATE payment SET amount = 1")
    assert denied(setup.RETENTION, "DELETE FROM contract")


def test_the_application_makes_partitions_and_retention_drops_them():
    with as_role(setup.APP), connection.cursor() as cursor:
        cursor.execute("SELECT make_session_partition(date '2024-03-15')")
    assert denied(setup.APP, "SELECT drop_session_partition(date '2024-03-15', now())")
    with as_role(setup.RETENTION), connection.cursor() as cursor:
        cursor.execute("SELECT drop_session_partition(date '2024-03-15', now())")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('session_log_2024_03')")
        assert cursor.fetchone() == (None,)


def test_the_application_takes_statistics_of_what_it_has_just_written(ana):
    columns = "(contract_id, since, reason, author, ended_by)"
    with as_role(setup.APP), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO bar {columns} SELECT {ana}, now(), n, '', '' FROM generate_series(1, 2000) n"
        )
        cursor.execute("SELECT take_statistics()")
        cursor.execute("SELECT n_distinct FROM pg_stats WHERE (tablename, attname) = ('bar', 'contract_id')")
        assert cursor.fetchone() == (1,)
    assert denied(setup.RADIUS, "SELECT take_statistics()")


def test_every_table_is_in_some_list_or_freely_written():
    """A table that is neither must hold nothing that is money, evidence or history: look twice before adding it."""
    names = {m._meta.db_table for m in apps.get_app_config("records").get_models() if m._meta.managed}
    free = names - set(setup.APPEND_ONLY) - set(setup.KEPT) - set(setup.ENDS_ONLY)
    assert free == {
        "access_record", "api_subject", "channel_pace", "feed_heartbeat", "idempotency_key", "login_code",
        "message_event_todo", "message_window", "nas", "nas_health", "plan", "portal_passkey", "portal_password",
        "provider_event_todo", "session_live", "staff_member", "subscriber_pay_day", "subscriber_phone",
    }  # fmt: skip

"""Testing a router's CoA port: the page asks, the reconciler's role carries out."""

import asyncio
from contextlib import asynccontextmanager

import psycopg
import pytest

import aside
from religa.actions import nas_tests
from religa.adapters.fakes.dynamic_authorization import ScriptedRouters
from religa.domain.pushing import Kind, NoAnswer, Refused
from religa.records import setup

SECRET = "a secret of the tests"


@pytest.fixture
def database(clone_database):
    """A database of its own: the reconciler has another connection, and sees what is committed."""
    with psycopg.connect(clone_database(), autocommit=True) as superuser:
        yield superuser


def nas(database, address="10.0.0.1", *, source=None, reach="coa"):
    [number] = database.execute(
        "INSERT INTO nas (name, address, vendor, identifier, enabled, coa_port, source, settings, reach)"
        " VALUES ('n', %s, 'mikrotik', '', true, 1700, %s, '{}', %s) RETURNING id",
        [address, source, reach],
    ).fetchone()
    database.execute("INSERT INTO radius_secret.nas_secret VALUES (%s, %s)", [number, SECRET])
    return number


def ask(database, nas_id):
    database.execute("INSERT INTO nas_test (nas_id, asked_at, asked_by) VALUES (%s, now(), 'Rita')", [nas_id])


@asynccontextmanager
async def reconciler(database):
    info = database.info
    url = psycopg.conninfo.make_conninfo(
        "", host=info.host, port=info.port, dbname=info.dbname, user=info.user, password=info.password
    )
    connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
    try:
        await connection.execute(f"SET ROLE {setup.NETWORK}")
        yield connection
    finally:
        await connection.close()


def carry_out(database, routers):
    async def once():
        async with reconciler(database) as connection:
            return await nas_tests.carry_out(routers, connection)

    return aside.run(once())


def answers(database):
    query = "SELECT outcome, error_cause, took_ms, answered_at IS NOT NULL FROM nas_test ORDER BY id"
    return database.execute(query).fetchall()


def test_an_order_for_nobody_is_sent_and_its_answer_kept(database):
    ask(database, nas(database, source="10.9.0.1"))
    routers = ScriptedRouters([Refused(503, 12.5)])
    assert carry_out(database, routers) == 1
    [order] = routers.sent
    assert (order.kind, order.address, order.port, order.source) == (Kind.COA, "10.0.0.1", 1700, "10.9.0.1")
    assert order.secret == SECRET and SECRET not in repr(order)
    assert order.attributes == (("User-Name", "religa-test"), ("Acct-Session-Id", "religa-test"))
    assert answers(database) == [("refused", 503, 12.5, True)]
    assert carry_out(database, routers) == 0, "a test is carried out once"


def test_many_are_carried_out_at_once(database):
    for n in range(1, 4):
        ask(database, nas(database, f"10.0.0.{n}"))
    waiting, all_here = [], asyncio.Event()

    class Slow(ScriptedRouters):
        async def send(self, order):
            waiting.append(order)
            if len(waiting) == 3:
                all_here.set()
            await asyncio.wait_for(all_here.wait(), 5)
            return NoAnswer()

    assert carry_out(database, Slow()) == 3
    assert answers(database) == [("silent", None, None, True)] * 3


def test_a_network_is_asked_where_a_session_lives(database):
    network = nas(database, "10.0.0.0/24")
    ask(database, network)
    assert carry_out(database, ScriptedRouters()) == 1
    assert answers(database)[0][0] == "no_address"
    database.execute(
        "INSERT INTO session_live (unique_id, session_id, username, nas_id, nas_address, nas_port, calling_station,"
        " called_station, started_at, updated_at, octets_in, octets_out)"
        " VALUES ('u', 's', 'ana', %s, '10.0.0.7', '', '', '', now(), now(), 0, 0)",
        [network],
    )
    ask(database, network)
    routers = ScriptedRouters()
    carry_out(database, routers)
    assert [order.address for order in routers.sent] == ["10.0.0.7"]


@pytest.mark.django_db(transaction=True)
def test_asking_wakes_the_reconciler_and_is_done_once():
    from django.db import connection

    from religa.records.models import Nas, NasTest

    router = Nas.objects.create(name="n", address="10.0.0.1")
    connection.ensure_connection()
    with psycopg.connect(connection.connection.info.dsn, password=connection.settings_dict["PASSWORD"],
                         autocommit=True) as listener:  # fmt: skip
        listener.execute("LISTEN religa_access")
        asked = [nas_tests.ask(nas_id=router.pk, by="Rita", at=_now()) for _ in range(2)]
        heard = [n.payload for n in listener.notifies(timeout=2, stop_after=2)]
    assert asked == [True, False] and heard == ["test", "test"]
    assert NasTest.objects.get().asked_by == "Rita"


def _now():
    from religa.records import locks

    return locks.database_now()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE nas_test SET outcome = 'refused'", "DELETE FROM nas_test", "SELECT * FROM radius.tests_waiting()",
     "SELECT radius.test_done(1, 'refused', 503, 1)"],
)  # fmt: skip
def test_the_pages_cannot_write_an_answer_or_read_a_secret(database, statement):
    database.execute(f"SET ROLE {setup.APP}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database.execute(statement)


@pytest.mark.parametrize("statement", ["SELECT * FROM nas_test", "SELECT * FROM radius_secret.nas_secret"])
def test_the_reconciler_has_its_two_doors_alone(database, statement):
    database.execute(f"SET ROLE {setup.NETWORK}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database.execute(statement)

"""FreeRADIUS listens to the network: what its role may do must be next to nothing."""

import psycopg
import pytest

DOORS = {"answer", "nas", "nas_named", "account", "overlay"}
EXPORT = {"survival_count", "survival_logins", "survival_routers"}  # of another role
OF_THE_RECONCILER = {
    "drifting", "sessions_of", "routers", "vendors", "pushed", "router_seen", "tests_waiting", "test_done",
    "api_routers", "is_let_go", "wanted_of", "told_by_api",
}  # fmt: skip
OF_THE_APPLICATION = {"close_silent"}
TRIGGERS = {
    "make_replies",
    "vendor_keeps_promises",
}  # run for whoever writes a vendor, and can be called by nobody


@pytest.fixture
def role(radius, role_url: str):
    with psycopg.connect(role_url, autocommit=True) as connection:
        yield connection


def test_the_role_may_open_the_doors_and_nothing_else(role):
    rows = role.execute(
        "SELECT proname, has_function_privilege(oid, 'EXECUTE') FROM pg_proc"
        " WHERE pronamespace = 'radius'::regnamespace"
    ).fetchall()
    assert {name for name, may in rows if may} == DOORS
    assert {name for name, may in rows if not may} > {"headed", "take", "burst_of"}


def test_the_reconciler_may_open_its_own_doors_and_nothing_else(role):
    rows = role.execute(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'radius'::regnamespace"
        " AND has_function_privilege('religa_network', oid, 'EXECUTE')"
    ).fetchall()
    assert {name for (name,) in rows} == OF_THE_RECONCILER


def test_no_table_is_open_to_the_role(role):
    rows = role.execute(
        "SELECT c.oid::regclass::text, bool_or(has_table_privilege(c.oid, p))"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,"
        "      unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p"
        " WHERE n.nspname IN ('public', 'radius', 'radius_secret') AND c.relkind IN ('r', 'p', 'v', 'm') GROUP BY 1"
    ).fetchall()
    assert len(rows) > 30
    assert [table for table, may in rows if may] == []


STATEMENTS = [
    "SELECT radius.released()",
    "SELECT * FROM radius.reply",
    "SELECT * FROM radius.reply_template",
    "SELECT * FROM radius_secret.network_password",
    "SELECT * FROM radius_secret.nas_secret",
    "SELECT * FROM contract",
    "UPDATE contract_access SET access = 'full'",
    "DELETE FROM session_live",
    "CREATE TABLE mine ()",
    "CREATE FUNCTION radius.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "SET ROLE religa_owner",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_what_the_role_may_not_do_is_denied(role, statement: str):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        role.execute(statement)


def test_the_doors_cannot_be_led_to_other_functions(role):
    """A definer function that looked names up in the caller's path would run the caller's functions as the owner."""
    rows = role.execute(
        "SELECT proname, proconfig FROM pg_proc WHERE pronamespace = 'radius'::regnamespace AND prosecdef"
    ).fetchall()
    assert dict(rows) == dict.fromkeys(
        DOORS | OF_THE_RECONCILER | EXPORT | TRIGGERS | OF_THE_APPLICATION,
        ["search_path=pg_catalog, pg_temp"],
    )
    role.execute("CREATE TEMP TABLE contract_access (contract_id bigint, access text)")
    assert role.execute("SELECT count(*) FROM radius.nas('127.0.0.1')").fetchone() == (5,)


def test_other_roles_may_not_ask_for_passwords(postgres_server, town):
    url = postgres_server.url(database=psycopg.conninfo.conninfo_to_dict(town.url)["dbname"], user="religa_app",
                              password="of-a-test")  # fmt: skip
    with psycopg.connect(url, autocommit=True) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("SELECT * FROM radius.answer('616e61', '', 'mikrotik')")

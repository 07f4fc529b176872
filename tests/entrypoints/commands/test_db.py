"""`religa db setup` on a provider's own server: by a superuser, by the owner of the database, and by neither."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from click.testing import CliRunner, Result
from psycopg import sql

from religa.adapters.postgres import databases
from religa.adapters.postgres.server import Server
from religa.entrypoints.commands import main
from religa.records import setup

pytestmark = [pytest.mark.slow, pytest.mark.database, pytest.mark.xdist_group("religa db")]
NAME, SOMEBODY = "given", "somebody"


@pytest.fixture(scope="module")
def own_server(tmp_path_factory) -> Iterator[Server]:
    """A server on which nothing of Religa was ever done."""
    folder = tmp_path_factory.mktemp("own")
    for parent in (folder, folder.parent):
        parent.chmod(0o711)
    source = os.environ.get("RELIGA_TEST_POSTGRES", "wheel")
    server = Server(folder=folder / "postgres", durable=False, source=source)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def superuser(own_server: Server) -> Iterator[str]:
    """The superuser's address of an empty database, on a server without our roles."""
    server_url = own_server.url(database="postgres")
    databases.create(server_url=server_url, name=NAME)
    yield own_server.url(database=NAME)
    databases.drop(server_url=server_url, name=NAME)
    with psycopg.connect(server_url, autocommit=True) as connection:
        for role in (*setup.ROLES, SOMEBODY):
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


@pytest.fixture
def somebody(superuser: str, own_server: Server) -> str:
    """The address of the same database for a user without any right."""
    run(superuser, f"CREATE ROLE {SOMEBODY} LOGIN PASSWORD 'of-a-test'")
    return own_server.url(database=NAME, user=SOMEBODY, password="of-a-test")


def run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def set_up(*arguments: str, **environment: str) -> Result:
    addresses = {"DATABASE_URL": "", "RELIGA_OWNER_URL": "", **environment}
    return CliRunner().invoke(main.main, ["db", "setup", *arguments], env=addresses, catch_exceptions=False)


def addresses_in(output: str) -> tuple[str, str]:
    """The settings it printed: the application's address, and FreeRADIUS's."""
    app, radius = (
        re.search(rf"^ +{name}=(\S+)$", output, re.MULTILINE)
        for name in ("DATABASE_URL", "RELIGA_RADIUS_URL")
    )
    return app[1], radius[1]


def is_religas(url: str) -> bool:
    """Whether this log-in finds Religa's tables, and may not change what happened."""
    with psycopg.connect(url) as connection:
        connection.execute("SELECT count(*) FROM contract_access")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM access_change")
    return True


def test_a_superuser_makes_all_of_it_once_and_is_told_the_new_log_ins(superuser):
    first = set_up(RELIGA_OWNER_URL=superuser, DATABASE_URL="postgresql://nobody@127.0.0.1:1/x")
    assert first.exit_code == 0, first.output
    for role in setup.ROLES:
        assert f"done: role {role}\n" in first.output
    assert re.search(r"done: \d+ migrations", first.output)
    app, radius = addresses_in(first.output)
    with psycopg.connect(radius) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (setup.RADIUS,)

    second = set_up(DATABASE_URL=superuser)
    assert second.exit_code == 0
    assert "Nothing was missing" in second.output
    assert "DATABASE_URL=" not in second.output
    assert is_religas(app)


def test_who_owns_the_database_and_may_create_roles_needs_no_superuser(superuser, somebody):
    run(superuser, f"ALTER ROLE {SOMEBODY} CREATEROLE", f"ALTER DATABASE {NAME} OWNER TO {SOMEBODY}")
    done = set_up("--url", somebody)
    assert done.exit_code == 0, done.output
    assert is_religas(addresses_in(done.output)[0])


def test_who_may_not_is_given_sql_without_passwords_that_makes_it_possible(superuser, somebody):
    refused = set_up("--url", somebody)
    assert refused.exit_code == 1
    assert "role religa_owner" in refused.stderr and "extension btree_gist" in refused.stderr
    app, _ = addresses_in(refused.stderr)
    statements = refused.stdout.splitlines()
    assert all(re.match(r"(CREATE|ALTER|GRANT) .*;$", line) for line in statements), "nothing else"
    assert urlsplit(app).password not in refused.stdout, "the SQL goes through other hands"

    run(superuser, *statements)
    done = set_up("--url", somebody)
    assert done.exit_code == 0, done.output
    assert is_religas(app)


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/nowhere", "no address"])
def test_a_database_that_does_not_answer_is_said_in_one_sentence(url):
    answer = set_up("--url", url)
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: The database does not answer: ")


def test_without_an_address_nothing_is_guessed():
    answer = set_up()
    assert answer.exit_code == 2
    assert "RELIGA_OWNER_URL or DATABASE_URL" in answer.output

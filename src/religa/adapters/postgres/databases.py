"""Databases inside a running server."""

import psycopg
from psycopg import sql


def create(*, server_url: str, name: str, template: str = "template0") -> None:
    """Create database `name` as a copy of `template`, unless it is there already."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if found is None:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


def drop(*, server_url: str, name: str) -> None:
    """Drop database `name`, with the connections that still use it."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

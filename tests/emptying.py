"""Empties the tables after a test that commits, in milliseconds: Django's TRUNCATE makes a hundred tables and their indexes
anew (0.2 s), for the few that have rows."""

import functools

from django.db import connection, transaction
from django.test import TransactionTestCase
from psycopg import sql

# Django's tables, and those that name one of them: what TRUNCATE ... CASCADE would reach.
REACHED = """
    WITH RECURSIVE reached AS (
        SELECT name::regclass::oid AS id FROM unnest(%s::text[]) name
        UNION
        SELECT c.conrelid FROM reached r JOIN pg_constraint c ON c.confrelid = r.id AND c.contype = 'f'
    )
    SELECT n.nspname, t.relname FROM reached r JOIN pg_class t ON t.oid = r.id JOIN pg_namespace n ON n.oid = t.relnamespace
"""


def use_for_tests_that_commit() -> None:
    TransactionTestCase._fixture_teardown = lambda self: empty()


def empty() -> None:
    """Deletes every row, of all tables at once, so that no trigger or foreign key has anything to say."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_which_have_rows(connection.settings_dict["NAME"]))
        deletes = [sql.SQL("DELETE FROM {}").format(sql.Identifier(*table)) for table in cursor.fetchall()]
        cursor.execute(
            sql.SQL("; ").join([sql.SQL("SET LOCAL session_replication_role = replica"), *deletes])
        )


@functools.cache
def _which_have_rows(database: str) -> sql.Composed:
    """Asks for the schema and name of each table with a row; `database` is what the tables are known of."""
    with connection.cursor() as cursor:
        cursor.execute(REACHED, [connection.introspection.django_table_names(only_existing=True)])
        tables = cursor.fetchall()
    return sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, {} WHERE EXISTS (SELECT FROM {})").format(*table, sql.Identifier(*table))
        for table in tables
    )

"""Schemas, partitions, triggers, names of foreign keys, roles."""

from importlib.resources import files

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from psycopg import sql

from religa.records import setup


def _run(schema_editor: BaseDatabaseSchemaEditor, name: str, **parameters: object) -> None:
    text = (files("religa.records") / "sql" / name).read_text()
    raw = schema_editor.connection.connection
    if parameters:
        literals = {key: sql.Literal(value).as_string(raw) for key, value in parameters.items()}
        for key, literal in literals.items():
            text = text.replace(f"%({key})s", literal)
    raw.execute(text)


def guarantee(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    tables = [m._meta.db_table for m in apps.get_app_config("records").get_models()]
    _run(schema_editor, "tables.sql")
    _run(schema_editor, "guarantees.sql", tables=tables)
    _run(schema_editor, "closings.sql")
    _run(schema_editor, "titles.sql")


def prepare(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Roles are there; what each may do is said after the last migration (`setup.finish`)."""
    outcome = setup.prepare(schema_editor.connection.connection)
    if isinstance(outcome, setup.Missing):
        raise RuntimeError("Run `religa db setup` first. Missing: " + "; ".join(outcome.what))


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [
        migrations.RunPython(guarantee, migrations.RunPython.noop),
        migrations.RunPython(prepare, migrations.RunPython.noop),
    ]

"""Runs the files of schema `radius` again: a log-in reads one row of templates, and no view."""

from importlib import import_module

from django.db import migrations

functions = import_module("religa.records.migrations.0003_radius_functions")

NO_MORE = """
    DROP FUNCTION IF EXISTS radius.vendor_items(text, text, integer, integer, text, text, text, text, text);
    DROP VIEW IF EXISTS radius.login;
"""


def define(apps, schema_editor):
    schema_editor.connection.connection.execute(NO_MORE)
    functions.define(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("records", "0003_radius_functions")]
    operations = [migrations.RunPython(define, migrations.RunPython.noop)]

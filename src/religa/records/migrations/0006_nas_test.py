"""Tests of a router's CoA port."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

RENAME = """
    DO $$
    DECLARE found name := (SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = 'nas_test'::regclass);
    BEGIN
        EXECUTE format('ALTER TABLE nas_test RENAME CONSTRAINT %I TO nas_test_nas_fk', found);
    END $$
"""


def name_the_key(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Makes the foreign key now and not at the end, so that it gets a readable name as all others have."""
    for statement in schema_editor.deferred_sql:
        schema_editor.execute(statement, None)
    schema_editor.deferred_sql.clear()
    schema_editor.execute(RENAME, None)


class Migration(migrations.Migration):
    dependencies = [("records", "0005_network_switch")]
    operations = [
        migrations.CreateModel(
            name="NasTest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.TextField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField(db_default="", default="")),
                ("error_cause", models.IntegerField(null=True)),
                ("took_ms", models.FloatField(null=True)),
                ("nas", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.nas")),
            ],
            options={
                "db_table": "nas_test",
                "indexes": [models.Index(fields=["nas", "-asked_at"], name="nas_test_latest")],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("answered_at__isnull", True)), fields=("nas",), name="nas_test_one_waiting"),
                    models.CheckConstraint(condition=models.Q(("outcome__in", ["", "acknowledged", "no_address", "not_sent", "refused", "silent"])), name="nas_test_outcome_known"),
                    models.CheckConstraint(condition=models.Q(("answered_at__isnull", True), models.Q(("outcome", ""), _negated=True), _connector="OR"), name="nas_test_answer_whole"),
                ],
            },
        ),
        migrations.RunPython(name_the_key, migrations.RunPython.noop),
    ]

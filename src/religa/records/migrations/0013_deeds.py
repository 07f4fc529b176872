"""What subscribers do by themselves: parts of a debt by Pix, the day on which they are paid, exports of their data."""

from importlib.resources import files

import django.db.models.deletion
from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db import migrations, models


def finish(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Makes the foreign keys now and not at the end, so that they get readable names as all others have."""
    for statement in schema_editor.deferred_sql:
        schema_editor.execute(statement, None)
    schema_editor.deferred_sql.clear()
    names = (files("religa.records") / "sql" / "foreign_keys.sql").read_text()
    schema_editor.connection.connection.execute(names)


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0012_bots"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("format", models.TextField()),
                ("protocol", models.TextField()),
            ],
            options={
                "db_table": "data_export",
            },
        ),
        migrations.CreateModel(
            name="SubscriberPayDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField()),
                ("number", models.SmallIntegerField()),
                ("set_at", models.DateTimeField()),
            ],
            options={
                "db_table": "subscriber_pay_day",
            },
        ),
        migrations.RemoveConstraint(
            model_name="charge",
            name="charge_scope_known",
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(condition=models.Q(("scope__in", ["everything", "invoice", "late", "least", "stated"])), name="charge_scope_known"),
        ),
        migrations.AddField(
            model_name="dataexport",
            name="provider",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.provider"),
        ),
        migrations.AddField(
            model_name="dataexport",
            name="subscriber",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.subscriber"),
        ),
        migrations.AddField(
            model_name="subscriberpayday",
            name="subscriber",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.subscriber"),
        ),
        migrations.AddIndex(
            model_name="dataexport",
            index=models.Index(fields=["at"], name="data_export_at"),
        ),
        migrations.AddConstraint(
            model_name="dataexport",
            constraint=models.CheckConstraint(condition=models.Q(("format__in", ["json", "zip"])), name="data_export_format_known"),
        ),
        migrations.AddConstraint(
            model_name="subscriberpayday",
            constraint=models.UniqueConstraint(fields=("subscriber",), name="subscriber_pay_day_subscriber_once"),
        ),
        migrations.AddConstraint(
            model_name="subscriberpayday",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", ["bank_day", "bank_day_from_end", "month_day"])), name="subscriber_pay_day_kind_known"),
        ),
        migrations.AddConstraint(
            model_name="subscriberpayday",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("kind", "month_day"), ("number__gte", 1), ("number__lte", 31)), models.Q(("kind", "bank_day"), ("number__gte", 1), ("number__lte", 10)), models.Q(("kind", "bank_day_from_end"), ("number__gte", 1), ("number__lte", 5)), _connector="OR"), name="subscriber_pay_day_number_in_month"),
        ),
        migrations.RunPython(finish, migrations.RunPython.noop),
    ]

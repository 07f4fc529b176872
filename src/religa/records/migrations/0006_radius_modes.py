"""The switch of the network, the overlay of a proxy and the export for survival: runs schema `radius` again."""

from importlib import import_module

from django.db import migrations, models

functions = import_module("religa.records.migrations.0003_radius_functions")


def define(apps, schema_editor):
    functions.define(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("records", "0004_radius_replies")]
    operations = [
        migrations.CreateModel(
            name="NetworkSwitch",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("enforce", models.BooleanField(default=True)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.TextField()),
                ("reason", models.TextField(default="")),
            ],
            options={
                "db_table": "network_switch",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="network_switch_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("changed_by", ""), _negated=True), name="network_switch_names_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("enforce", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="network_switch_release_names_reason",
                    ),
                ],
            },
        ),
        migrations.RunPython(define, migrations.RunPython.noop),
    ]

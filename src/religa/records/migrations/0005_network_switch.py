"""The switch of the whole network."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0004_network_more")]
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
    ]

"""Every table that Django's models describe, each after those that it names: so Django need not work out again, at
every step, what it knows of the others (a third of the time)."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import religa.records.models.base
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.CreateModel(
            name="Provider",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                ("trade_name", models.TextField(default="")),
                ("cnpj", models.TextField()),
                ("address", models.TextField(default="")),
                ("zone", models.TextField(default="America/Sao_Paulo")),
                ("uf", models.TextField(default="")),
                ("ibge_code", models.TextField(default="")),
                ("phones", models.JSONField(default=list)),
                ("email", models.TextField(default="")),
                ("site", models.TextField(default="")),
                ("payee", models.TextField(default="")),
                ("pix_key", models.TextField(default="")),
                ("enforcement_off_since", models.DateTimeField(null=True)),
                ("enforcement_off_by", models.TextField(default="")),
                ("first_run_approved_at", models.DateTimeField(null=True)),
                ("first_run_approved_by", models.TextField(default="")),
            ],
            options={
                "db_table": "provider",
                "constraints": [
                    models.UniqueConstraint(fields=("cnpj",), name="provider_cnpj_once"),
                    models.CheckConstraint(
                        condition=models.Q(("cnpj__regex", "^[0-9A-Z]{12}[0-9]{2}$")),
                        name="provider_cnpj_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscriber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.provider",
                    ),
                ),
                ("external_id", models.TextField()),
                ("kind", models.TextField()),
                ("document", models.TextField()),
                ("name", models.TextField()),
                ("email", models.TextField(default="")),
                ("language", models.TextField(default="pt-br")),
            ],
            options={
                "db_table": "subscriber",
                "indexes": [models.Index(fields=["document"], name="subscriber_document")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "external_id"), name="subscriber_external_id_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["company", "person"])), name="subscriber_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "es", "pt-br"])),
                        name="subscriber_language_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("document__regex", "^([0-9]{11}|[0-9A-Z]{12}[0-9]{2})$")),
                        name="subscriber_document_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.provider",
                    ),
                ),
                ("external_id", models.TextField()),
                ("name", models.TextField()),
                ("price", models.BigIntegerField(default=0)),
                ("down_kbps", models.IntegerField()),
                ("up_kbps", models.IntegerField()),
                ("burst_down_kbps", models.IntegerField(null=True)),
                ("burst_up_kbps", models.IntegerField(null=True)),
                ("burst_threshold_down_kbps", models.IntegerField(null=True)),
                ("burst_threshold_up_kbps", models.IntegerField(null=True)),
                ("burst_seconds", models.IntegerField(null=True)),
            ],
            options={
                "db_table": "plan",
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "external_id"), name="plan_external_id_once"),
                    models.CheckConstraint(
                        condition=models.Q(("down_kbps__gt", 0), ("up_kbps__gt", 0)),
                        name="plan_speed_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("price__gte", 0)), name="plan_price_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.provider"
                    ),
                ),
                ("source", models.TextField()),
                ("files", models.JSONField(default=list)),
                ("state", models.TextField(default="running")),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("contracts_touched", models.IntegerField(default=0)),
                ("held", models.BooleanField(default=False)),
                ("released_at", models.DateTimeField(null=True)),
                ("released_by", models.TextField(default="")),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "import_batch",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["done", "refused", "running"])),
                        name="import_batch_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released_at__isnull", True),
                            models.Q(("released_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="import_batch_release_names_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.provider",
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.subscriber"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.plan",
                    ),
                ),
                (
                    "import_batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.importbatch",
                    ),
                ),
                ("external_id", models.TextField()),
                ("segment", models.TextField(default="home")),
                ("since", models.DateField()),
                ("holder_since", models.DateTimeField(null=True)),
                ("address", models.TextField(default="")),
                ("city", models.TextField(default="")),
                ("uf", models.TextField(default="")),
                ("ibge_code", models.TextField(default="")),
                ("rgc_exempt", models.BooleanField(default=False)),
                ("bound_until", models.DateField(null=True)),
                ("due_day", models.SmallIntegerField(null=True)),
                ("terminated_at", models.DateTimeField(null=True)),
                ("terminated_by", models.TextField(default="")),
            ],
            options={
                "db_table": "contract",
                "indexes": [
                    models.Index(
                        condition=models.Q(("terminated_at__isnull", True)),
                        fields=["provider"],
                        name="contract_living",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "external_id"), name="contract_external_id_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("segment__in", ["company", "courtesy", "home", "public"])),
                        name="contract_segment_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_day__isnull", True),
                            models.Q(("due_day__gte", 1), ("due_day__lte", 31)),
                            _connector="OR",
                        ),
                        name="contract_due_day_of_month",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContractAccess",
            fields=[
                (
                    "contract",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="contract_access",
                        serialize=False,
                        to="records.contract",
                    ),
                ),
                ("access", models.TextField()),
                ("status", models.TextField()),
                ("why", models.TextField()),
                ("until", models.DateTimeField(null=True)),
                ("access_then", models.TextField()),
                ("next_look_at", models.DateTimeField(null=True)),
                ("decided_with", models.TextField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "contract_access",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_look_at__isnull", False)),
                        fields=["next_look_at"],
                        name="contract_access_due",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ["current", "terminated"]), _negated=True),
                        fields=["status", "contract"],
                        name="contract_access_in_trouble",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("access__in", ["closed", "full", "reduced", "walled"])),
                        name="contract_access_access_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "blocked",
                                    "current",
                                    "disputed",
                                    "held",
                                    "late",
                                    "locked",
                                    "paused",
                                    "terminated",
                                    "trusted",
                                ],
                            )
                        ),
                        name="contract_access_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("access_then__in", ["closed", "full", "reduced", "walled"])),
                        name="contract_access_access_then_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.provider",
                    ),
                ),
                ("number", models.IntegerField()),
                ("valid_from", models.DateTimeField()),
                ("preset", models.TextField()),
                ("values", models.JSONField(default=dict)),
                ("author", models.TextField()),
                ("comment", models.TextField(default="")),
            ],
            options={
                "db_table": "policy_version",
                "indexes": [models.Index(fields=["provider", "valid_from"], name="policy_version_valid")],
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "number"), name="policy_version_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="policy_version_number_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.contract",
                    ),
                ),
                ("seq", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("old_access", models.TextField(null=True)),
                ("old_status", models.TextField(null=True)),
                ("access", models.TextField()),
                ("status", models.TextField()),
                ("why", models.TextField()),
                ("until", models.DateTimeField(null=True)),
                ("access_then", models.TextField()),
                ("decided_with", models.TextField()),
                (
                    "policy_version",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.policyversion",
                    ),
                ),
                ("cause", models.TextField(null=True)),
                ("salt", models.BinaryField(null=True)),
                ("digest", models.BinaryField()),
                ("chain", models.BinaryField()),
            ],
            options={
                "db_table": "access_change",
                "indexes": [models.Index(fields=["at"], name="access_change_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("contract", "seq"), name="access_change_seq_once"),
                    models.CheckConstraint(
                        condition=models.Q(("access__in", ["closed", "full", "reduced", "walled"])),
                        name="access_change_access_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "blocked",
                                    "current",
                                    "disputed",
                                    "held",
                                    "late",
                                    "locked",
                                    "paused",
                                    "terminated",
                                    "trusted",
                                ],
                            )
                        ),
                        name="access_change_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SweepFailure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.contract",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("step", models.TextField()),
                ("error", models.TextField()),
                ("resolved_at", models.DateTimeField(null=True)),
                ("resolved_by", models.TextField(default="")),
            ],
            options={
                "db_table": "sweep_failure",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resolved_at__isnull", True)),
                        fields=("contract",),
                        name="sweep_failure_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.provider",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"
                    ),
                ),
                ("external_id", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "agreement",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "external_id"), name="agreement_external_id_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.provider",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.subscriber"
                    ),
                ),
                ("external_id", models.TextField()),
                ("reference", models.TextField(default="")),
                ("issued_at", models.DateTimeField()),
                ("due_date", models.DateField()),
                ("fine_pct", models.IntegerField()),
                ("interest_pct_month", models.IntegerField()),
                ("discount_amount", models.BigIntegerField(null=True)),
                ("discount_until", models.DateField(null=True)),
                ("closed", models.TextField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("reopened_at", models.DateTimeField(null=True)),
                ("spared", models.BooleanField(default=False)),
                ("at_rest", models.BooleanField(default=False)),
                (
                    "agreement",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agreement",
                    ),
                ),
                ("fiscal_document", models.TextField(default="")),
            ],
            options={
                "db_table": "invoice",
                "indexes": [
                    models.Index(
                        condition=models.Q(("at_rest", False)), fields=["contract"], name="invoice_live"
                    ),
                    models.Index(
                        condition=models.Q(("agreement__isnull", False)),
                        fields=["agreement"],
                        name="invoice_agreement",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "external_id"), name="invoice_external_id_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed__isnull", True),
                            ("closed__in", ["agreed", "cancelled", "written_off"]),
                            _connector="OR",
                        ),
                        name="invoice_closed_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("discount_amount__isnull", True), ("discount_until__isnull", True)),
                            models.Q(("discount_amount__gte", 0), ("discount_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="invoice_discount_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fine_pct__gte", 0), ("interest_pct_month__gte", 0)),
                        name="invoice_rates_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementInvoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.agreement",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.invoice"
                    ),
                ),
                ("position", models.SmallIntegerField()),
            ],
            options={
                "db_table": "agreement_invoice",
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "invoice"), name="agreement_invoice_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SubscriberPhone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.subscriber",
                    ),
                ),
                ("position", models.SmallIntegerField(default=1)),
                ("number", models.TextField()),
                ("whatsapp", models.BooleanField(default=False)),
                ("verified_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "subscriber_phone",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscriber", "number"), name="subscriber_phone_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__regex", "^[0-9]{8,15}$")),
                        name="subscriber_phone_number_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BlockRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.provider",
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("state", models.TextField(default="open")),
                ("reason", models.TextField(default="")),
                ("budget", models.IntegerField(null=True)),
                ("proposed", models.IntegerField(default=0)),
                ("admitted", models.IntegerField(default=0)),
                ("held", models.IntegerField(default=0)),
                ("opened", models.IntegerField(default=0)),
                ("dropped", models.IntegerField(default=0)),
                ("held_at", models.DateTimeField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("approved_by", models.TextField(default="")),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "block_run",
                "indexes": [models.Index(fields=["provider", "-started_at"], name="block_run_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["approved", "done", "held", "open"])),
                        name="block_run_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "held"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="block_run_held_names_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_at__isnull", True),
                            models.Q(("approved_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="block_run_approval_names_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("late_at_opening", models.BigIntegerField()),
                ("imported", models.BooleanField(default=False)),
                ("closed_at", models.DateTimeField(null=True)),
                ("why_closed", models.TextField(null=True)),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "suspension",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("contract",),
                        name="suspension_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True),
                            ("closed_at__gte", models.F("opened_at")),
                            _connector="OR",
                        ),
                        name="suspension_closed_at_not_before_opened_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("late_at_opening__gte", 0)), name="suspension_late_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("why_closed__isnull", True)),
                            models.Q(("closed_at__isnull", False), ("why_closed__isnull", False)),
                            _connector="OR",
                        ),
                        name="suspension_end_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BlockCandidate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.blockrun",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"
                    ),
                ),
                ("state", models.TextField(default="proposed")),
                ("proposed_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(null=True)),
                ("admitted_at", models.DateTimeField(null=True)),
                ("held_at", models.DateTimeField(null=True)),
                ("held_reason", models.TextField(default="")),
                ("approved_at", models.DateTimeField(null=True)),
                ("approved_by", models.TextField(default="")),
                ("opened_at", models.DateTimeField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
                ("dropped_why", models.TextField(default="")),
                (
                    "suspension",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.suspension",
                    ),
                ),
            ],
            options={
                "db_table": "block_candidate",
                "indexes": [
                    models.Index(fields=["run", "contract"], name="block_candidate_run"),
                    models.Index(
                        condition=models.Q(("state__in", ("proposed", "checked", "admitted", "held"))),
                        fields=["state", "contract"],
                        name="block_candidate_live",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["admitted", "checked", "dropped", "held", "opened", "proposed"])
                        ),
                        name="block_candidate_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("proposed", "checked", "admitted", "held"))),
                        fields=("contract",),
                        name="block_candidate_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("held_at__isnull", True),
                            models.Q(("held_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="block_candidate_held_names_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedHeartbeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.provider",
                    ),
                ),
                ("name", models.TextField()),
                ("kind", models.TextField()),
                ("configured", models.BooleanField(default=True)),
                ("last_completed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "feed_heartbeat",
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "name"), name="feed_heartbeat_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["books", "file", "poll"])),
                        name="feed_heartbeat_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProtocolNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.provider",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.contract",
                    ),
                ),
                ("number", models.TextField()),
                ("subject", models.TextField()),
                ("at", models.DateTimeField()),
                ("author", models.TextField(default="")),
                ("text", models.TextField(default="")),
            ],
            options={
                "db_table": "protocol_number",
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "number"), name="protocol_number_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scope", models.TextField()),
                ("key", models.TextField()),
                ("asked", models.BinaryField()),
                ("answer", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "idempotency_key",
                "indexes": [models.Index(fields=["at"], name="idempotency_key_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("scope", "key"), name="idempotency_key_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.invoice",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.contract",
                    ),
                ),
                ("position", models.SmallIntegerField()),
                ("amount", models.BigIntegerField()),
                ("suspendable", models.BooleanField(default=True)),
                ("shared", models.BooleanField(default=False)),
                ("description", models.TextField(default="")),
            ],
            options={
                "db_table": "invoice_line",
                "indexes": [
                    models.Index(
                        condition=models.Q(("shared", True)),
                        fields=["contract", "invoice"],
                        name="invoice_line_shared",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("invoice", "position"), name="invoice_line_position_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="invoice_line_amount_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.invoiceline",
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "adjustment",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="adjustment_amount_not_zero"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.invoice",
                    ),
                ),
                ("filed_at", models.DateTimeField()),
                ("amount", models.BigIntegerField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("upheld", models.BooleanField(null=True)),
                ("reason", models.TextField(default="")),
                ("answer", models.TextField(default="")),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "dispute",
                "indexes": [models.Index(fields=["invoice"], name="dispute_invoice")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("invoice",),
                        name="dispute_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__isnull", True), ("amount__gt", 0), _connector="OR"),
                        name="dispute_amount_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("upheld__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("upheld__isnull", False)),
                            _connector="OR",
                        ),
                        name="dispute_answer_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at__isnull", True),
                            ("answered_at__gte", models.F("filed_at")),
                            _connector="OR",
                        ),
                        name="dispute_answered_at_not_before_filed_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Charge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.provider",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.invoice"
                    ),
                ),
                ("kind", models.TextField()),
                ("status", models.TextField(default="active")),
                ("account", models.TextField(default="")),
                ("txid", models.TextField(null=True)),
                ("nosso_numero", models.TextField(null=True)),
                ("linha_digitavel", models.TextField(null=True)),
                ("copy_paste", models.TextField(default="")),
                ("amount", models.BigIntegerField()),
                ("due_date", models.DateField(null=True)),
                ("revision", models.IntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("payload", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "charge",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "boleto",
                                    "boleto_pix",
                                    "card",
                                    "carne",
                                    "pix_automatic",
                                    "pix_cob",
                                    "pix_cobv",
                                    "pix_static",
                                ],
                            )
                        ),
                        name="charge_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["active", "failed", "new", "paid", "removed"])),
                        name="charge_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="charge_amount_positive"
                    ),
                    models.UniqueConstraint(fields=("provider", "txid"), name="charge_txid_once"),
                    models.UniqueConstraint(
                        fields=("provider", "account", "nosso_numero"), name="charge_nosso_numero_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"
                    ),
                ),
                ("username", models.TextField()),
                ("enabled", models.BooleanField(default=True)),
                ("mac", models.TextField(null=True)),
                ("ipv4", models.GenericIPAddressField(null=True, protocol="IPv4")),
                ("pool", models.TextField(default="")),
                ("ipv6_prefix_pool", models.TextField(default="")),
                ("ipv6_pd_pool", models.TextField(default="")),
                ("down_kbps", models.IntegerField(null=True)),
                ("up_kbps", models.IntegerField(null=True)),
                ("burst_down_kbps", models.IntegerField(null=True)),
                ("burst_up_kbps", models.IntegerField(null=True)),
                ("burst_threshold_down_kbps", models.IntegerField(null=True)),
                ("burst_threshold_up_kbps", models.IntegerField(null=True)),
                ("burst_seconds", models.IntegerField(null=True)),
                ("extra_replies", models.JSONField(default=list)),
            ],
            options={
                "db_table": "access_record",
                "constraints": [
                    models.UniqueConstraint(fields=("username",), name="access_record_username_once"),
                    models.CheckConstraint(
                        condition=models.Q(("username__regex", "^\\S(.*\\S)?$")),
                        name="access_record_username_trimmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mac__isnull", True),
                            ("mac__regex", "^([0-9A-F]{2}:){5}[0-9A-F]{2}$"),
                            _connector="OR",
                        ),
                        name="access_record_mac_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Nas",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.provider",
                    ),
                ),
                ("name", models.TextField()),
                ("address", religa.records.models.base.Inet()),
                ("vendor", models.TextField(default="mikrotik")),
                ("identifier", models.TextField(default="")),
                ("enabled", models.BooleanField(default=True)),
                ("coa_port", models.IntegerField(default=3799)),
                ("coa_enabled", models.BooleanField(default=True)),
                ("settings", models.JSONField(default=dict)),
                ("last_seen_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "nas",
                "constraints": [
                    models.UniqueConstraint(fields=("address",), name="nas_address_once"),
                    models.CheckConstraint(
                        condition=models.Q(("coa_port__gte", 1), ("coa_port__lte", 65535)),
                        name="nas_coa_port_valid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionLive",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unique_id", models.TextField()),
                ("session_id", models.TextField()),
                ("username", models.TextField()),
                (
                    "contract",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.contract",
                    ),
                ),
                (
                    "nas",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.nas",
                    ),
                ),
                ("nas_address", models.GenericIPAddressField(null=True)),
                ("nas_port", models.TextField(default="")),
                ("calling_station", models.TextField(default="")),
                ("called_station", models.TextField(default="")),
                ("framed_ipv4", models.GenericIPAddressField(null=True, protocol="IPv4")),
                ("framed_ipv6_prefix", religa.records.models.base.Cidr(null=True)),
                ("delegated_ipv6_prefix", religa.records.models.base.Cidr(null=True)),
                ("applied_state", models.TextField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("octets_in", models.BigIntegerField(default=0)),
                ("octets_out", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "session_live",
                "indexes": [
                    models.Index(fields=["contract"], name="session_live_contract"),
                    models.Index(fields=["nas"], name="session_live_nas"),
                    models.Index(fields=["username"], name="session_live_username"),
                    models.Index(fields=["framed_ipv4"], name="session_live_framed_ipv4"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("unique_id",), name="session_live_unique_id_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("applied_state__isnull", True),
                            ("applied_state__in", ["full", "reduced", "walled", "closed"]),
                            _connector="OR",
                        ),
                        name="session_live_applied_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unique_id", models.TextField()),
                ("session_id", models.TextField()),
                ("username", models.TextField()),
                (
                    "contract",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.contract",
                    ),
                ),
                (
                    "nas",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.nas",
                    ),
                ),
                ("nas_address", models.GenericIPAddressField(null=True)),
                ("nas_port", models.TextField(default="")),
                ("calling_station", models.TextField(default="")),
                ("called_station", models.TextField(default="")),
                ("framed_ipv4", models.GenericIPAddressField(null=True, protocol="IPv4")),
                ("framed_ipv6_prefix", religa.records.models.base.Cidr(null=True)),
                ("delegated_ipv6_prefix", religa.records.models.base.Cidr(null=True)),
                ("applied_state", models.TextField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("octets_in", models.BigIntegerField(default=0)),
                ("octets_out", models.BigIntegerField(default=0)),
                ("stopped_at", models.DateTimeField()),
                ("terminate_cause", models.TextField(default="")),
            ],
            options={
                "db_table": "session_log",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="NetworkPassword",
            fields=[
                (
                    "access_record",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="records.accessrecord",
                    ),
                ),
                ("clear", models.TextField(null=True)),
                ("hash", models.TextField(null=True)),
                ("scheme", models.TextField()),
            ],
            options={
                "db_table": 'radius_secret"."network_password',
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="NasSecret",
            fields=[
                (
                    "nas",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="records.nas",
                    ),
                ),
                ("secret", models.TextField()),
            ],
            options={
                "db_table": 'radius_secret"."nas_secret',
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"
                    ),
                ),
                ("kind", models.TextField()),
                ("sent_at", models.DateTimeField()),
                ("opens_at", models.DateTimeField(null=True)),
                ("offset_days", models.SmallIntegerField(null=True)),
                ("automatic", models.BooleanField(default=True)),
                ("invoice_count", models.SmallIntegerField(default=0)),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "notice",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["block_warning", "debt_notice", "reminder", "termination_notice"])
                        ),
                        name="notice_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeInvoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.notice",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.invoice"
                    ),
                ),
                ("position", models.SmallIntegerField()),
            ],
            options={
                "db_table": "notice_invoice",
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "invoice"), name="notice_invoice_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.provider",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.contract",
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.subscriber",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.notice",
                    ),
                ),
                ("kind", models.TextField()),
                ("channel", models.TextField()),
                ("address", models.TextField()),
                ("subject", models.TextField(default="")),
                ("text", models.TextField()),
                ("template", models.TextField(default="")),
                ("template_version", models.TextField(default="")),
                ("language", models.TextField(default="pt-br")),
                ("created_at", models.DateTimeField()),
                ("state", models.TextField(default="queued")),
                ("sent_at", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("provider_message_id", models.TextField(null=True)),
                ("error", models.TextField(default="")),
            ],
            options={
                "db_table": "message",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")), fields=["id"], name="message_queued"
                    ),
                    models.Index(fields=["provider", "-id"], name="message_latest"),
                    models.Index(
                        condition=models.Q(("provider_message_id__isnull", False)),
                        fields=["channel", "provider_message_id"],
                        name="message_receipts",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "answer",
                                    "block_warning",
                                    "code",
                                    "debt_notice",
                                    "receipt",
                                    "reminder",
                                    "restored",
                                    "termination_notice",
                                    "trust",
                                ],
                            )
                        ),
                        name="message_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["failed", "queued", "sending", "sent"])),
                        name="message_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="message_sent_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.notice"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.message",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("evidence", models.TextField()),
                ("detail", models.TextField(default="")),
            ],
            options={
                "db_table": "delivery_event",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("evidence__in", ["delivered", "failed", "none", "sent"])),
                        name="delivery_event_evidence_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LoginCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.subscriber"
                    ),
                ),
                ("digest", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("address", models.TextField(default="")),
            ],
            options={
                "db_table": "login_code",
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.provider",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"
                    ),
                ),
                (
                    "charge",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.charge",
                    ),
                ),
                ("external_id", models.TextField()),
                ("method", models.TextField()),
                ("amount", models.BigIntegerField()),
                ("fee", models.BigIntegerField(default=0)),
                ("known_at", models.DateTimeField()),
                ("paid_at", models.DateTimeField()),
                ("credited_on", models.DateField(null=True)),
                ("split", models.JSONField(null=True)),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "payment",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "external_id"), name="payment_external_id_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "method__in",
                                ["boleto", "card", "cash", "credit", "external", "pix", "transfer"],
                            )
                        ),
                        name="payment_method_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="payment_amount_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fee__gte", 0)), name="payment_fee_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentReversal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.payment",
                    ),
                ),
                ("reversed_at", models.DateTimeField()),
                ("reason", models.TextField(default="")),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "payment_reversal",
                "constraints": [
                    models.UniqueConstraint(fields=("payment",), name="payment_reversal_payment_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("settlement", models.BigIntegerField()),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.payment"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.invoice"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.invoiceline",
                    ),
                ),
                ("part", models.TextField()),
                ("amount", models.BigIntegerField()),
                ("known_at", models.DateTimeField()),
                ("paid_at", models.DateTimeField()),
                ("paid_on", models.DateField()),
                ("booked_at", models.DateTimeField()),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "allocation",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("part__in", ["charges", "discount", "principal"])),
                        name="allocation_part_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="allocation_amount_not_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("line__isnull", False), ("part", "principal")),
                            models.Q(models.Q(("part", "principal"), _negated=True), ("line__isnull", True)),
                            _connector="OR",
                        ),
                        name="allocation_principal_has_line",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.payment"
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("paid_at", models.DateTimeField()),
                ("booked_at", models.DateTimeField()),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "credit_entry",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="credit_entry_amount_not_zero"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProviderEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.provider"
                    ),
                ),
                ("source", models.TextField()),
                ("received_at", models.DateTimeField()),
                ("headers", models.JSONField(default=dict)),
                ("body", models.BinaryField()),
                ("sha256", models.BinaryField()),
            ],
            options={
                "db_table": "provider_event",
                "indexes": [models.Index(fields=["sha256"], name="provider_event_sha256")],
            },
        ),
        migrations.CreateModel(
            name="ProviderEventResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.providerevent",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("result", models.TextField()),
                ("detail", models.TextField(default="")),
            ],
            options={
                "db_table": "provider_event_result",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("result__in", ["done", "failed", "ignored", "unidentified"])),
                        name="provider_event_result_result_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staff_member",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.provider"
                    ),
                ),
                ("role", models.TextField()),
                ("phone", models.TextField(default="")),
            ],
            options={
                "db_table": "staff_member",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["agent", "finance", "manager", "network"])),
                        name="staff_member_role_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("reason", models.TextField(default="")),
                ("author", models.TextField(default="")),
                ("ended_by", models.TextField(default="")),
            ],
            options={
                "db_table": "hold",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="hold_until_not_before_since",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EnforcementOff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("reason", models.TextField(default="")),
                ("author", models.TextField(default="")),
                ("ended_by", models.TextField(default="")),
            ],
            options={
                "db_table": "enforcement_off",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="enforcement_off_until_not_before_since",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OperatorBlock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("reason", models.TextField(default="")),
                ("author", models.TextField(default="")),
                ("ended_by", models.TextField(default="")),
            ],
            options={
                "db_table": "operator_block",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="operator_block_until_not_before_since",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("reason", models.TextField(default="")),
                ("author", models.TextField(default="")),
                ("ended_by", models.TextField(default="")),
            ],
            options={
                "db_table": "pause",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="pause_until_not_before_since",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Bar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("reason", models.TextField(default="")),
                ("author", models.TextField(default="")),
                ("ended_by", models.TextField(default="")),
            ],
            options={
                "db_table": "bar",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="bar_until_not_before_since",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SuspensionInvoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "suspension",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.suspension",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.invoice"
                    ),
                ),
                ("position", models.SmallIntegerField()),
            ],
            options={
                "db_table": "suspension_invoice",
                "constraints": [
                    models.UniqueConstraint(fields=("suspension", "invoice"), name="suspension_invoice_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Reduction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "reduction",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("contract",),
                        name="reduction_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="reduction_until_not_before_since",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrustUnlock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"
                    ),
                ),
                ("kind", models.TextField()),
                ("channel", models.TextField()),
                ("granted_at", models.DateTimeField()),
                ("granted_until", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "during",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            models.F("granted_at"), models.F("until"), function="tstzrange"
                        ),
                        output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                    ),
                ),
                ("receipt", models.TextField(null=True)),
                ("promise_date", models.DateField(null=True)),
                ("declaration", models.TextField(default="")),
                ("outcome", models.TextField(null=True)),
                ("judged_at", models.DateTimeField(null=True)),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "trust_unlock",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["paid_already", "promise"])),
                        name="trust_unlock_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channel__in", ["agent", "api", "block_page", "portal", "ura", "whatsapp"])
                        ),
                        name="trust_unlock_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__isnull", True),
                            ("outcome__in", ["broken", "kept", "late", "revoked", "superseded"]),
                            _connector="OR",
                        ),
                        name="trust_unlock_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gte", models.F("granted_at")), _connector="OR"
                        ),
                        name="trust_unlock_until_not_before_granted_at",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("contract", "="), ("during", "&&")], name="trust_unlock_no_overlap"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrustUnlockInvoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "trust_unlock",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.trustunlock",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.invoice"
                    ),
                ),
                ("position", models.SmallIntegerField()),
                ("amount", models.BigIntegerField()),
            ],
            options={
                "db_table": "trust_unlock_invoice",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("trust_unlock", "invoice"), name="trust_unlock_invoice_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)),
                        name="trust_unlock_invoice_amount_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceiptUsed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.provider",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"
                    ),
                ),
                ("receipt", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "receipt_used",
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "receipt"), name="receipt_used_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PayWindow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"
                    ),
                ),
                ("granted_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "pay_window",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gte", models.F("granted_at")), _connector="OR"
                        ),
                        name="pay_window_until_not_before_granted_at",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="agreement",
            name="first_instalment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.invoice",
            ),
        ),
    ]

"""Money: accounts, events on their way, money of nobody, cases, refunds, closings, invoices every month."""

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
    for name in ("closings.sql", "titles.sql"):
        schema_editor.connection.connection.execute((files("religa.records") / "sql" / name).read_text())


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0007_sessions"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountSecret",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("sealed", models.BinaryField()),
                ("changed_at", models.DateTimeField()),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "account_secret",
            },
        ),
        migrations.CreateModel(
            name="BankFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.BinaryField()),
                ("name", models.TextField()),
                ("bank", models.TextField()),
                ("layout", models.TextField()),
                ("received_at", models.DateTimeField()),
                ("generated_on", models.DateField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("records", models.IntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "bank_file",
            },
        ),
        migrations.CreateModel(
            name="BankRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.IntegerField()),
                ("key", models.TextField()),
                ("nosso_numero", models.TextField(default="")),
                ("occurrence", models.TextField()),
                ("is_payment", models.BooleanField()),
                ("amount_title", models.BigIntegerField(null=True)),
                ("amount_paid", models.BigIntegerField(null=True)),
                ("amount_net", models.BigIntegerField(null=True)),
                ("fee", models.BigIntegerField(null=True)),
                ("paid_on", models.DateField(null=True)),
                ("credited_on", models.DateField(null=True)),
                ("result", models.TextField()),
            ],
            options={
                "db_table": "bank_record",
            },
        ),
        migrations.CreateModel(
            name="BillingRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lead_days", models.SmallIntegerField(default=10)),
                ("fine_pct", models.IntegerField(default=200)),
                ("interest_pct_month", models.IntegerField(default=100)),
                ("punctuality_discount", models.BigIntegerField(default=0)),
                ("credits_blocked_days", models.BooleanField(default=True)),
                ("make_charges", models.BooleanField(default=True)),
                ("since", models.DateField()),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "billing_rule",
            },
        ),
        migrations.CreateModel(
            name="Closing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cashier", models.TextField(default="")),
                ("day", models.DateField()),
                ("closed_at", models.DateTimeField()),
                ("totals", models.JSONField(default=dict)),
                ("expected", models.BigIntegerField()),
                ("counted", models.BigIntegerField(null=True)),
                ("note", models.TextField(default="")),
                ("author", models.TextField()),
            ],
            options={
                "db_table": "closing",
            },
        ),
        migrations.CreateModel(
            name="ContractBilling",
            fields=[
                ("contract", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="+", serialize=False, to="records.contract")),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("price", models.BigIntegerField(null=True)),
                ("discount", models.BigIntegerField(default=0)),
                ("discount_until", models.DateField(null=True)),
                ("billed_through", models.DateField(null=True)),
                ("credited_through", models.DateField(null=True)),
                ("carried", models.BigIntegerField(db_default=0, default=0)),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "contract_billing",
            },
        ),
        migrations.CreateModel(
            name="MoneyCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField()),
                ("subject", models.TextField()),
                ("amount", models.BigIntegerField(null=True)),
                ("detail", models.TextField(default="")),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("resolution", models.TextField(default="")),
                ("reason", models.TextField(default="")),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "money_case",
            },
        ),
        migrations.CreateModel(
            name="PaymentAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("kind", models.TextField()),
                ("profile", models.TextField(default="")),
                ("pix_key", models.TextField(default="")),
                ("client_id", models.TextField(default="")),
                ("agency", models.TextField(default="")),
                ("number", models.TextField(default="")),
                ("covenant", models.TextField(default="")),
                ("settings", models.JSONField(default=dict)),
                ("reported_by", models.TextField(default="religa")),
                ("collects", models.BooleanField(default=False)),
                ("hook_digest", models.BinaryField(null=True)),
                ("hook_check", models.TextField(default="secret")),
                ("hook_addresses", models.JSONField(default=list)),
                ("hook_relay_url", models.TextField(default="")),
                ("certificate_subject", models.TextField(default="")),
                ("certificate_expires_at", models.DateTimeField(null=True)),
                ("polled_until", models.DateTimeField(null=True)),
                ("swept_on", models.DateField(null=True)),
                ("since", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "payment_account",
            },
        ),
        migrations.CreateModel(
            name="PaymentSighting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ledger", models.TextField()),
                ("external_id", models.TextField()),
                ("amount", models.BigIntegerField()),
                ("paid_on", models.DateField()),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "db_table": "payment_sighting",
            },
        ),
        migrations.CreateModel(
            name="ProviderEventTodo",
            fields=[
                ("event", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to="records.providerevent")),
                ("due_at", models.DateTimeField()),
                ("tries", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "provider_event_todo",
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("refund_id", models.TextField()),
                ("external_id", models.TextField()),
                ("amount", models.BigIntegerField()),
                ("nature", models.TextField(default="original")),
                ("status", models.TextField(default="new")),
                ("rtr_id", models.TextField(default="")),
                ("asked_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("tries", models.IntegerField(default=0)),
                ("try_at", models.DateTimeField(null=True)),
                ("error", models.TextField(default="")),
                ("reason", models.TextField(default="")),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "refund",
            },
        ),
        migrations.CreateModel(
            name="RefusedEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("why", models.TextField()),
                ("count", models.IntegerField(default=1)),
                ("last_at", models.DateTimeField()),
                ("address", models.TextField(default="")),
            ],
            options={
                "db_table": "refused_event",
            },
        ),
        migrations.CreateModel(
            name="UnidentifiedPayment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external_id", models.TextField()),
                ("why", models.TextField()),
                ("method", models.TextField()),
                ("amount", models.BigIntegerField()),
                ("fee", models.BigIntegerField(default=0)),
                ("known_at", models.DateTimeField()),
                ("paid_at", models.DateTimeField()),
                ("credited_on", models.DateField(null=True)),
                ("txid", models.TextField(default="")),
                ("nosso_numero", models.TextField(default="")),
                ("payer_document", models.TextField(default="")),
                ("payer_name", models.TextField(default="")),
                ("info", models.TextField(default="")),
                ("resolved_at", models.DateTimeField(null=True)),
                ("resolution", models.TextField(default="")),
                ("reason", models.TextField(default="")),
                ("author", models.TextField(default="")),
            ],
            options={
                "db_table": "unidentified_payment",
            },
        ),
        migrations.CreateModel(
            name="Waiver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField()),
                ("amount", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("author", models.TextField()),
                ("role", models.TextField(db_default="", default="")),
            ],
            options={
                "db_table": "waiver",
            },
        ),
        migrations.RemoveConstraint(
            model_name="charge",
            name="charge_status_known",
        ),
        migrations.RemoveConstraint(
            model_name="providereventresult",
            name="provider_event_result_result_known",
        ),
        migrations.AddField(
            model_name="charge",
            name="bank_id",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="charge",
            name="carne",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="charge",
            name="error",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="charge",
            name="expires_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="charge",
            name="scope",
            field=models.TextField(db_default="invoice", default="invoice"),
        ),
        migrations.AddField(
            model_name="charge",
            name="tries",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="charge",
            name="try_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="hold",
            name="charge",
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.charge"),
        ),
        migrations.AddField(
            model_name="payment",
            name="booked_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="payment",
            name="cashier",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="payment",
            name="moved_from",
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.payment"),
        ),
        migrations.AddField(
            model_name="payment",
            name="receipt_number",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="paymentreversal",
            name="booked_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="providerevent",
            name="path",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="providerevent",
            name="proof",
            field=models.TextField(db_default="secret", default="secret"),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(fields=("charge",), name="hold_charge_once"),
        ),
        migrations.AddConstraint(
            model_name="providereventresult",
            constraint=models.CheckConstraint(condition=models.Q(("result__in", ["done", "failed", "held", "ignored", "unidentified"])), name="provider_event_result_result_known"),
        ),
        migrations.AddField(
            model_name="bankfile",
            name="provider",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.provider"),
        ),
        migrations.AddField(
            model_name="bankrecord",
            name="bank_file",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.bankfile"),
        ),
        migrations.AddField(
            model_name="bankrecord",
            name="payment",
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.payment"),
        ),
        migrations.AddField(
            model_name="billingrule",
            name="provider",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.provider"),
        ),
        migrations.AddConstraint(
            model_name="contractbilling",
            constraint=models.CheckConstraint(condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"), name="contract_billing_until_not_before_since"),
        ),
        migrations.AddConstraint(
            model_name="contractbilling",
            constraint=models.CheckConstraint(condition=models.Q(("price__isnull", True), ("price__gte", 0), _connector="OR"), name="contract_billing_price_not_negative"),
        ),
        migrations.AddConstraint(
            model_name="contractbilling",
            constraint=models.CheckConstraint(condition=models.Q(("discount__gte", 0)), name="contract_billing_discount_not_negative"),
        ),
        migrations.AddConstraint(
            model_name="contractbilling",
            constraint=models.CheckConstraint(condition=models.Q(("carried__gte", 0)), name="contract_billing_carried_not_negative"),
        ),
        migrations.AddField(
            model_name="moneycase",
            name="charge",
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.charge"),
        ),
        migrations.AddField(
            model_name="moneycase",
            name="contract",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.contract"),
        ),
        migrations.AddField(
            model_name="moneycase",
            name="event",
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.providerevent"),
        ),
        migrations.AddField(
            model_name="moneycase",
            name="payment",
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.payment"),
        ),
        migrations.AddField(
            model_name="moneycase",
            name="provider",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.provider"),
        ),
        migrations.AddField(
            model_name="paymentaccount",
            name="provider",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.provider"),
        ),
        migrations.AddField(
            model_name="moneycase",
            name="payment_account",
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.paymentaccount"),
        ),
        migrations.AddField(
            model_name="closing",
            name="payment_account",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.paymentaccount"),
        ),
        migrations.AddField(
            model_name="bankrecord",
            name="payment_account",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.paymentaccount"),
        ),
        migrations.AddField(
            model_name="bankfile",
            name="payment_account",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.paymentaccount"),
        ),
        migrations.AddField(
            model_name="accountsecret",
            name="payment_account",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.paymentaccount"),
        ),
        migrations.AddField(
            model_name="charge",
            name="payment_account",
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.paymentaccount"),
        ),
        migrations.AddField(
            model_name="payment",
            name="payment_account",
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.paymentaccount"),
        ),
        migrations.AddField(
            model_name="providerevent",
            name="payment_account",
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.paymentaccount"),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(condition=models.Q(("try_at__isnull", False)), fields=["try_at"], name="charge_to_try"),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(condition=models.Q(("linha_digitavel__isnull", False)), fields=["provider", "linha_digitavel"], name="charge_linha_digitavel"),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(condition=models.Q(("bank_id", ""), _negated=True), fields=["payment_account", "bank_id"], name="charge_bank_id"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(condition=models.Q(("payment_account__isnull", False)), fields=["payment_account", "booked_on"], name="payment_book"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(condition=models.Q(("charge__isnull", False)), fields=["charge"], name="payment_charge"),
        ),
        migrations.AddIndex(
            model_name="providerevent",
            index=models.Index(fields=["provider", "-received_at"], name="provider_event_latest"),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(condition=models.Q(("status__in", ["active", "expired", "failed", "new", "paid", "removed"])), name="charge_status_known"),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(condition=models.Q(("scope__in", ["everything", "invoice", "least"])), name="charge_scope_known"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(fields=("provider", "receipt_number"), name="payment_receipt_number_once"),
        ),
        migrations.AddConstraint(
            model_name="providerevent",
            constraint=models.CheckConstraint(condition=models.Q(("proof__in", ["addresses", "mtls", "secret"])), name="provider_event_proof_known"),
        ),
        migrations.AddField(
            model_name="paymentsighting",
            name="payment",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.payment"),
        ),
        migrations.AddField(
            model_name="paymentsighting",
            name="charge",
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.charge"),
        ),
        migrations.AddField(
            model_name="paymentsighting",
            name="payment_account",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.paymentaccount"),
        ),
        migrations.AddIndex(
            model_name="providereventtodo",
            index=models.Index(fields=["due_at"], name="provider_event_todo_due"),
        ),
        migrations.AddField(
            model_name="refund",
            name="payment",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.payment"),
        ),
        migrations.AddField(
            model_name="refund",
            name="provider",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.provider"),
        ),
        migrations.AddField(
            model_name="refusedevent",
            name="payment_account",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.paymentaccount"),
        ),
        migrations.AddField(
            model_name="unidentifiedpayment",
            name="payment",
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.payment"),
        ),
        migrations.AddField(
            model_name="unidentifiedpayment",
            name="payment_account",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.paymentaccount"),
        ),
        migrations.AddField(
            model_name="unidentifiedpayment",
            name="provider",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.provider"),
        ),
        migrations.AddField(
            model_name="refund",
            name="unidentified_payment",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.unidentifiedpayment"),
        ),
        migrations.AddField(
            model_name="waiver",
            name="invoice",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.invoice"),
        ),
        migrations.AddConstraint(
            model_name="billingrule",
            constraint=models.UniqueConstraint(fields=("provider",), name="billing_rule_provider_once"),
        ),
        migrations.AddConstraint(
            model_name="billingrule",
            constraint=models.CheckConstraint(condition=models.Q(("lead_days__gte", 1), ("lead_days__lte", 60)), name="billing_rule_lead_days_sane"),
        ),
        migrations.AddConstraint(
            model_name="billingrule",
            constraint=models.CheckConstraint(condition=models.Q(("fine_pct__gte", 0), ("fine_pct__lte", 200)), name="billing_rule_fine_within_cdc_52"),
        ),
        migrations.AddConstraint(
            model_name="billingrule",
            constraint=models.CheckConstraint(condition=models.Q(("interest_pct_month__gte", 0), ("interest_pct_month__lte", 100)), name="billing_rule_interest_within_usage"),
        ),
        migrations.AddConstraint(
            model_name="billingrule",
            constraint=models.CheckConstraint(condition=models.Q(("punctuality_discount__gte", 0)), name="billing_rule_discount_not_negative"),
        ),
        migrations.AddConstraint(
            model_name="paymentaccount",
            constraint=models.UniqueConstraint(fields=("provider", "name"), name="payment_account_name_once"),
        ),
        migrations.AddConstraint(
            model_name="paymentaccount",
            constraint=models.UniqueConstraint(fields=("hook_digest",), name="payment_account_hook_once"),
        ),
        migrations.AddConstraint(
            model_name="paymentaccount",
            constraint=models.UniqueConstraint(condition=models.Q(("closed_at__isnull", True), ("collects", True)), fields=("provider",), name="payment_account_collects_one"),
        ),
        migrations.AddConstraint(
            model_name="paymentaccount",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", ["api_pix", "bank_files", "desk", "efi_cobrancas", "other"])), name="payment_account_kind_known"),
        ),
        migrations.AddConstraint(
            model_name="paymentaccount",
            constraint=models.CheckConstraint(condition=models.Q(("reported_by__in", ["both", "other", "religa"])), name="payment_account_reported_by_known"),
        ),
        migrations.AddConstraint(
            model_name="paymentaccount",
            constraint=models.CheckConstraint(condition=models.Q(("hook_check__in", ["addresses", "mtls", "secret"])), name="payment_account_hook_check_known"),
        ),
        migrations.AddConstraint(
            model_name="paymentaccount",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="payment_account_name_not_empty"),
        ),
        migrations.AddIndex(
            model_name="moneycase",
            index=models.Index(condition=models.Q(("closed_at__isnull", True)), fields=["provider", "opened_at"], name="money_case_open"),
        ),
        migrations.AddConstraint(
            model_name="moneycase",
            constraint=models.UniqueConstraint(fields=("provider", "kind", "subject"), name="money_case_subject_once"),
        ),
        migrations.AddConstraint(
            model_name="moneycase",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", ["amount_differs", "charge_failed", "event_failed", "ledger_differs", "overpaid", "paid_removed", "paid_twice", "refund_failed", "reversed", "wrong_key"])), name="money_case_kind_known"),
        ),
        migrations.AddConstraint(
            model_name="moneycase",
            constraint=models.CheckConstraint(condition=models.Q(("resolution__in", ["", "credited", "kept_as_credit", "not_ours", "noted", "refunded", "settled", "tried_again"])), name="money_case_resolution_known"),
        ),
        migrations.AddConstraint(
            model_name="moneycase",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("closed_at__isnull", True), ("resolution", "")), models.Q(("closed_at__isnull", False), models.Q(("resolution", ""), _negated=True)), _connector="OR"), name="money_case_resolution_whole"),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.UniqueConstraint(fields=("payment_account", "cashier", "day"), name="closing_day_once"),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(condition=models.Q(("author", ""), _negated=True), name="closing_names_person"),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(condition=models.Q(("counted__isnull", True), ("counted", models.F("expected")), models.Q(("note", ""), _negated=True), _connector="OR"), name="closing_difference_explained"),
        ),
        migrations.AddConstraint(
            model_name="bankrecord",
            constraint=models.UniqueConstraint(fields=("payment_account", "key"), name="bank_record_key_once"),
        ),
        migrations.AddConstraint(
            model_name="bankrecord",
            constraint=models.UniqueConstraint(fields=("bank_file", "line"), name="bank_record_line_once"),
        ),
        migrations.AddConstraint(
            model_name="bankrecord",
            constraint=models.CheckConstraint(condition=models.Q(("result__in", ["credited", "noted", "seen_before", "unidentified"])), name="bank_record_result_known"),
        ),
        migrations.AddConstraint(
            model_name="bankfile",
            constraint=models.UniqueConstraint(fields=("provider", "sha256"), name="bank_file_content_once"),
        ),
        migrations.AddConstraint(
            model_name="accountsecret",
            constraint=models.UniqueConstraint(fields=("payment_account", "name"), name="account_secret_name_once"),
        ),
        migrations.AddConstraint(
            model_name="accountsecret",
            constraint=models.CheckConstraint(condition=models.Q(("name__in", ["app_key", "certificate", "client_secret", "hook"])), name="account_secret_name_known"),
        ),
        migrations.AddIndex(
            model_name="paymentsighting",
            index=models.Index(fields=["payment_account", "paid_on"], name="payment_sighting_day"),
        ),
        migrations.AddConstraint(
            model_name="paymentsighting",
            constraint=models.UniqueConstraint(fields=("payment_account", "ledger", "external_id"), name="payment_sighting_once"),
        ),
        migrations.AddConstraint(
            model_name="paymentsighting",
            constraint=models.CheckConstraint(condition=models.Q(("ledger__in", ["other", "religa"])), name="payment_sighting_ledger_known"),
        ),
        migrations.AddConstraint(
            model_name="refusedevent",
            constraint=models.UniqueConstraint(fields=("payment_account", "day", "why"), name="refused_event_day_once", nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name="refusedevent",
            constraint=models.CheckConstraint(condition=models.Q(("why__in", ["no_certificate", "no_length", "too_large", "unknown_address", "wrong_sender"])), name="refused_event_why_known"),
        ),
        migrations.AddIndex(
            model_name="unidentifiedpayment",
            index=models.Index(condition=models.Q(("resolved_at__isnull", True)), fields=["provider", "known_at"], name="unidentified_payment_open"),
        ),
        migrations.AddConstraint(
            model_name="unidentifiedpayment",
            constraint=models.UniqueConstraint(fields=("provider", "external_id"), name="unidentified_payment_external_id_once"),
        ),
        migrations.AddConstraint(
            model_name="unidentifiedpayment",
            constraint=models.CheckConstraint(condition=models.Q(("method__in", ["boleto", "card", "cash", "credit", "external", "pix", "transfer"])), name="unidentified_payment_method_known"),
        ),
        migrations.AddConstraint(
            model_name="unidentifiedpayment",
            constraint=models.CheckConstraint(condition=models.Q(("why__in", ["ambiguous_title", "no_title", "no_txid", "unknown_title", "unknown_txid", "wrong_key"])), name="unidentified_payment_why_known"),
        ),
        migrations.AddConstraint(
            model_name="unidentifiedpayment",
            constraint=models.CheckConstraint(condition=models.Q(("resolution__in", ["", "credited", "kept_as_credit", "not_ours", "noted", "refunded", "settled", "tried_again"])), name="unidentified_payment_resolution_known"),
        ),
        migrations.AddConstraint(
            model_name="unidentifiedpayment",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="unidentified_payment_amount_positive"),
        ),
        migrations.AddConstraint(
            model_name="unidentifiedpayment",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("resolution", ""), ("resolved_at__isnull", True)), models.Q(("resolved_at__isnull", False), models.Q(("resolution", ""), _negated=True)), _connector="OR"), name="unidentified_payment_resolution_whole"),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(condition=models.Q(("status__in", ("new", "processing"))), fields=["try_at"], name="refund_under_way"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(fields=("provider", "external_id", "refund_id"), name="refund_once"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(condition=models.Q(("status__in", ["new", "not_done", "processing", "refused", "returned"])), name="refund_status_known"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="refund_amount_positive"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("payment__isnull", False), ("unidentified_payment__isnull", True)), models.Q(("payment__isnull", True), ("unidentified_payment__isnull", False)), _connector="OR"), name="refund_of_one_payment"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(condition=models.Q(("settled_at__isnull", True), ("settled_at__gte", models.F("asked_at")), _connector="OR"), name="refund_settled_at_not_before_asked_at"),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", ["bank_sum", "fine", "interest", "settlement"])), name="waiver_kind_known"),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="waiver_amount_positive"),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("author", ""), _negated=True), models.Q(("reason", ""), _negated=True)), name="waiver_names_person_and_reason"),
        ),
        migrations.AddField("charge", "watched_until", models.DateTimeField(null=True)),
        migrations.AddIndex("charge", models.Index(condition=models.Q(("status", "active")), fields=["provider", "due_date", "amount"], name="charge_open_amount")),
        migrations.AddField("invoice", "waived", models.BigIntegerField(db_default=0, default=0)),
        migrations.AddField("invoice", "waived_fine", models.BigIntegerField(db_default=0, default=0)),
        migrations.AddConstraint("invoice", models.CheckConstraint(condition=models.Q(("waived__gte", models.F("waived_fine")), ("waived_fine__gte", 0)), name="invoice_waived_not_negative")),
        migrations.AddIndex("payment", models.Index(condition=models.Q(("moved_from__isnull", False)), fields=["moved_from"], name="payment_moved_from")),
        migrations.CreateModel(
            name="AccountChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("what", models.TextField()),
                ("detail", models.JSONField(default=dict)),
                ("author", models.TextField()),
                ("payment_account", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.paymentaccount")),
            ],
            options={
                "db_table": "account_change",
                "indexes": [models.Index(fields=["payment_account", "-at"], name="account_change_latest")],
                "constraints": [models.CheckConstraint(condition=models.Q(("what__in", ["address_replaced", "address_shown", "certificate_set", "changed", "closed", "created", "event_retried", "secret_set", "webhook_registered", "webhook_removed"])), name="account_change_what_known"), models.CheckConstraint(condition=models.Q(("author", ""), _negated=True), name="account_change_names_person")],
            },
        ),
        migrations.CreateModel(
            name="EventRelay",
            fields=[
                ("event", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to="records.providerevent")),
                ("due_at", models.DateTimeField(null=True)),
                ("tries", models.IntegerField(default=0)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("given_up_at", models.DateTimeField(null=True)),
                ("error", models.TextField(default="")),
                ("payment_account", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.paymentaccount")),
            ],
            options={
                "db_table": "event_relay",
                "indexes": [models.Index(condition=models.Q(("due_at__isnull", False)), fields=["payment_account", "due_at"], name="event_relay_due"), models.Index(condition=models.Q(("given_up_at__isnull", False)), fields=["payment_account", "given_up_at"], name="event_relay_given_up")],
                "constraints": [models.CheckConstraint(condition=models.Q(models.Q(("delivered_at__isnull", True), ("due_at__isnull", False), ("given_up_at__isnull", True)), models.Q(("delivered_at__isnull", False), ("due_at__isnull", True), ("given_up_at__isnull", True)), models.Q(("delivered_at__isnull", True), ("due_at__isnull", True), ("given_up_at__isnull", False)), _connector="OR"), name="event_relay_outcome_whole")],
            },
        ),
        migrations.AddIndex("providereventresult", models.Index(condition=models.Q(("result__in", ("failed", "held", "unidentified"))), fields=["result", "event"], name="provider_event_result_odd")),
        migrations.AddIndex("providerevent", models.Index(fields=["payment_account", "-received_at"], name="provider_event_of_account")),
        migrations.RunPython(finish, migrations.RunPython.noop),
    ]

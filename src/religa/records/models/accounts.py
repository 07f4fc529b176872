"""Where money comes in: accounts at banks and gateways, their secrets, the files they send."""

from django.db import models
from django.db.models import Q

from religa.records.models.base import check, known, to, unique

ACCOUNT_KINDS = ("api_pix", "efi_cobrancas", "bank_files", "desk", "other")
LEDGERS = ("religa", "other", "both")
HOOK_CHECKS = ("mtls", "addresses", "secret")
ACCOUNT_CHANGES = (
    "created", "changed", "closed", "secret_set", "certificate_set", "address_shown", "address_replaced",
    "webhook_registered", "webhook_removed", "event_retried",
)  # fmt: skip


class PaymentAccount(models.Model):
    """One way in for money. `profile`: the bank's word in the adapter (`efi`, `sicoob`, ...; the bank code of files).

    `reported_by`: whose word of a payment counts: ours, another system's, or both (merged, differences listed).
    `collects`: new charges are made here. `hook_digest`: SHA-256 of the secret in the webhook's address; the secret
    itself is sealed like the others. `hook_check`: what besides the secret proves the sender. `agency`, `number`,
    `covenant`: how bank files name it. `desk`: the provider's own counter. `settings`: what only its adapter reads.
    """

    provider = to("records.Provider")
    name = models.TextField()
    kind = models.TextField()
    profile = models.TextField(default="")
    pix_key = models.TextField(default="")
    client_id = models.TextField(default="")
    agency = models.TextField(default="")
    number = models.TextField(default="")
    covenant = models.TextField(default="")
    settings = models.JSONField(default=dict)
    reported_by = models.TextField(default="religa")
    collects = models.BooleanField(default=False)
    hook_digest = models.BinaryField(null=True)
    hook_check = models.TextField(default="secret")
    hook_addresses = models.JSONField(default=list)
    hook_relay_url = models.TextField(default="")
    certificate_subject = models.TextField(default="")
    certificate_expires_at = models.DateTimeField(null=True)
    polled_until = models.DateTimeField(null=True)
    swept_on = models.DateField(null=True)
    since = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    author = models.TextField(default="")

    class Meta:
        db_table = "payment_account"
        constraints = [
            unique("payment_account", "name_once", "provider", "name"),
            unique("payment_account", "hook_once", "hook_digest"),
            unique(
                "payment_account", "collects_one", "provider", where=Q(collects=True, closed_at__isnull=True)
            ),
            known("payment_account", "kind", ACCOUNT_KINDS),
            known("payment_account", "reported_by", LEDGERS),
            known("payment_account", "hook_check", HOOK_CHECKS),
            check("payment_account", "name_not_empty", ~Q(name="")),
        ]


class AccountSecret(models.Model):
    """A secret of an account, encrypted by the application for exactly this place (`records.secrets`)."""

    payment_account = to("records.PaymentAccount", index=False)
    name = models.TextField()
    sealed = models.BinaryField()
    changed_at = models.DateTimeField()
    author = models.TextField(default="")

    class Meta:
        db_table = "account_secret"
        constraints = [
            unique("account_secret", "name_once", "payment_account", "name"),
            known("account_secret", "name", ("client_secret", "certificate", "hook", "app_key")),
        ]


class AccountChange(models.Model):
    """What somebody did to an account. Append-only. `detail`: fields as [before, after]; never a secret."""

    payment_account = to("records.PaymentAccount", index=False)
    at = models.DateTimeField()
    what = models.TextField()
    detail = models.JSONField(default=dict)
    author = models.TextField()

    class Meta:
        db_table = "account_change"
        constraints = [
            known("account_change", "what", ACCOUNT_CHANGES),
            check("account_change", "names_person", ~Q(author="")),
        ]
        indexes = [models.Index(fields=["payment_account", "-at"], name="account_change_latest")]


class BankFile(models.Model):
    """A return file of a bank (CNAB), read once. `counts`: what became of its records."""

    provider = to("records.Provider", index=False)
    payment_account = to("records.PaymentAccount", null=True)
    sha256 = models.BinaryField()
    name = models.TextField()
    bank = models.TextField()
    layout = models.TextField()
    received_at = models.DateTimeField()
    generated_on = models.DateField(null=True)
    finished_at = models.DateTimeField(null=True)
    records = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    author = models.TextField(default="")

    class Meta:
        db_table = "bank_file"
        constraints = [unique("bank_file", "content_once", "provider", "sha256")]


class BankRecord(models.Model):
    """One record of a return file, and what became of it. `key` makes it the same record in another file. Append-only.

    Money in centavos; `amount_paid` is what the payer paid, `amount_net` what was credited.
    """

    bank_file = to("records.BankFile", index=False)
    payment_account = to("records.PaymentAccount", index=False)
    line = models.IntegerField()
    key = models.TextField()
    nosso_numero = models.TextField(default="")
    occurrence = models.TextField()
    is_payment = models.BooleanField()
    amount_title = models.BigIntegerField(null=True)
    amount_paid = models.BigIntegerField(null=True)
    amount_net = models.BigIntegerField(null=True)
    fee = models.BigIntegerField(null=True)
    paid_on = models.DateField(null=True)
    credited_on = models.DateField(null=True)
    result = models.TextField()
    payment = to("records.Payment", null=True, index=False)

    class Meta:
        db_table = "bank_record"
        constraints = [
            unique("bank_record", "key_once", "payment_account", "key"),
            unique("bank_record", "line_once", "bank_file", "line"),
            known("bank_record", "result", ("credited", "seen_before", "unidentified", "noted")),
        ]

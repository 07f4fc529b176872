"""What is owed: invoices, their lines, adjustments, disputes, and the ways to collect them."""

from django.db import models
from django.db.models import Q

from religa.domain.facts import Closed
from religa.records.models.base import check, known, ordered, to, unique

CHARGE_KINDS = ("pix_cobv", "pix_cob", "pix_static", "pix_automatic", "boleto", "boleto_pix", "carne", "card")
CHARGE_STATUSES = ("new", "active", "paid", "removed", "expired", "failed")
CHARGE_SCOPES = ("invoice", "everything", "late", "least", "stated")


class Invoice(models.Model):
    """What a contract is billed for a month. Lines may belong to other contracts of the same subscriber.

    `at_rest`: nothing of it can ever be owed again unless a new fact reopens it; the loader leaves such invoices
    aside. Percentages in hundredths of a percent. `waived`: the sum of its waivers, `waived_fine` of those of the
    fine. `subscriber` is who owes it, also
    after a change of holder.
    """

    provider = to("records.Provider", index=False)
    contract = to("records.Contract")
    subscriber = to("records.Subscriber")
    external_id = models.TextField()
    reference = models.TextField(default="")
    issued_at = models.DateTimeField()
    due_date = models.DateField()
    fine_pct = models.IntegerField()
    interest_pct_month = models.IntegerField()
    discount_amount = models.BigIntegerField(null=True)
    discount_until = models.DateField(null=True)
    closed = models.TextField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    spared = models.BooleanField(default=False)
    at_rest = models.BooleanField(default=False)
    agreement = to("records.Agreement", null=True, index=False)
    waived = models.BigIntegerField(default=0, db_default=0)
    waived_fine = models.BigIntegerField(default=0, db_default=0)
    fiscal_document = models.TextField(default="")

    class Meta:
        db_table = "invoice"
        constraints = [
            unique("invoice", "external_id_once", "provider", "external_id"),
            check(
                "invoice",
                "closed_known",
                Q(closed__isnull=True) | Q(closed__in=sorted(c.value for c in Closed)),
            ),
            check(
                "invoice",
                "discount_whole",
                Q(discount_amount__isnull=True, discount_until__isnull=True)
                | Q(discount_amount__gte=0, discount_until__isnull=False),
            ),
            check(
                "invoice",
                "waived_not_negative",
                Q(waived_fine__gte=0, waived__gte=models.F("waived_fine")),
            ),
            check("invoice", "rates_not_negative", Q(fine_pct__gte=0, interest_pct_month__gte=0)),
        ]
        indexes = [
            models.Index(fields=["contract"], name="invoice_live", condition=Q(at_rest=False)),
            models.Index(
                fields=["agreement"], name="invoice_agreement", condition=Q(agreement__isnull=False)
            ),
        ]


class InvoiceLine(models.Model):
    """One item. `amount` is what it is now; each change leaves an `adjustment`.

    `shared`: it belongs to another contract than the invoice, which is how that contract finds it.
    """

    invoice = to("records.Invoice", index=False)
    contract = to("records.Contract", index=False)
    position = models.SmallIntegerField()
    amount = models.BigIntegerField()
    suspendable = models.BooleanField(default=True)
    shared = models.BooleanField(default=False)
    description = models.TextField(default="")

    class Meta:
        db_table = "invoice_line"
        constraints = [
            unique("invoice_line", "position_once", "invoice", "position"),
            check("invoice_line", "amount_not_negative", Q(amount__gte=0)),
        ]
        indexes = [
            models.Index(fields=["contract", "invoice"], name="invoice_line_shared", condition=Q(shared=True))
        ]


class Adjustment(models.Model):
    """By how much the amount of a line was changed. Append-only."""

    line = to("records.InvoiceLine")
    amount = models.BigIntegerField()
    at = models.DateTimeField()
    author = models.TextField(default="")

    class Meta:
        db_table = "adjustment"
        constraints = [check("adjustment", "amount_not_zero", ~Q(amount=0))]


class Dispute(models.Model):
    """A contested charge (RGC arts. 60 to 62). `amount` null: the whole invoice."""

    invoice = to("records.Invoice", index=False)
    filed_at = models.DateTimeField()
    amount = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
    reason = models.TextField(default="")
    answer = models.TextField(default="")
    author = models.TextField(default="")

    class Meta:
        db_table = "dispute"
        constraints = [
            unique("dispute", "one_open", "invoice", where=Q(answered_at__isnull=True)),
            check("dispute", "amount_positive", Q(amount__isnull=True) | Q(amount__gt=0)),
            check(
                "dispute",
                "answer_whole",
                Q(answered_at__isnull=True, upheld__isnull=True)
                | Q(answered_at__isnull=False, upheld__isnull=False),
            ),
            ordered("dispute", "filed_at", "answered_at"),
        ]
        indexes = [models.Index(fields=["invoice"], name="dispute_invoice")]


class Charge(models.Model):
    """One way to collect an invoice: a Pix cobv, a boleto (also one printed by the old system).

    `account`: how the old system names the account; `payment_account`: ours. `scope`: what the amount was meant to
    settle. `bank_id`: the bank's own number of it. `expires_at`: from then on it cannot be paid any more. `carne` names
    a booklet whose charges belong together. `watched_until`: so long somebody may be waiting for its money. A `new` one
    is on its way to the bank: `try_at` says when to try again.
    """

    provider = to("records.Provider", index=False)
    invoice = to("records.Invoice")
    kind = models.TextField()
    status = models.TextField(default="active")
    account = models.TextField(default="")
    payment_account = to("records.PaymentAccount", null=True, index=False)
    scope = models.TextField(default="invoice", db_default="invoice")
    bank_id = models.TextField(default="", db_default="")
    carne = models.TextField(default="", db_default="")
    expires_at = models.DateTimeField(null=True)
    watched_until = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0, db_default=0)
    try_at = models.DateTimeField(null=True)
    error = models.TextField(default="", db_default="")
    txid = models.TextField(null=True)
    nosso_numero = models.TextField(null=True)
    linha_digitavel = models.TextField(null=True)
    copy_paste = models.TextField(default="")
    amount = models.BigIntegerField()
    due_date = models.DateField(null=True)
    revision = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    payload = models.JSONField(default=dict)

    class Meta:
        db_table = "charge"
        constraints = [
            known("charge", "kind", CHARGE_KINDS),
            known("charge", "status", CHARGE_STATUSES),
            known("charge", "scope", CHARGE_SCOPES),
            check("charge", "amount_positive", Q(amount__gt=0)),
            unique("charge", "txid_once", "provider", "txid"),
            unique("charge", "nosso_numero_once", "provider", "account", "nosso_numero"),
        ]
        indexes = [
            models.Index(fields=["try_at"], name="charge_to_try", condition=Q(try_at__isnull=False)),
            models.Index(
                fields=["provider", "linha_digitavel"],
                name="charge_linha_digitavel",
                condition=Q(linha_digitavel__isnull=False),
            ),
            # Paid ones too: an index that asks for the status would be written to, and with it all others, by each
            # payment of a charge.
            models.Index(
                fields=["provider", "due_date", "amount"],
                name="charge_amount",
                condition=Q(due_date__isnull=False),
            ),
            models.Index(
                fields=["payment_account", "bank_id"], name="charge_bank_id", condition=~Q(bank_id="")
            ),
        ]

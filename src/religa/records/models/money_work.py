"""What money leaves to be done: money of nobody, cases for a person, refunds, the cash desk, what two ledgers say."""

from django.db import models
from django.db.models import Q

from religa.domain.facts import Method
from religa.records.models.base import check, known, ordered, to, unique

CASE_KINDS = (
    "overpaid", "paid_twice", "paid_removed", "reversed", "amount_differs", "wrong_key", "event_failed",
    "charge_failed", "refund_failed", "ledger_differs",
)  # fmt: skip
REFUND_STATUSES = ("new", "processing", "returned", "not_done", "refused")
WHYS = ("no_txid", "unknown_txid", "no_title", "unknown_title", "ambiguous_title", "wrong_key")
RESOLUTIONS = ("credited", "refunded", "kept_as_credit", "not_ours", "settled", "tried_again", "noted")


class UnidentifiedPayment(models.Model):
    """Money that names no charge of ours, waiting for a person: to be credited to a contract, given back, or not ours.

    Unique like a payment, so that it lands once whichever way it comes. The payer's document and name are there to
    find the contract by, and go when it is resolved. `split` as of a payment.
    """

    provider = to("records.Provider", index=False)
    payment_account = to("records.PaymentAccount", null=True)
    external_id = models.TextField()
    why = models.TextField()
    method = models.TextField()
    amount = models.BigIntegerField()
    split = models.JSONField(null=True)
    fee = models.BigIntegerField(default=0)
    known_at = models.DateTimeField()
    paid_at = models.DateTimeField()
    credited_on = models.DateField(null=True)
    txid = models.TextField(default="")
    nosso_numero = models.TextField(default="")
    payer_document = models.TextField(default="")
    payer_name = models.TextField(default="")
    info = models.TextField(default="")
    resolved_at = models.DateTimeField(null=True)
    resolution = models.TextField(default="")
    payment = to("records.Payment", null=True, index=False)
    reason = models.TextField(default="")
    author = models.TextField(default="")

    class Meta:
        db_table = "unidentified_payment"
        constraints = [
            unique("unidentified_payment", "external_id_once", "provider", "external_id"),
            known("unidentified_payment", "method", Method),
            known("unidentified_payment", "why", WHYS),
            known("unidentified_payment", "resolution", ("", *RESOLUTIONS)),
            check("unidentified_payment", "amount_positive", Q(amount__gt=0)),
            check(
                "unidentified_payment",
                "resolution_whole",
                Q(resolved_at__isnull=True, resolution="")
                | (Q(resolved_at__isnull=False) & ~Q(resolution="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["provider", "known_at"],
                name="unidentified_payment_open",
                condition=Q(resolved_at__isnull=True),
            )
        ]


class MoneyCase(models.Model):
    """Something about money that a person has to look at. `subject` names it within its kind, so that it opens once."""

    provider = to("records.Provider", index=False)
    kind = models.TextField()
    subject = models.TextField()
    contract = to("records.Contract", null=True)
    payment = to("records.Payment", null=True, index=False)
    charge = to("records.Charge", null=True, index=False)
    payment_account = to("records.PaymentAccount", null=True, index=False)
    event = to("records.ProviderEvent", null=True, index=False)
    amount = models.BigIntegerField(null=True)
    detail = models.TextField(default="")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    resolution = models.TextField(default="")
    reason = models.TextField(default="")
    author = models.TextField(default="")

    class Meta:
        db_table = "money_case"
        constraints = [
            unique("money_case", "subject_once", "provider", "kind", "subject"),
            known("money_case", "kind", CASE_KINDS),
            known("money_case", "resolution", ("", *RESOLUTIONS)),
            check(
                "money_case",
                "resolution_whole",
                Q(closed_at__isnull=True, resolution="") | (Q(closed_at__isnull=False) & ~Q(resolution="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["provider", "opened_at"], name="money_case_open", condition=Q(closed_at__isnull=True)
            )
        ]


class Refund(models.Model):
    """Money on its way back to a payer, asked for by us (`refund_id` is ours, kept before the call) or taken by the
    bank (MED; `refund_id` is the bank's). Only `returned` and `not_done` are final."""

    provider = to("records.Provider", index=False)
    payment = to("records.Payment", null=True)
    unidentified_payment = to("records.UnidentifiedPayment", null=True)
    refund_id = models.TextField()
    external_id = models.TextField()
    amount = models.BigIntegerField()
    nature = models.TextField(default="original")
    status = models.TextField(default="new")
    rtr_id = models.TextField(default="")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    try_at = models.DateTimeField(null=True)
    error = models.TextField(default="")
    reason = models.TextField(default="")
    author = models.TextField(default="")

    class Meta:
        db_table = "refund"
        constraints = [
            unique("refund", "once", "provider", "external_id", "refund_id"),
            known("refund", "status", REFUND_STATUSES),
            check("refund", "amount_positive", Q(amount__gt=0)),
            check(
                "refund",
                "of_one_payment",
                Q(payment__isnull=False, unidentified_payment__isnull=True)
                | Q(payment__isnull=True, unidentified_payment__isnull=False),
            ),
            ordered("refund", "asked_at", "settled_at"),
        ]
        indexes = [
            models.Index(
                fields=["try_at"], name="refund_under_way", condition=Q(status__in=("new", "processing"))
            )
        ]


class PaymentSighting(models.Model):
    """That a ledger (ours by the bank, or another system) reported a payment; what only one says is a difference.
    Append-only. `payment` null: not booked when it was seen; `charge`: what it was paid on, where that is known. What a
    return file brought and was booked as such has none: the payment says the same."""

    payment_account = to("records.PaymentAccount", index=False)
    ledger = models.TextField()
    external_id = models.TextField()
    payment = to("records.Payment", null=True)
    charge = to("records.Charge", null=True, index=False)
    amount = models.BigIntegerField()
    paid_on = models.DateField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "payment_sighting"
        constraints = [
            unique("payment_sighting", "once", "payment_account", "ledger", "external_id"),
            known("payment_sighting", "ledger", ("religa", "other")),
        ]
        indexes = [models.Index(fields=["payment_account", "paid_on"], name="payment_sighting_day")]


class Waiver(models.Model):
    """Late charges forgiven by a person, or by the bank's own sum; `settlement`: principal taken off so that the rest
    gets paid. `role`: whose ceiling it kept. Append-only."""

    invoice = to("records.Invoice")
    kind = models.TextField()
    amount = models.BigIntegerField()
    at = models.DateTimeField()
    reason = models.TextField()
    author = models.TextField()
    role = models.TextField(default="", db_default="")

    class Meta:
        db_table = "waiver"
        constraints = [
            known("waiver", "kind", ("fine", "interest", "bank_sum", "settlement")),
            check("waiver", "amount_positive", Q(amount__gt=0)),
            check("waiver", "names_person_and_reason", ~Q(author="") & ~Q(reason="")),
        ]


class Closing(models.Model):
    """The day of an account (and, at the desk, of a cashier) counted and shut: later entries go to the next day.
    Append-only. `counted` null where there is no cash; `totals` by method: count, gross, fee, net."""

    payment_account = to("records.PaymentAccount", index=False)
    cashier = models.TextField(default="")
    day = models.DateField()
    closed_at = models.DateTimeField()
    totals = models.JSONField(default=dict)
    expected = models.BigIntegerField()
    counted = models.BigIntegerField(null=True)
    note = models.TextField(default="")
    author = models.TextField()

    class Meta:
        db_table = "closing"
        constraints = [
            unique("closing", "day_once", "payment_account", "cashier", "day"),
            check("closing", "names_person", ~Q(author="")),
            check(
                "closing",
                "difference_explained",
                Q(counted__isnull=True) | Q(counted=models.F("expected")) | ~Q(note=""),
            ),
        ]

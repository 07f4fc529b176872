"""Money seen, where it was put, and what is left. Append-only: a correction is a contra-entry."""

from django.db import models
from django.db.models import Q

from religa.domain.facts import Method
from religa.records.models.base import check, known, to, unique

PARTS = ("principal", "charges", "discount")
EVENT_RESULTS = ("done", "ignored", "unidentified", "held", "failed")
EVENT_PROOFS = ("mtls", "addresses", "secret")
REFUSALS = ("unknown_address", "no_certificate", "wrong_sender", "too_large", "no_length")


class Payment(models.Model):
    """Money seen once, or a credit granted. `external_id` is the endToEndId or the record key of a bank file.

    `amount` is what the subscriber paid; `fee` is what the bank kept of it. `booked_on`: the day of the account's
    closing it counts in. `cashier` and `receipt_number`: who took it at the desk, and the number he gave for it.
    `moved_from`: it was first booked on another contract.
    """

    provider = to("records.Provider", index=False)
    contract = to("records.Contract")
    charge = to("records.Charge", null=True, index=False)
    payment_account = to("records.PaymentAccount", null=True, index=False)
    booked_on = models.DateField(null=True)
    cashier = models.TextField(default="", db_default="")
    receipt_number = models.TextField(null=True)
    moved_from = to("records.Payment", null=True, index=False)
    external_id = models.TextField()
    method = models.TextField()
    amount = models.BigIntegerField()
    fee = models.BigIntegerField(default=0)
    known_at = models.DateTimeField()
    paid_at = models.DateTimeField()
    credited_on = models.DateField(null=True)
    split = models.JSONField(null=True)
    author = models.TextField(default="")

    class Meta:
        db_table = "payment"
        constraints = [
            unique("payment", "external_id_once", "provider", "external_id"),
            known("payment", "method", Method),
            check("payment", "amount_positive", Q(amount__gt=0)),
            check("payment", "fee_not_negative", Q(fee__gte=0)),
            unique(
                "payment",
                "receipt_number_once",
                "provider",
                "receipt_number",
                where=Q(receipt_number__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["payment_account", "booked_on"],
                name="payment_book",
                condition=Q(payment_account__isnull=False),
            ),
            models.Index(fields=["charge"], name="payment_charge", condition=Q(charge__isnull=False)),
            models.Index(
                fields=["moved_from"], name="payment_moved_from", condition=Q(moved_from__isnull=False)
            ),
        ]


class PaymentReversal(models.Model):
    """Money taken back (devolução, MED, wrong entry). What it had settled is undone first."""

    payment = to("records.Payment", index=False)
    reversed_at = models.DateTimeField()
    booked_on = models.DateField(null=True)
    reason = models.TextField(default="")
    author = models.TextField(default="")

    class Meta:
        db_table = "payment_reversal"
        constraints = [unique("payment_reversal", "payment_once", "payment")]


class Allocation(models.Model):
    """One part of a settlement: principal of a line, late charges, or the discount that forgave some of it.

    Rows with one `settlement` number are one settlement; its contra-entries carry the same number and the negative
    amounts, so a settlement stands while its rows do not add up to nothing. Money used = principal + charges -
    discount. `booked_at` is when the row was written, the other instants are the settlement's.
    """

    settlement = models.BigIntegerField()
    payment = to("records.Payment")
    invoice = to("records.Invoice")
    line = to("records.InvoiceLine", null=True)
    part = models.TextField()
    amount = models.BigIntegerField()
    known_at = models.DateTimeField()
    paid_at = models.DateTimeField()
    paid_on = models.DateField()
    booked_at = models.DateTimeField()
    author = models.TextField(default="")

    class Meta:
        db_table = "allocation"
        constraints = [
            known("allocation", "part", PARTS),
            check("allocation", "amount_not_zero", ~Q(amount=0)),
            check(
                "allocation",
                "principal_has_line",
                Q(part="principal", line__isnull=False) | (~Q(part="principal") & Q(line__isnull=True)),
            ),
        ]


class CreditEntry(models.Model):
    """Money of a payment that no invoice has taken (+) or has taken since (-)."""

    contract = to("records.Contract")
    payment = to("records.Payment")
    amount = models.BigIntegerField()
    paid_at = models.DateTimeField()
    booked_at = models.DateTimeField()
    author = models.TextField(default="")

    class Meta:
        db_table = "credit_entry"
        constraints = [check("credit_entry", "amount_not_zero", ~Q(amount=0))]


class ProviderEvent(models.Model):
    """What a bank or gateway sent, as it came. Only a hint: the truth is fetched. Append-only.

    `proof`: what proves the sender: his certificate, his address, or no more than the secret in ours.
    """

    provider = to("records.Provider")
    payment_account = to("records.PaymentAccount", null=True, index=False)
    source = models.TextField()
    path = models.TextField(default="", db_default="")
    proof = models.TextField(default="secret", db_default="secret")
    received_at = models.DateTimeField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    sha256 = models.BinaryField()

    class Meta:
        db_table = "provider_event"
        constraints = [known("provider_event", "proof", EVENT_PROOFS)]
        indexes = [
            models.Index(fields=["sha256"], name="provider_event_sha256"),
            models.Index(fields=["provider", "-received_at"], name="provider_event_latest"),
            models.Index(fields=["payment_account", "-received_at"], name="provider_event_of_account"),
        ]


class ProviderEventResult(models.Model):
    """What became of an event; the last one counts."""

    event = to("records.ProviderEvent")
    at = models.DateTimeField()
    result = models.TextField()
    detail = models.TextField(default="")

    class Meta:
        db_table = "provider_event_result"
        constraints = [known("provider_event_result", "result", EVENT_RESULTS)]
        indexes = [
            models.Index(
                fields=["result", "event"],
                name="provider_event_result_odd",
                condition=Q(result__in=("failed", "held", "unidentified")),
            )
        ]


class ProviderEventTodo(models.Model):
    """An event whose truth is still to be fetched: `due_at` is moved ahead while somebody is at it (a lease), so that
    one whose worker died comes back. The row goes when there is a result."""

    event = models.OneToOneField("records.ProviderEvent", models.CASCADE, related_name="+", primary_key=True)
    due_at = models.DateTimeField()
    tries = models.IntegerField(default=0)

    class Meta:
        db_table = "provider_event_todo"
        indexes = [models.Index(fields=["due_at"], name="provider_event_todo_due")]


class EventRelay(models.Model):
    """An event that another system gets as it came (`hook_relay_url`). `due_at` null: delivered, or given up.

    While somebody is at it `due_at` is moved ahead (a lease). `error`: what the last try that failed came to.
    """

    event = models.OneToOneField("records.ProviderEvent", models.CASCADE, related_name="+", primary_key=True)
    payment_account = to("records.PaymentAccount", index=False)
    due_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    error = models.TextField(default="")

    class Meta:
        db_table = "event_relay"
        constraints = [
            check(
                "event_relay",
                "outcome_whole",
                Q(due_at__isnull=False, delivered_at__isnull=True, given_up_at__isnull=True)
                | Q(due_at__isnull=True, delivered_at__isnull=False, given_up_at__isnull=True)
                | Q(due_at__isnull=True, delivered_at__isnull=True, given_up_at__isnull=False),
            )
        ]
        indexes = [
            models.Index(
                fields=["payment_account", "due_at"],
                name="event_relay_due",
                condition=Q(due_at__isnull=False),
            ),
            models.Index(
                fields=["payment_account", "given_up_at"],
                name="event_relay_given_up",
                condition=Q(given_up_at__isnull=False),
            ),
        ]


class RefusedEvent(models.Model):
    """How often something was posted to a webhook and not taken, by day and reason: visible, and no way to fill a disk.

    Nothing of what was posted is kept. `address`: the last sender's.
    """

    payment_account = to("records.PaymentAccount", null=True)
    day = models.DateField()
    why = models.TextField()
    count = models.IntegerField(default=1)
    last_at = models.DateTimeField()
    address = models.TextField(default="")

    class Meta:
        db_table = "refused_event"
        constraints = [
            models.UniqueConstraint(
                fields=["payment_account", "day", "why"], name="refused_event_day_once", nulls_distinct=False
            ),
            known("refused_event", "why", REFUSALS),
        ]

"""Money seen, where it was put, and what is left. Append-only: a correction is a contra-entry."""

from django.db import models
from django.db.models import Q

from religa.domain.facts import Method
from religa.records.models.base import check, known, to, unique

PARTS = ("principal", "charges", "discount")
EVENT_RESULTS = ("done", "ignored", "unidentified", "failed")


class Payment(models.Model):
    """Money seen once, or a credit granted. `external_id` is the endToEndId or the record key of a bank file.

    `amount` is what the subscriber paid; `fee` is what the bank kept of it.
    """

    provider = to("records.Provider", index=False)
    contract = to("records.Contract")
    charge = to("records.Charge", null=True, index=False)
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
        ]


class PaymentReversal(models.Model):
    """Money taken back (devolução, MED, wrong entry). What it had settled is undone first."""

    payment = to("records.Payment", index=False)
    reversed_at = models.DateTimeField()
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
    """What a bank or gateway sent, as it came. Only a hint: the truth is fetched. Append-only."""

    provider = to("records.Provider")
    source = models.TextField()
    received_at = models.DateTimeField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    sha256 = models.BinaryField()

    class Meta:
        db_table = "provider_event"
        indexes = [models.Index(fields=["sha256"], name="provider_event_sha256")]


class ProviderEventResult(models.Model):
    """What became of an event; the last one counts."""

    event = to("records.ProviderEvent")
    at = models.DateTimeField()
    result = models.TextField()
    detail = models.TextField(default="")

    class Meta:
        db_table = "provider_event_result"
        constraints = [known("provider_event_result", "result", EVENT_RESULTS)]

"""Days of access on the subscriber's word, minutes to pay in, and the receipts already shown."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func

from religa.domain.facts import Channel, Outcome, UnlockKind
from religa.domain.messages import WARNED_HOURS
from religa.records.models.base import check, known, ordered, to, unique


class TrustUnlock(models.Model):
    """A granted period. `until` moves earlier when it is taken back or replaced, `granted_until` never moves.

    `during` is [granted_at, until): two of one contract cannot overlap, whatever asked for them. `warned_hours`: the
    last word about its end was due so many hours before it.
    """

    contract = to("records.Contract")
    kind = models.TextField()
    channel = models.TextField()
    granted_at = models.DateTimeField()
    granted_until = models.DateTimeField()
    until = models.DateTimeField()
    during = models.GeneratedField(
        expression=Func(F("granted_at"), F("until"), function="tstzrange"),
        output_field=DateTimeRangeField(),
        db_persist=True,
    )
    receipt = models.TextField(null=True)
    promise_date = models.DateField(null=True)
    declaration = models.TextField(default="")
    outcome = models.TextField(null=True)
    judged_at = models.DateTimeField(null=True)
    author = models.TextField(default="")
    warned_hours = models.SmallIntegerField(null=True)

    class Meta:
        db_table = "trust_unlock"
        constraints = [
            known("trust_unlock", "kind", UnlockKind),
            known("trust_unlock", "channel", Channel),
            check(
                "trust_unlock",
                "outcome_known",
                models.Q(outcome__isnull=True) | models.Q(outcome__in=sorted(o.value for o in Outcome)),
            ),
            ordered("trust_unlock", "granted_at", "until"),
            check(
                "trust_unlock",
                "warned_hours_known",
                models.Q(warned_hours__isnull=True) | models.Q(warned_hours__in=sorted(WARNED_HOURS)),
            ),
            ExclusionConstraint(
                name="trust_unlock_no_overlap",
                expressions=[("contract", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
        ]


class TrustUnlockInvoice(models.Model):
    """The suspendable principal that an unlock covers, invoice by invoice."""

    trust_unlock = to("records.TrustUnlock", index=False)
    invoice = to("records.Invoice")
    position = models.SmallIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        db_table = "trust_unlock_invoice"
        constraints = [
            unique("trust_unlock_invoice", "once", "trust_unlock", "invoice"),
            check("trust_unlock_invoice", "amount_not_negative", models.Q(amount__gte=0)),
        ]


class ReceiptUsed(models.Model):
    """A receipt shown once may not be shown again, by anybody of the provider."""

    provider = to("records.Provider", index=False)
    contract = to("records.Contract")
    receipt = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "receipt_used"
        constraints = [unique("receipt_used", "once", "provider", "receipt")]


class PayWindow(models.Model):
    """A few minutes of full access so that the bank's app works."""

    contract = to("records.Contract")
    granted_at = models.DateTimeField()
    until = models.DateTimeField()
    author = models.TextField(default="")

    class Meta:
        db_table = "pay_window"
        constraints = [ordered("pay_window", "granted_at", "until")]

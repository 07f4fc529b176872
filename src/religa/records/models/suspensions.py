"""Periods of blocked (or reduced) access for debt."""

from django.db import models
from django.db.models import Q

from religa.records.models.base import check, ordered, to, unique


class Suspension(models.Model):
    """One episode, from opening to closing. Only its end may be written after it was opened."""

    contract = to("records.Contract")
    opened_at = models.DateTimeField()
    late_at_opening = models.BigIntegerField()
    imported = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    why_closed = models.TextField(null=True)
    author = models.TextField(default="")

    class Meta:
        db_table = "suspension"
        constraints = [
            unique("suspension", "one_open", "contract", where=Q(closed_at__isnull=True)),
            ordered("suspension", "opened_at", "closed_at"),
            check("suspension", "late_not_negative", Q(late_at_opening__gte=0)),
            check(
                "suspension",
                "end_whole",
                Q(closed_at__isnull=True, why_closed__isnull=True)
                | Q(closed_at__isnull=False, why_closed__isnull=False),
            ),
        ]


class SuspensionInvoice(models.Model):
    """An invoice that justified the block."""

    suspension = to("records.Suspension", index=False)
    invoice = to("records.Invoice")
    position = models.SmallIntegerField()

    class Meta:
        db_table = "suspension_invoice"
        constraints = [unique("suspension_invoice", "once", "suspension", "invoice")]


class Reduction(models.Model):
    """The optional stage before a block."""

    contract = to("records.Contract")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    author = models.TextField(default="")

    class Meta:
        db_table = "reduction"
        constraints = [
            unique("reduction", "one_open", "contract", where=Q(until__isnull=True)),
            ordered("reduction", "since", "until"),
        ]

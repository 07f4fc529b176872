"""Invoices that come every month."""

from django.db import models
from django.db.models import Q

from religa.records.models.base import check, ordered, to, unique


class BillingRule(models.Model):
    """How a provider bills: how many days before the due day an invoice is made, and what lateness costs on it.

    Percentages in hundredths of a percent. `punctuality_discount` in centavos, until the due date.
    """

    provider = to("records.Provider", index=False)
    lead_days = models.SmallIntegerField(default=10)
    fine_pct = models.IntegerField(default=200)
    interest_pct_month = models.IntegerField(default=100)
    punctuality_discount = models.BigIntegerField(default=0)
    credits_blocked_days = models.BooleanField(default=True)
    make_charges = models.BooleanField(default=True)
    since = models.DateField()
    author = models.TextField(default="")

    class Meta:
        db_table = "billing_rule"
        constraints = [
            unique("billing_rule", "provider_once", "provider"),
            check("billing_rule", "lead_days_sane", Q(lead_days__gte=1, lead_days__lte=60)),
            check("billing_rule", "fine_within_cdc_52", Q(fine_pct__gte=0, fine_pct__lte=200)),
            check(
                "billing_rule",
                "interest_within_usage",
                Q(interest_pct_month__gte=0, interest_pct_month__lte=100),
            ),
            check("billing_rule", "discount_not_negative", Q(punctuality_discount__gte=0)),
        ]


class ContractBilling(models.Model):
    """That Religa bills a contract, from which day on, and what differs from its plan.

    `price` null: the plan's. `discount`: centavos off every month until `discount_until` (null: no end).
    `billed_through`: the last day charged. `credited_through`: the last day that has been looked at for blocked days to
    give back. `carried`: centavos owed back for which no invoice had room.
    """

    contract = models.OneToOneField("records.Contract", models.PROTECT, related_name="+", primary_key=True)
    since = models.DateField()
    until = models.DateField(null=True)
    price = models.BigIntegerField(null=True)
    discount = models.BigIntegerField(default=0)
    discount_until = models.DateField(null=True)
    billed_through = models.DateField(null=True)
    credited_through = models.DateField(null=True)
    carried = models.BigIntegerField(default=0, db_default=0)
    author = models.TextField(default="")

    class Meta:
        db_table = "contract_billing"
        constraints = [
            ordered("contract_billing", "since", "until"),
            check("contract_billing", "price_not_negative", Q(price__isnull=True) | Q(price__gte=0)),
            check("contract_billing", "discount_not_negative", Q(discount__gte=0)),
            check("contract_billing", "carried_not_negative", Q(carried__gte=0)),
        ]

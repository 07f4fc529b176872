"""Payment plans: originals are closed by them, instalments are invoices of their own."""

from django.db import models

from religa.records.models.base import to, unique


class Agreement(models.Model):
    provider = to("records.Provider", index=False)
    contract = to("records.Contract")
    external_id = models.TextField()
    made_at = models.DateTimeField()
    first_instalment = to("records.Invoice", index=False)
    author = models.TextField(default="")

    class Meta:
        db_table = "agreement"
        constraints = [unique("agreement", "external_id_once", "provider", "external_id")]


class AgreementInvoice(models.Model):
    """An original that the agreement replaces."""

    agreement = to("records.Agreement", index=False)
    invoice = to("records.Invoice")
    position = models.SmallIntegerField()

    class Meta:
        db_table = "agreement_invoice"
        constraints = [unique("agreement_invoice", "once", "agreement", "invoice")]

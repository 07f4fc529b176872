"""Subscribers, plans and contracts: who buys what, where."""

from django.db import models
from django.db.models import Q

from religa.domain.facts import Segment
from religa.records.models.base import check, known, to, unique

LANGUAGES = ("pt-br", "en", "es")


class Subscriber(models.Model):
    """The person or company that owes. `document` is a CPF or CNPJ without mask, upper case."""

    provider = to("records.Provider", index=False)
    external_id = models.TextField()
    kind = models.TextField()
    document = models.TextField()
    name = models.TextField()
    email = models.TextField(default="")
    language = models.TextField(default="pt-br")

    class Meta:
        db_table = "subscriber"
        constraints = [
            unique("subscriber", "external_id_once", "provider", "external_id"),
            known("subscriber", "kind", ("person", "company")),
            known("subscriber", "language", LANGUAGES),
            check("subscriber", "document_form", Q(document__regex=r"^([0-9]{11}|[0-9A-Z]{12}[0-9]{2})$")),
        ]
        indexes = [models.Index(fields=["document"], name="subscriber_document")]


class SubscriberPhone(models.Model):
    """A number in digits with country code, in the order in which to try. `wrong_at`: somebody else answered."""

    subscriber = to("records.Subscriber", index=False)
    position = models.SmallIntegerField(default=1)
    number = models.TextField()
    whatsapp = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True)
    wrong_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "subscriber_phone"
        constraints = [
            unique("subscriber_phone", "number_once", "subscriber", "number"),
            check("subscriber_phone", "number_form", Q(number__regex=r"^[0-9]{8,15}$")),
        ]


class Plan(models.Model):
    """Speed in kbit/s and price in centavos. Burst as MikroTik counts it: rate, threshold, seconds."""

    provider = to("records.Provider", index=False)
    external_id = models.TextField()
    name = models.TextField()
    price = models.BigIntegerField(default=0)
    down_kbps = models.IntegerField()
    up_kbps = models.IntegerField()
    burst_down_kbps = models.IntegerField(null=True)
    burst_up_kbps = models.IntegerField(null=True)
    burst_threshold_down_kbps = models.IntegerField(null=True)
    burst_threshold_up_kbps = models.IntegerField(null=True)
    burst_seconds = models.IntegerField(null=True)

    class Meta:
        db_table = "plan"
        constraints = [
            unique("plan", "external_id_once", "provider", "external_id"),
            check("plan", "speed_positive", Q(down_kbps__gt=0, up_kbps__gt=0)),
            check("plan", "price_not_negative", Q(price__gte=0)),
        ]


class Contract(models.Model):
    """One access at one address. Inserting one makes its `contract_access` row (trigger).

    `rgc_exempt`: an access that only serves things (IoT). `bound_until`: end of the minimum term. `holder_since`:
    when the present holder took over; older debt never blocks him. The municipality is the customer's own.
    `wall_lets_voice`: telephony, emergency calls and alarms pass the walled garden.
    """

    provider = to("records.Provider", index=False)
    subscriber = to("records.Subscriber")
    plan = to("records.Plan", null=True)
    import_batch = to("records.ImportBatch", null=True)
    external_id = models.TextField()
    segment = models.TextField(default=Segment.HOME.value)
    since = models.DateField()
    holder_since = models.DateTimeField(null=True)
    address = models.TextField(default="")
    city = models.TextField(default="")
    uf = models.TextField(default="")
    ibge_code = models.TextField(default="")
    rgc_exempt = models.BooleanField(default=False)
    bound_until = models.DateField(null=True)
    due_day = models.SmallIntegerField(null=True)
    wall_lets_voice = models.BooleanField(default=False, db_default=False)
    terminated_at = models.DateTimeField(null=True)
    terminated_by = models.TextField(default="")

    class Meta:
        db_table = "contract"
        constraints = [
            unique("contract", "external_id_once", "provider", "external_id"),
            known("contract", "segment", Segment),
            check(
                "contract", "due_day_of_month", Q(due_day__isnull=True) | Q(due_day__gte=1, due_day__lte=31)
            ),
        ]
        indexes = [
            models.Index(
                fields=["provider"], name="contract_living", condition=Q(terminated_at__isnull=True)
            ),
        ]

"""What subscribers keep with us or take with them: the day on which they are paid, exports of their data."""

from django.db import models
from django.db.models import Q

from religa.domain.pay_days import MOST, PayDayKind
from religa.records.models.base import check, known, to, unique

EXPORT_FORMATS = ("json", "zip")


class SubscriberPayDay(models.Model):
    """Kept because the subscriber asked for it, so that a promise for that day is one tap; he may take it back."""

    subscriber = to("records.Subscriber", index=False)
    kind = models.TextField()
    number = models.SmallIntegerField()
    set_at = models.DateTimeField()

    class Meta:
        db_table = "subscriber_pay_day"
        constraints = [
            unique("subscriber_pay_day", "subscriber_once", "subscriber"),
            known("subscriber_pay_day", "kind", PayDayKind),
            check(
                "subscriber_pay_day",
                "number_in_month",
                Q(kind="month_day", number__gte=1, number__lte=MOST[PayDayKind.MONTH_DAY])
                | Q(kind="bank_day", number__gte=1, number__lte=MOST[PayDayKind.BANK_DAY])
                | Q(kind="bank_day_from_end", number__gte=1, number__lte=MOST[PayDayKind.BANK_DAY_FROM_END]),
            ),
        ]


class DataExport(models.Model):
    """Somebody took his data with him (LGPD art. 18 II and V). Append-only; nothing of the data is kept here."""

    provider = to("records.Provider", index=False)
    subscriber = to("records.Subscriber")
    at = models.DateTimeField()
    format = models.TextField()
    protocol = models.TextField()

    class Meta:
        db_table = "data_export"
        constraints = [known("data_export", "format", EXPORT_FORMATS)]
        indexes = [models.Index(fields=["at"], name="data_export_at")]

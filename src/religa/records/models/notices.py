"""What the subscriber was told, by which channel, and what is proven of it."""

from django.db import models
from django.db.models import Q

from religa.domain.facts import Evidence, NoticeKind
from religa.domain.message_kinds import MessageKind
from religa.records.models.base import check, known, to, unique

MESSAGE_STATES = ("queued", "sending", "sent", "failed")


class Notice(models.Model):
    """A message as a fact. `opens_at` is the block date it announced; `offset_days` tells reminders apart.

    `invoice_count`: how many rows it has in `notice_invoice`."""

    contract = to("records.Contract")
    kind = models.TextField()
    sent_at = models.DateTimeField()
    opens_at = models.DateTimeField(null=True)
    offset_days = models.SmallIntegerField(null=True)
    automatic = models.BooleanField(default=True)
    invoice_count = models.SmallIntegerField(default=0)
    author = models.TextField(default="")

    class Meta:
        db_table = "notice"
        constraints = [known("notice", "kind", NoticeKind)]


class NoticeInvoice(models.Model):
    notice = to("records.Notice", index=False)
    invoice = to("records.Invoice")
    position = models.SmallIntegerField()

    class Meta:
        db_table = "notice_invoice"
        constraints = [unique("notice_invoice", "once", "notice", "invoice")]


class Message(models.Model):
    """One text to one address: the outbox, and the proof of what was written (MO 1.1.1). One notice may have several.

    The text and the address can be erased when their time is over; that something was sent stays.
    """

    provider = to("records.Provider", index=False)
    contract = to("records.Contract", null=True)
    subscriber = to("records.Subscriber", null=True)
    notice = to("records.Notice", null=True)
    kind = models.TextField()
    channel = models.TextField()
    address = models.TextField()
    subject = models.TextField(default="")
    text = models.TextField()
    template = models.TextField(default="")
    template_version = models.TextField(default="")
    language = models.TextField(default="pt-br")
    created_at = models.DateTimeField()
    state = models.TextField(default="queued")
    sent_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    provider_message_id = models.TextField(null=True)
    error = models.TextField(default="")

    class Meta:
        db_table = "message"
        constraints = [
            known("message", "kind", MessageKind),
            known("message", "state", MESSAGE_STATES),
            check("message", "sent_has_time", ~Q(state="sent") | Q(sent_at__isnull=False)),
        ]
        indexes = [
            models.Index(fields=["id"], name="message_queued", condition=Q(state="queued")),
            models.Index(fields=["provider", "-id"], name="message_latest"),
            models.Index(
                fields=["channel", "provider_message_id"],
                name="message_receipts",
                condition=Q(provider_message_id__isnull=False),
            ),
        ]


class DeliveryEvent(models.Model):
    """One more thing known about a notice: sent, delivered, failed. Append-only."""

    notice = to("records.Notice")
    message = to("records.Message", null=True, index=False)
    at = models.DateTimeField()
    evidence = models.TextField()
    detail = models.TextField(default="")

    class Meta:
        db_table = "delivery_event"
        constraints = [known("delivery_event", "evidence", Evidence)]


class LoginCode(models.Model):
    """A one-time code of a subscriber. Only its digest is kept; the text goes to `message`."""

    subscriber = to("records.Subscriber")
    digest = models.BinaryField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    address = models.TextField(default="")

    class Meta:
        db_table = "login_code"

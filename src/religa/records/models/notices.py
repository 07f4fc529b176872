"""What the subscriber was told, by which channel, and what is proven of it."""

from django.db import models
from django.db.models import Q

from religa.domain.facts import Evidence, NoticeKind
from religa.domain.message_kinds import MessageKind
from religa.ports.messages import ReceiptState
from religa.records.models.base import check, known, ordered, to, unique

MESSAGE_STATES = ("queued", "sending", "sent", "failed", "unknown", "withdrawn")
EVENT_STATES = ("queued", "sent", "delivered", "read", "failed", "bounced")


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

    The text and the address can be erased when their time is over; that something was sent stays. One row for each
    channel that is tried: `parent` is the first try. `send_after`, `send_before`: not earlier (null: at once), not any
    more from then on. `contact_day`: the civil day on which it is its subscriber's one collection message; no other may
    have that day. Lower `priority` goes first. `unknown`: it left, and nobody knows whether it arrived; it is not sent
    again. `withdrawn`: it had become untrue or was in the way before it left.
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
    parent = to("records.Message", null=True)
    priority = models.SmallIntegerField(default=0, db_default=0)
    send_after = models.DateTimeField(null=True)
    send_before = models.DateTimeField(null=True)
    contact_day = models.DateField(null=True)
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "message"
        constraints = [
            known("message", "kind", MessageKind),
            known("message", "state", MESSAGE_STATES),
            check("message", "sent_has_time", ~Q(state="sent") | Q(sent_at__isnull=False)),
            check("message", "sending_has_time", ~Q(state="sending") | Q(claimed_at__isnull=False)),
            unique(
                "message",
                "one_collection_a_day",
                "subscriber",
                "contact_day",
                where=Q(contact_day__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["provider", "channel", "priority", "id"],
                name="message_queued",
                condition=Q(state="queued"),
            ),
            models.Index(fields=["claimed_at"], name="message_sending", condition=Q(state="sending")),
            models.Index(fields=["sent_at"], name="message_sent_lately", condition=Q(state="sent")),
            models.Index(fields=["provider", "-id"], name="message_latest"),
            models.Index(fields=["address"], name="message_address"),
            models.Index(
                fields=["notice"],
                name="message_notice_failed",
                condition=Q(state__in=("failed", "unknown"), notice__isnull=False),
            ),
            models.Index(
                fields=["channel", "provider_message_id"],
                name="message_receipts",
                condition=Q(provider_message_id__isnull=False),
            ),
        ]


class MessageNotice(models.Model):
    """The other notices that a message gave at once: those of further contracts of its subscriber."""

    message = to("records.Message", index=False)
    notice = to("records.Notice")

    class Meta:
        db_table = "message_notice"
        constraints = [unique("message_notice", "once", "message", "notice")]


class MessageEvent(models.Model):
    """One thing that became of a message. Append-only, each once, in any order.

    `failed`: the channel did not take it; `bounced`: it took it, and said later that it did not arrive.
    """

    message = to("records.Message", index=False)
    at = models.DateTimeField()
    state = models.TextField()
    channel = models.TextField()
    provider_message_id = models.TextField(default="")
    detail = models.TextField(default="")

    class Meta:
        db_table = "message_event"
        constraints = [
            known("message_event", "state", EVENT_STATES),
            unique("message_event", "once", "message", "state"),
        ]


class MessageReceipt(models.Model):
    """What a channel said of a message, as it came: kept before it is understood, since it may come before our own
    record of having sent. `message` once it is known which."""

    channel = models.TextField()
    provider_message_id = models.TextField()
    state = models.TextField()
    at = models.DateTimeField()
    error = models.TextField(default="")
    permanent = models.BooleanField(default=False)
    known_at = models.DateTimeField()
    named = models.BigIntegerField(null=True)
    message = to("records.Message", null=True)

    class Meta:
        db_table = "message_receipt"
        constraints = [
            known("message_receipt", "state", ReceiptState),
            unique("message_receipt", "once", "channel", "provider_message_id", "state"),
        ]
        indexes = [
            models.Index(
                fields=["known_at"], name="message_receipt_waiting", condition=Q(message__isnull=True)
            ),
        ]


class ChannelPace(models.Model):
    """How fast a provider's channel may be used, by all processes together: a bucket of tokens, one for each message.

    It fills by `per_second` up to one second's worth (at least one); `tokens` is what was left `at`. No row: no limit.
    """

    provider = to("records.Provider", index=False)
    channel = models.TextField()
    per_second = models.DecimalField(max_digits=10, decimal_places=3)
    tokens = models.FloatField(default=0)
    at = models.DateTimeField()

    class Meta:
        db_table = "channel_pace"
        constraints = [
            unique("channel_pace", "once", "provider", "channel"),
            check("channel_pace", "positive", Q(per_second__gt=0)),
        ]


class DoNotContact(models.Model):
    """An address to which nothing goes any more on a channel (empty: on none), and why: its owner said that he is
    somebody else, or it is no good. Ended when a person enters it anew."""

    channel = models.TextField(default="")
    address = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    why = models.TextField()
    ended_by = models.TextField(default="")

    class Meta:
        db_table = "do_not_contact"
        constraints = [
            known("do_not_contact", "why", ("wrong_person", "bounced", "asked")),
            ordered("do_not_contact", "since", "until"),
            unique("do_not_contact", "open_once", "address", "channel", where=Q(until__isnull=True)),
        ]


class DeliveryEvent(models.Model):
    """One more thing known about a notice: sent, delivered, failed. Append-only."""

    notice = to("records.Notice")
    message = to("records.Message", null=True)
    at = models.DateTimeField()
    evidence = models.TextField()
    detail = models.TextField(default="")

    class Meta:
        db_table = "delivery_event"
        constraints = [known("delivery_event", "evidence", Evidence)]
        indexes = [
            models.Index(
                fields=["notice"],
                name="delivery_event_failed",
                condition=Q(evidence__in=(Evidence.FAILED.value, Evidence.WITHDRAWN.value)),
            ),
        ]


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

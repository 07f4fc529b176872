"""By what subscribers are reached: channels, their secrets, what was done to them, and what they post to us."""

from django.db import models
from django.db.models import Q

from religa.domain.message_channels import KINDS, MEDIA_OF
from religa.records.models.base import check, known, to, unique

CHANNEL_MEDIA = tuple(dict.fromkeys(medium for media in MEDIA_OF.values() for medium in media))
CHANNEL_SECRETS = (
    "password", "access_token", "app_secret", "token", "callback_secret", "url", "hook", "verify_token", "vapid_key",
)  # fmt: skip
CHANNEL_CHANGES = (
    "created",
    "changed",
    "closed",
    "secret_set",
    "address_shown",
    "address_replaced",
    "tested",
)
CALLBACK_PROOFS = ("signature", "secret")
CALLBACK_RESULTS = ("done", "ignored", "failed")
CALLBACK_REFUSALS = ("unknown_address", "wrong_signature", "wrong_token", "too_large", "no_length")


class MessageChannel(models.Model):
    """One way to reach people. `medium`: what `message.channel` says (e-mail, SMS, WhatsApp, push); `kind`: by what.

    `cost_tenths`: of one message, in tenths of a centavo. `per_second`: messages at most, of all processes together.
    `position`: of several of one medium the first open one is used. `settings`: what only its adapter reads.
    `hook_digest`: SHA-256 of the secret in the address that its platform posts to.
    """

    provider = to("records.Provider")
    name = models.TextField()
    medium = models.TextField()
    kind = models.TextField()
    settings = models.JSONField(default=dict)
    cost_tenths = models.IntegerField(default=0)
    per_second = models.IntegerField(default=10)
    position = models.SmallIntegerField(default=1)
    hook_digest = models.BinaryField(null=True)
    since = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    author = models.TextField(default="")

    class Meta:
        db_table = "message_channel"
        constraints = [
            unique("message_channel", "name_once", "provider", "name"),
            unique("message_channel", "hook_once", "hook_digest"),
            known("message_channel", "kind", KINDS),
            known("message_channel", "medium", CHANNEL_MEDIA),
            check("message_channel", "name_not_empty", ~Q(name="")),
            check("message_channel", "cost_not_negative", Q(cost_tenths__gte=0)),
            check("message_channel", "per_second_positive", Q(per_second__gt=0)),
        ]


class ChannelSecret(models.Model):
    """A secret of a channel, encrypted by the application for exactly this place (`records.secrets`)."""

    message_channel = to("records.MessageChannel", index=False)
    name = models.TextField()
    sealed = models.BinaryField()
    changed_at = models.DateTimeField()
    author = models.TextField(default="")

    class Meta:
        db_table = "channel_secret"
        constraints = [
            unique("channel_secret", "name_once", "message_channel", "name"),
            known("channel_secret", "name", CHANNEL_SECRETS),
        ]


class MessageChannelChange(models.Model):
    """What somebody did to a channel. Append-only. `detail`: fields as [before, after]; never a secret or a number."""

    message_channel = to("records.MessageChannel", index=False)
    at = models.DateTimeField()
    what = models.TextField()
    detail = models.JSONField(default=dict)
    author = models.TextField()

    class Meta:
        db_table = "message_channel_change"
        constraints = [
            known("message_channel_change", "what", CHANNEL_CHANGES),
            check("message_channel_change", "names_person", ~Q(author="")),
        ]
        indexes = [models.Index(fields=["message_channel", "-at"], name="message_channel_change_latest")]


class MessageEventRaw(models.Model):
    """What a platform posted, as it came, before anything was made of it. Append-only; purged after a while, since it
    holds numbers and what people wrote. `proof`: what speaks for its sender."""

    message_channel = to("records.MessageChannel", index=False)
    received_at = models.DateTimeField()
    content_type = models.TextField(default="")
    query = models.JSONField(default=dict)
    body = models.BinaryField()
    proof = models.TextField()

    class Meta:
        db_table = "message_event_raw"
        constraints = [known("message_event_raw", "proof", CALLBACK_PROOFS)]
        indexes = [
            models.Index(fields=["message_channel", "-received_at"], name="message_event_raw_latest"),
            models.Index(fields=["received_at"], name="message_event_raw_age"),
        ]


class MessageEventTodo(models.Model):
    """An event that nobody has understood yet: `due_at` is moved ahead while somebody is at it (a lease), so that one
    whose worker died comes back. The row goes when there is a result."""

    event = models.OneToOneField(
        "records.MessageEventRaw", models.CASCADE, related_name="+", primary_key=True, db_constraint=False
    )
    due_at = models.DateTimeField()
    tries = models.IntegerField(default=0)

    class Meta:
        db_table = "message_event_todo"
        indexes = [models.Index(fields=["due_at"], name="message_event_todo_due")]


class MessageEventResult(models.Model):
    """What became of an event. Append-only; outlives it. `receipts`, `inbound`: how many it held."""

    event = models.ForeignKey(
        "records.MessageEventRaw", models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    message_channel = to("records.MessageChannel", index=False)
    at = models.DateTimeField()
    result = models.TextField()
    receipts = models.IntegerField(default=0)
    inbound = models.IntegerField(default=0)
    detail = models.TextField(default="")

    class Meta:
        db_table = "message_event_result"
        constraints = [known("message_event_result", "result", CALLBACK_RESULTS)]
        indexes = [models.Index(fields=["message_channel", "-at"], name="message_event_result_latest")]


class RefusedCallback(models.Model):
    """How often something was posted and not taken, by day and reason: visible, and no way to fill a disk.

    Nothing of what was posted is kept. `address`: the last sender's. No channel: an address of nobody.
    """

    message_channel = to("records.MessageChannel", null=True)
    day = models.DateField()
    why = models.TextField()
    count = models.IntegerField(default=1)
    last_at = models.DateTimeField()
    address = models.TextField(default="")

    class Meta:
        db_table = "refused_callback"
        constraints = [
            models.UniqueConstraint(
                fields=["message_channel", "day", "why"],
                name="refused_callback_day_once",
                nulls_distinct=False,
            ),
            known("refused_callback", "why", CALLBACK_REFUSALS),
        ]


class MessageWindow(models.Model):
    """Until when a person who wrote may be answered in free text (WhatsApp: 24 hours). Goes when it is over."""

    message_channel = to("records.MessageChannel", index=False)
    address = models.TextField()
    until = models.DateTimeField()

    class Meta:
        db_table = "message_window"
        constraints = [unique("message_window", "address_once", "message_channel", "address")]
        indexes = [models.Index(fields=["until"], name="message_window_until")]

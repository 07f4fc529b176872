"""The provider's own texts of messages, every version of each, and what he has decided about SMS."""

from django.db import models
from django.db.models import Q

from religa.domain.message_kinds import LEGAL, ChannelKind, MessageKind
from religa.records.models.base import check, known, to, unique

LANGUAGES = ("pt-br", "en", "es")
ORIGINS = ("own", "shipped")


class MessageTemplate(models.Model):
    """One version of one text; the highest number holds. Append-only: a message of years ago names its version.

    `origin` shipped: from here on the text that comes with Religa holds again; `body` is what that was on the day.
    """

    provider = to("records.Provider", index=False)
    kind = models.TextField()
    channel = models.TextField()
    language = models.TextField()
    number = models.IntegerField()
    origin = models.TextField(default="own")
    subject = models.TextField(default="")
    body = models.TextField()
    author = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "message_template"
        constraints = [
            unique("message_template", "number_once", "provider", "kind", "channel", "language", "number"),
            known("message_template", "kind", MessageKind),
            known("message_template", "channel", ChannelKind),
            known("message_template", "language", LANGUAGES),
            known("message_template", "origin", ORIGINS),
            check("message_template", "number_positive", Q(number__gte=1)),
            check("message_template", "body_not_empty", ~Q(body="")),
            check("message_template", "author_not_empty", ~Q(author="")),
            check(
                "message_template",
                "notice_in_portuguese",
                ~Q(kind__in=sorted(kind.value for kind in LEGAL)) | Q(language="pt-br"),
            ),
        ]


class MessageHabit(models.Model):
    """What a provider does with SMS from `created_at` on; the latest row holds. Append-only."""

    provider = to("records.Provider")
    sms_carries_notices = models.BooleanField()
    sms_without_accents = models.BooleanField()
    author = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "message_habit"
        constraints = [check("message_habit", "author_not_empty", ~Q(author=""))]

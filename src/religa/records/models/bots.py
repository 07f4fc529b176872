"""Programs that ask for subscribers (bots, phone menus, apps), and conversations with people who write to us."""

from django.db import models
from django.db.models import Q

from religa.records.models.base import check, known, ordered, to, unique

API_ROLES = ("app", "chat", "phone")
STRENGTHS = ("code", "caller")
STEPS = ("open", "digits", "contract", "menu", "confirm")
WISHES = ("", "status", "unlock", "paid", "pix")


class ApiClient(models.Model):
    """A program with a key of its own. `digest`: SHA-256 of the key, which nobody can show again; `ending`: its last
    characters, to tell keys apart. `addresses`: networks it may come from, empty for any. `per_minute`: how many
    requests it may make."""

    provider = to("records.Provider", index=False)
    name = models.TextField()
    role = models.TextField()
    digest = models.BinaryField()
    ending = models.TextField()
    addresses = models.JSONField(default=list)
    per_minute = models.IntegerField()
    created_at = models.DateTimeField()
    created_by = models.TextField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.TextField(default="")

    class Meta:
        db_table = "api_client"
        constraints = [
            unique("api_client", "digest_once", "digest"),
            unique("api_client", "name_once", "provider", "name", where=Q(revoked_at__isnull=True)),
            known("api_client", "role", API_ROLES),
            check("api_client", "name_not_empty", ~Q(name="")),
            check("api_client", "per_minute_positive", Q(per_minute__gt=0)),
            check("api_client", "revocation_names_person", Q(revoked_at__isnull=True) | ~Q(revoked_by="")),
        ]


class ApiSubject(models.Model):
    """A subscriber as one program has identified him, for some minutes. `strength`: by code, or by the calling number
    and the end of the document, which is less. `number`: the calling number; `contact`: the contact's protocol."""

    client = to("records.ApiClient")
    subscriber = to("records.Subscriber")
    digest = models.BinaryField()
    strength = models.TextField()
    number = models.TextField(default="")
    contact = models.TextField(default="")
    language = models.TextField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "api_subject"
        constraints = [
            unique("api_subject", "digest_once", "digest"),
            known("api_subject", "strength", STRENGTHS),
            check("api_subject", "caller_has_number", ~Q(strength="caller") | ~Q(number="")),
        ]
        indexes = [models.Index(fields=["expires_at"], name="api_subject_expiry")]


class Conversation(models.Model):
    """Where somebody who writes to us stands in the menu, one row for each number and channel.

    `subscriber`: who it is, once the end of his document was given, for the civil day of `identified_at`. `step` and
    what goes with it hold until `expires_at`. `stopped_at`: wants no reminders. `wrong_person_at`: is another person.
    `handed_over_at`: waits for a person; `taken_by`: who has taken it, and the menu is silent meanwhile.
    """

    provider = to("records.Provider", index=False)
    channel = models.TextField()
    sender = models.TextField()
    subscriber = to("records.Subscriber", null=True)
    contract = to("records.Contract", null=True)
    identified_at = models.DateTimeField(null=True)
    step = models.TextField(default="open")
    wish = models.TextField(default="")
    page = models.SmallIntegerField(default=0)
    protocol = models.TextField(default="")
    last_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    wrong_person_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.TextField(default="")

    class Meta:
        db_table = "conversation"
        constraints = [
            unique("conversation", "once", "provider", "channel", "sender"),
            known("conversation", "step", STEPS),
            known("conversation", "wish", WISHES),
            check(
                "conversation",
                "identified_whole",
                Q(subscriber__isnull=True) | Q(identified_at__isnull=False),
            ),
            check("conversation", "taken_names_person", Q(taken_at__isnull=True) | ~Q(taken_by="")),
            ordered("conversation", "handed_over_at", "taken_at"),
        ]
        indexes = [
            models.Index(
                fields=["provider", "handed_over_at"],
                name="conversation_waiting",
                condition=Q(handed_over_at__isnull=False),
            ),
        ]


class InboundMessage(models.Model):
    """A text that came in, handled once. The text itself is kept only while a person is to read it.

    `message_id`: the channel's, which is its own only within a conversation: gateways count as they like.
    """

    conversation = to("records.Conversation", index=False)
    message_id = models.TextField()
    at = models.DateTimeField()
    intent = models.TextField()
    text = models.TextField(default="")

    class Meta:
        db_table = "inbound_message"
        constraints = [unique("inbound_message", "once", "conversation", "message_id")]
        indexes = [models.Index(fields=["at"], name="inbound_message_at")]

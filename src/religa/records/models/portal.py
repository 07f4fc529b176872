"""How subscribers come in: the sessions of their devices, and what they may use in place of a code."""

from django.db import models
from django.db.models import Q

from religa.records.models.base import check, known, ordered, to, unique

DEVICES = ("android", "iphone", "ipad", "windows", "mac", "linux", "other")
PROOFS = ("code", "password", "passkey")


class PortalSession(models.Model):
    """A device on which somebody has come in. Only a digest of its key is kept, and of the device only its kind.

    `seen_at` is written at most once in some minutes. `revoked_at`: signed out, by whomever.
    """

    subscriber = to("records.Subscriber")
    digest = models.BinaryField()
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    device = models.TextField(default="other")
    proof = models.TextField(default="code")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "portal_session"
        constraints = [
            unique("portal_session", "digest_once", "digest"),
            known("portal_session", "device", DEVICES),
            known("portal_session", "proof", PROOFS),
            ordered("portal_session", "since", "ends_at"),
            ordered("portal_session", "since", "seen_at"),
            ordered("portal_session", "since", "revoked_at"),
        ]
        indexes = [models.Index(fields=["ends_at"], name="portal_session_ends_at")]


class PortalPassword(models.Model):
    """A password in place of a code, as argon2 keeps it. `failed` counts wrong ones in a row; at a limit only a
    code helps."""

    subscriber = to("records.Subscriber", index=False)
    hash = models.TextField()
    set_at = models.DateTimeField()
    failed = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "portal_password"
        constraints = [
            unique("portal_password", "subscriber_once", "subscriber"),
            check("portal_password", "hash_not_empty", ~Q(hash="")),
            check("portal_password", "failed_not_negative", Q(failed__gte=0)),
        ]


class PortalPasskey(models.Model):
    """A passkey of a device (WebAuthn): its public key, and how often it says it was used."""

    subscriber = to("records.Subscriber")
    credential = models.BinaryField()
    public_key = models.BinaryField()
    uses = models.BigIntegerField(default=0)
    device = models.TextField(default="other")
    since = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "portal_passkey"
        constraints = [
            unique("portal_passkey", "credential_once", "credential"),
            known("portal_passkey", "device", DEVICES),
            check("portal_passkey", "uses_not_negative", Q(uses__gte=0)),
            ordered("portal_passkey", "since", "used_at"),
        ]

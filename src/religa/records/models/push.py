"""On which devices a subscriber wants to be told something (web push)."""

from django.db import models
from django.db.models import Q

from religa.records.models.base import check, known, ordered, to, unique
from religa.records.models.portal import DEVICES, PortalSession

PUSH_ENDS = ("gone", "replaced", "signed_out", "switched_off")


class PushSubscription(models.Model):
    """A browser in which notices were switched on. `message.address` names it as `device/<id>`, never its address.

    `digest`: SHA-256 of the endpoint. `sealed`: the subscription, whose address lets anybody write to the device: it is
    encrypted (`records.secrets`), and gone with the subscription. `portal_session`: the device's, as it was last seen;
    that row may be gone before this one. `message_channel`: whose key it belongs to, for no other key opens it.
    """

    subscriber = to("records.Subscriber")
    message_channel = to("records.MessageChannel")
    portal_session = models.ForeignKey(
        PortalSession, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    digest = models.BinaryField()
    sealed = models.BinaryField(null=True)
    device = models.TextField(default="other")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    why = models.TextField(default="")

    class Meta:
        db_table = "push_subscription"
        constraints = [
            unique("push_subscription", "digest_once", "digest", where=Q(ended_at__isnull=True)),
            unique("push_subscription", "session_once", "portal_session", where=Q(ended_at__isnull=True)),
            known("push_subscription", "device", DEVICES),
            known("push_subscription", "why", ("", *PUSH_ENDS)),
            ordered("push_subscription", "created_at", "ended_at"),
            check(
                "push_subscription",
                "ended_says_why",
                Q(ended_at__isnull=True, why="") | (Q(ended_at__isnull=False) & ~Q(why="")),
            ),
            check(
                "push_subscription",
                "sealed_while_living",
                Q(ended_at__isnull=True, sealed__isnull=False)
                | Q(ended_at__isnull=False, sealed__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["ended_at"], name="push_subscription_ended_at")]

"""What was said between the provider's people and whoever called, and how a subscriber's addresses changed."""

from django.db import models
from django.db.models import Q

from religa.domain.contacts import About, Caller, Means
from religa.records.models.base import check, known, ordered, to, unique

ADDRESS_KINDS = ("phone", "email")


class Contact(models.Model):
    """One contact as a person wrote it down (RGC art. 9). Append-only: a correction is another entry that names it.

    `started_at`: when its protocol number was told. Whoever is not the holder hears no amounts, so none is promised.
    """

    provider = to("records.Provider", index=False)
    contract = to("records.Contract")
    protocol = models.TextField()
    started_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    means = models.TextField()
    caller = models.TextField()
    caller_name = models.TextField(default="")
    about = models.TextField()
    promised_on = models.DateField(null=True)
    promised_amount = models.BigIntegerField(null=True)
    recording = models.TextField(default="")
    notes = models.TextField()
    corrects = to("records.Contact", null=True, index=False)
    author = models.TextField()

    class Meta:
        db_table = "contact"
        constraints = [
            unique("contact", "protocol_once", "provider", "protocol", where=Q(corrects__isnull=True)),
            unique("contact", "corrected_once", "corrects"),
            known("contact", "means", Means),
            known("contact", "caller", Caller),
            known("contact", "about", About),
            ordered("contact", "started_at", "registered_at"),
            check("contact", "notes_not_empty", ~(Q(notes="") | Q(author=""))),
            check("contact", "amount_positive", Q(promised_amount__isnull=True) | Q(promised_amount__gt=0)),
            check("contact", "others_hear_no_amounts", Q(caller="holder") | Q(promised_amount__isnull=True)),
            check("contact", "others_named", Q(caller="holder") | ~Q(caller_name="")),
            check(
                "contact", "amount_has_day", Q(promised_amount__isnull=True) | Q(promised_on__isnull=False)
            ),
        ]


class AddressCheck(models.Model):
    """A code on its way to a new phone or e-mail, which counts once it comes back. Only its digest is kept."""

    subscriber = to("records.Subscriber")
    contract = to("records.Contract", index=False)
    kind = models.TextField()
    old = models.TextField(default="")
    new = models.TextField()
    whatsapp = models.BooleanField(default=False)
    digest = models.BinaryField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    author = models.TextField()
    reason = models.TextField()

    class Meta:
        db_table = "address_check"
        constraints = [
            known("address_check", "kind", ADDRESS_KINDS),
            check("address_check", "new_not_empty", ~Q(new="")),
            ordered("address_check", "created_at", "expires_at"),
        ]


class AddressChange(models.Model):
    """A phone or e-mail that was replaced, and by whom it was taken down. Append-only: the old one stays known."""

    subscriber = to("records.Subscriber")
    contract = to("records.Contract", index=False)
    kind = models.TextField()
    old = models.TextField(default="")
    new = models.TextField()
    at = models.DateTimeField()
    author = models.TextField()
    reason = models.TextField()

    class Meta:
        db_table = "address_change"
        constraints = [
            known("address_change", "kind", ADDRESS_KINDS),
            check("address_change", "new_not_empty", ~Q(new="")),
            check("address_change", "names_person_and_reason", ~(Q(author="") | Q(reason=""))),
        ]

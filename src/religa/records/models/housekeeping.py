"""Imports, protocol numbers, and answers that must not be given twice."""

from django.db import models
from django.db.models import Q

from religa.records.models.base import check, known, to, unique


class ImportBatch(models.Model):
    """One run of an import. `held`: it touched so much that the blocks it would bring wait for a person."""

    provider = to("records.Provider")
    source = models.TextField()
    files = models.JSONField(default=list)
    state = models.TextField(default="running")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    contracts_touched = models.IntegerField(default=0)
    held = models.BooleanField(default=False)
    released_at = models.DateTimeField(null=True)
    released_by = models.TextField(default="")
    author = models.TextField(default="")

    class Meta:
        db_table = "import_batch"
        constraints = [
            known("import_batch", "state", ("running", "done", "refused")),
            check("import_batch", "release_names_person", Q(released_at__isnull=True) | ~Q(released_by="")),
        ]


class ProtocolNumber(models.Model):
    """The number told to a subscriber at the start of a contact (RGC art. 9)."""

    provider = to("records.Provider", index=False)
    contract = to("records.Contract", null=True)
    number = models.TextField()
    subject = models.TextField()
    at = models.DateTimeField()
    author = models.TextField(default="")
    text = models.TextField(default="")

    class Meta:
        db_table = "protocol_number"
        constraints = [unique("protocol_number", "number_once", "provider", "number")]


class IdempotencyKey(models.Model):
    """The answer already given to a request, so that asking twice changes nothing and answers the same.

    `asked` is a digest of what was asked: the same key with another question is an error of the caller.
    """

    scope = models.TextField()
    key = models.TextField()
    asked = models.BinaryField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        db_table = "idempotency_key"
        constraints = [unique("idempotency_key", "once", "scope", "key")]
        indexes = [models.Index(fields=["at"], name="idempotency_key_at")]

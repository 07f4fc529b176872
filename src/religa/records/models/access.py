"""The narrow cache row with its alarm clock, and the history of what it said."""

from django.db import models

from religa.domain.facts import Access, Status
from religa.records.models.base import known, to, unique


class ContractAccess(models.Model):
    """What the network answers now, and what it answers by itself from `until` on.

    Written only by the evaluation of access, under this row's lock (docs/decisions/0002). Keep it narrow: 10,000
    updates of it cost 34 ms, of a wide row 535 ms. A row without `next_look_at` waits for a fact or for a person
    (`sweep_failure`), never for time.
    """

    contract = models.OneToOneField(
        "records.Contract", models.PROTECT, primary_key=True, related_name="contract_access"
    )
    access = models.TextField()
    status = models.TextField()
    why = models.TextField()
    until = models.DateTimeField(null=True)
    access_then = models.TextField()
    next_look_at = models.DateTimeField(null=True)
    decided_with = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "contract_access"
        constraints = [
            known("contract_access", "access", Access),
            known("contract_access", "status", Status),
            known("contract_access", "access_then", Access),
        ]
        indexes = [
            models.Index(
                fields=["next_look_at"],
                name="contract_access_due",
                condition=models.Q(next_look_at__isnull=False),
            ),
            models.Index(
                fields=["status", "contract"],
                name="contract_access_in_trouble",
                condition=~models.Q(status__in=[Status.CURRENT.value, Status.TERMINATED.value]),
            ),
        ]


class AccessChange(models.Model):
    """One change of the answer. Append-only, chained per contract: `chain` = sha256(previous chain + digest).

    `digest` is salted, so that `cause` and `salt` can be erased and the chain still be checked.
    """

    contract = to("records.Contract", index=False)
    seq = models.IntegerField()
    at = models.DateTimeField()
    old_access = models.TextField(null=True)
    old_status = models.TextField(null=True)
    access = models.TextField()
    status = models.TextField()
    why = models.TextField()
    until = models.DateTimeField(null=True)
    access_then = models.TextField()
    decided_with = models.TextField()
    policy_version = to("records.PolicyVersion", index=False, null=True)
    cause = models.TextField(null=True)
    salt = models.BinaryField(null=True)
    digest = models.BinaryField()
    chain = models.BinaryField()

    class Meta:
        db_table = "access_change"
        constraints = [
            unique("access_change", "seq_once", "contract", "seq"),
            known("access_change", "access", Access),
            known("access_change", "status", Status),
        ]
        indexes = [models.Index(fields=["at"], name="access_change_at")]


class SweepFailure(models.Model):
    """A contract that the sweeper could not judge. It is out of the due index until a person looks."""

    contract = to("records.Contract", index=False)
    at = models.DateTimeField()
    step = models.TextField()
    error = models.TextField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.TextField(default="")

    class Meta:
        db_table = "sweep_failure"
        constraints = [
            unique("sweep_failure", "one_open", "contract", where=models.Q(resolved_at__isnull=True)),
        ]

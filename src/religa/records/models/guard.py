"""First blocks on their way past the mass-block guard, and the heartbeats it listens to."""

from django.db import models
from django.db.models import Q

from religa.records.models.base import check, known, to, unique

RUN_STATES = ("open", "held", "approved", "done")
CANDIDATE_STATES = ("proposed", "checked", "admitted", "held", "opened", "dropped")
LIVE_CANDIDATE = ("proposed", "checked", "admitted", "held")


class BlockRun(models.Model):
    """One proposal of first blocks. A held one names its reason and waits for a named person."""

    provider = to("records.Provider", index=False)
    started_at = models.DateTimeField()
    state = models.TextField(default="open")
    reason = models.TextField(default="")
    budget = models.IntegerField(null=True)
    proposed = models.IntegerField(default=0)
    admitted = models.IntegerField(default=0)
    held = models.IntegerField(default=0)
    opened = models.IntegerField(default=0)
    dropped = models.IntegerField(default=0)
    held_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.TextField(default="")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "block_run"
        constraints = [
            known("block_run", "state", RUN_STATES),
            check("block_run", "held_names_reason", ~Q(state="held") | ~Q(reason="")),
            check("block_run", "approval_names_person", Q(approved_at__isnull=True) | ~Q(approved_by="")),
        ]
        indexes = [models.Index(fields=["provider", "-started_at"], name="block_run_latest")]


class BlockCandidate(models.Model):
    """One first block on its way: proposed, checked with the bank, admitted or held, then opened or dropped.

    A held one is the domain's `GuardHold`: `held_at`, `held_reason`, `approved_at`.
    """

    run = to("records.BlockRun", null=True, index=False)
    contract = to("records.Contract")
    state = models.TextField(default="proposed")
    proposed_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    admitted_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    held_reason = models.TextField(default="")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.TextField(default="")
    opened_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    dropped_why = models.TextField(default="")
    suspension = to("records.Suspension", null=True, index=False)

    class Meta:
        db_table = "block_candidate"
        constraints = [
            known("block_candidate", "state", CANDIDATE_STATES),
            unique("block_candidate", "one_live", "contract", where=Q(state__in=LIVE_CANDIDATE)),
            check("block_candidate", "held_names_reason", Q(held_at__isnull=True) | ~Q(held_reason="")),
        ]
        indexes = [
            models.Index(fields=["run", "contract"], name="block_candidate_run"),
            models.Index(
                fields=["state", "contract"],
                name="block_candidate_live",
                condition=Q(state__in=LIVE_CANDIDATE),
            ),
        ]


class FeedHeartbeat(models.Model):
    """When a payment feed was last known to be complete. An empty poll counts; a silent one holds first blocks."""

    provider = to("records.Provider", index=False)
    name = models.TextField()
    kind = models.TextField()
    configured = models.BooleanField(default=True)
    last_completed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "feed_heartbeat"
        constraints = [
            unique("feed_heartbeat", "name_once", "provider", "name"),
            known("feed_heartbeat", "kind", ("poll", "file", "books")),
        ]

"""Which policy holds for a provider."""

from __future__ import annotations

from datetime import datetime

from religa.domain.policy import Policy
from religa.records.facts import policy_of
from religa.records.models import PolicyVersion


def policy_at(provider_id: int, at: datetime) -> Policy:
    """The policy in force at an instant; the preset alone where none was ever set."""
    versions = PolicyVersion.objects.filter(provider_id=provider_id, valid_from__lte=at)
    version = versions.order_by("-valid_from", "-number").first()
    return Policy() if version is None else policy_of(version.preset, version.values)

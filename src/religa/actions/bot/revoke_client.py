"""Takes a program's key away: from its next request on it is nobody, and so is whom it had identified."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from religa.records.models import ApiClient, ApiSubject


def revoke(*, provider_id: int, client_id: int, by: str, at: datetime) -> bool:
    """Whether there was one with a living key."""
    with transaction.atomic():
        living = ApiClient.objects.filter(pk=client_id, provider_id=provider_id, revoked_at__isnull=True)
        ApiSubject.objects.filter(client__in=living).delete()
        return bool(living.update(revoked_at=at, revoked_by=by))

"""A dossier of one contract: read at one instant, closed with its digests, and written down as having left.

It is personal data and it leaves, so who asked and why is kept in the same transaction; what cannot be written down is
not given. The digest is kept with it, by which the file is known again.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from religa.records import dossiers, locks
from religa.records.dossiers import Document
from religa.records.models import Contract, Dossier
from religa.records.queries import dossier as queries


def make(*, contract_id: int, who: str, reason: str, at: datetime) -> Document:
    """The document. The lock of the contract keeps its facts still meanwhile."""
    with transaction.atomic():
        locks.lock([contract_id])
        made = {"at": at.astimezone(UTC).isoformat(), "by": who, "reason": reason}
        document = dossiers.close({"made": made, **queries.head(contract_id)}, queries.parts(contract_id))
        Dossier.objects.create(
            provider_id=Contract.objects.values_list("provider_id", flat=True).get(pk=contract_id),
            contract_id=contract_id,
            at=at,
            who=who,
            reason=reason,
            sha256=document["digests"]["whole"],
        )
    return document

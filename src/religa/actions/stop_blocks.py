""" "Parar todos os bloqueios": new blocks wait until a person lets them go on. Restores and notices are not touched."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from religa.records import raw


def stop(*, provider_id: int, by: str, at: datetime) -> None:
    """From now on the guard holds every new block of the provider."""
    with transaction.atomic():
        raw.run(
            "UPDATE provider SET enforcement_off_since = %s, enforcement_off_by = %s"
            " WHERE id = %s AND enforcement_off_since IS NULL",
            [at, by, provider_id],
        )


def resume(*, provider_id: int) -> None:
    """New blocks go through the guard again; runs held meanwhile still wait for their approval."""
    with transaction.atomic():
        raw.run(
            "UPDATE provider SET enforcement_off_since = NULL, enforcement_off_by = '' WHERE id = %s",
            [provider_id],
        )

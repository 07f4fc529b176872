"""Gives a person everything that is kept of him, and writes down that it was given (LGPD art. 18 II and V)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from religa.actions import protocol
from religa.records.models import DataExport, Subscriber
from religa.records.queries import own_data
from religa.records.queries.own_data import Section


@dataclass(frozen=True, slots=True)
class Exported:
    """`sections` as in `own_data.SECTIONS`; this export is the last row of "exports"."""

    sections: Sequence[Section]
    protocol: str


def export(*, subscriber: Subscriber, format: str, at: datetime) -> Exported:
    """`format`: json or zip, kept with the instant and the protocol number; of the data nothing is."""
    with transaction.atomic():
        told = protocol.number(
            provider_id=subscriber.provider_id, contract_id=None, subject="data_export", at=at, text=format
        )
        DataExport.objects.create(
            provider_id=subscriber.provider_id, subscriber=subscriber, at=at, format=format, protocol=told
        )
        return Exported(own_data.of(subscriber), told)

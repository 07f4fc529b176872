"""A sound dossier against the database of this installation: did it leave from here, and does it still say the same?

Much of what a dossier tells goes on: an invoice is paid, a message is delivered, its text is erased when its time is
over. What can never change (access, contacts, addresses, policies) must be there as the file says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from religa.records.dossiers import Document, Entry, canonical
from religa.records.models import Contract, Dossier
from religa.records.queries import dossier as queries


@dataclass(frozen=True, slots=True)
class Unknown:
    """This database has no such contract, so it can say nothing."""


@dataclass(frozen=True, slots=True)
class Compared:
    """`left_at`: when it left from here (None: it did not). `changed`: by part, entries that are otherwise now, and
    `contradicted`: parts in which that cannot be."""

    left_at: datetime | None
    changed: dict[str, int]
    contradicted: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        return self.left_at is not None and not self.contradicted


def compare(document: Document) -> Unknown | Compared:
    """`document` has been found sound."""
    contract = _contract(document)
    if contract is None:
        return Unknown()
    left = (
        Dossier.objects.filter(contract=contract, sha256=document["digests"]["whole"]).order_by("id").first()
    )
    now = queries.parts(contract.pk)
    gone = {name: _gone(name, told, now.get(name, [])) for name, told in document["parts"].items()}
    changed = {name: count for name, count in gone.items() if count}
    contradicted = tuple(name for name in queries.FOR_EVER if changed.get(name))
    return Compared(left.at if left else None, changed, contradicted)


def _contract(document: Document) -> Contract | None:
    """By key, number and provider: the key alone is another contract's in another database."""
    told = document["contract"]
    return Contract.objects.filter(
        pk=told["key"], external_id=told["number"], provider__cnpj=document["provider"]["cnpj"]
    ).first()


def _gone(name: str, told: list[Entry], now: list[Entry]) -> int:
    known = {canonical(_lasting(name, entry)) for entry in now}
    return sum(canonical(_lasting(name, entry)) not in known for entry in told)


def _lasting(name: str, entry: Entry) -> Entry:
    """Of a change of access only its seal: all else may be erased, or withheld after a change of holder."""
    return {k: entry[k] for k in ("seq", "digest", "chain")} if name == "access_changes" else entry

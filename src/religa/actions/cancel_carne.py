"""Cancels what is still to come of a booklet (carnê): its open future invoices, all together or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from religa.actions import evaluate_access
from religa.actions.evaluate_access import Judgement
from religa.domain import balance, invoicing
from religa.domain.facts import Facts, Invoice
from religa.records import billing as rows
from religa.records import facts, locks, raw
from religa.records.loaded import Ask, Loaded


@dataclass(frozen=True, slots=True)
class CarneCancelled:
    """The invoices that were cancelled, by due date; their charges are taken back at the bank by the charging worker
    (`try_at` is set: an active charge of an ended invoice is cancelled)."""

    invoices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NothingToCancel:
    """No open invoice of that booklet falls due after today; `known`: whether there is such a booklet at all."""

    known: bool


def cancel(
    *, provider_id: int, carne: str, at: datetime, author: str = ""
) -> CarneCancelled | NothingToCancel:
    """`carne`: the name that its charges carry. Invoices due today or before stay owed; part payments become credit."""
    with transaction.atomic():
        found = raw.rows(_OF_CARNE, {"provider": provider_id, "carne": carne}) if carne else []
        contracts = sorted({contract for contract, _ in found})
        together = locks.lock(locks.sharing_invoices(contracts))
        loaded = facts.load(contracts, at, ask=Ask(invoices=[name for _, name in found]))
        names = {name for _, name in found}
        judged = [_cancelled(one, names, at, carne) for one in loaded.values()]
        ended = _ended(judged)
        if not ended:
            return NothingToCancel(known=bool(found))
        evaluate_access.write(judged, at=at, author=author)
        evaluate_access.evaluate_many(sorted({*together} - {*contracts}), at=at, cause=f"carnê {carne}")
        rows.look_at_charges([i.key for i in ended if i.key is not None], at=at)
    return CarneCancelled(tuple(i.id for i in ended))


_OF_CARNE = """
    SELECT DISTINCT i.contract_id, i.external_id FROM charge c JOIN invoice i ON i.id = c.invoice_id
     WHERE c.provider_id = %(provider)s AND c.carne = %(carne)s ORDER BY 1, 2
"""


def _cancelled(loaded: Loaded, names: set[str], at: datetime, carne: str) -> Judgement:
    standing = evaluate_access.standing_of(loaded, at)
    for invoice in loaded.facts.invoices:
        to_come = invoice.due_date > standing.calendars.day(at) and balance.open_principal(invoice) > 0
        if invoice.id in names and invoice.billed_here and invoice.closed is None and to_come:
            answer = invoicing.cancel(standing, invoice.id, at)
            assert isinstance(answer, Facts)  # only a closed one is refused
            standing = standing.after(answer)
    return Judgement(loaded, standing.facts, f"carnê {carne} cancelled")


def _ended(judged: Sequence[Judgement]) -> list[Invoice]:
    was = {i.id for j in judged for i in j.loaded.facts.invoices if i.closed is None}
    ended = [i for j in judged for i in j.after.invoices if i.id in was and i.closed is not None]
    return sorted(ended, key=lambda i: (i.due_date, i.id))

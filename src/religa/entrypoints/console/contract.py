"""One page per contract: online or not, why, until when; what may be done now; what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from religa import wording
from religa.actions.look import View, look
from religa.domain import proofs
from religa.domain.facts import Method, Segment
from religa.domain.trust import Granted
from religa.entrypoints.common import bills, standing
from religa.entrypoints.common.bills import Bill
from religa.entrypoints.console import finance_words, grounds, send_now, till_forms, timeline
from religa.entrypoints.console.finance import steps
from religa.entrypoints.console.staff import Desk, for_staff
from religa.records import queries
from religa.records.chain import Intact
from religa.records.queries import InvoiceRow, contacts, paid_to_online, payments, ways
from religa.records.queries import finance as finance_queries
from religa.records.queries.billing import carnes_of, fiscal_documents, terms_of
from religa.records.queries.evidence import proofs_of
from religa.wording import Fault, Reader

_CAUSES = {"debt": "Dívida", "other": "Não é dívida", "nothing": "Sem pendência"}
_CAUSES_AT_FAULT = {
    "debt": "Dívida e falha",
    "other": "Não é dívida, e há falha",
    "nothing": "Falha, não é dívida",
}


@dataclass(frozen=True, slots=True)
class Owing:
    """An open invoice today: by Pix (as by cash or card), and by boleto, which counts bank days."""

    bill: Bill
    by_boleto: int
    fiscal_document: str


@for_staff
@require_safe
def contract(request: HttpRequest, desk: Desk, contract_id: int) -> HttpResponse:
    head = desk.head(contract_id)
    view = look(contract_id=contract_id, at=desk.at)
    known = standing.circumstances(view, at=desk.at)
    every = bills.open_bills(view.standing, at=desk.at)
    context = {
        "desk": desk,
        "head": head,
        "decision": view.decision,
        "sentence": wording.explain(view.decision, moments=desk.moments, reader=Reader.STAFF, known=known),
        "tone": _tone(view, known.fault),
        "icon": standing.icon(view.decision),
        "cause": (_CAUSES if known.fault is None else _CAUSES_AT_FAULT)[wording.cause(view.decision.why)],
        "at_fault": known.fault is not None,
        "segment": Segment(head.segment),
        "answers_otherwise": head.access != view.decision.access,
        "outside_rgc": view.standing.policy.outside_rgc,
        "can_unlock": isinstance(grounds.trust_now(view.standing, desk.at), Granted),
        "unlock": view.standing.open_unlock(desk.at),
        "holds": [p for p in view.standing.facts.holds if p.covers(desk.at)],
        "owing": _owing(view, every, desk),
        "sum": bills.add_up(bills.late(every)),
        "settled": _settled(contract_id, every, desk),
        "grounds": grounds.of(view, at=desk.at, moments=desk.moments),
        "lines": _lines(contract_id, desk),
        "terms": terms_of(contract_id),
        "carnes": carnes_of(contract_id, desk.at),
        "payments": [(till_forms.method_name(p.method), p) for p in payments.payments_of(contract_id)],
        "cases": [
            (c, finance_words.kind(c.kind)) for c in finance_queries.cases_of(head.provider_id, contract_id)
        ],
        "ways_of_money": [(one, steps(one)) for one in paid_to_online.of_contract(contract_id)],
        "reach": ways.ways_of(contract_id),
        "contacts": contacts.latest(contract_id),
        "can_prove": desk.may["prove"] and bool(proofs.late_claims(view.standing, desk.at)),
        **send_now.shown(desk, contract_id),
        "chain_is_intact": isinstance(queries.chain_of(contract_id), Intact),
    }
    return render(request, "console/contract.html", context)


def _tone(view: View, fault: Fault | None) -> str:
    found = standing.tone(view.decision)
    return standing.WARN if fault is not None and found in (standing.GOOD, standing.INFO) else found


def _owing(view: View, every: list[Bill], desk: Desk) -> list[Owing]:
    by_boleto = bills.open_bills(view.standing, at=desk.at, method=Method.BOLETO)
    totals = {b.invoice.id: b.payable for b in by_boleto}
    documents = fiscal_documents([bill.invoice.key for bill in every if bill.invoice.key is not None])
    return [
        Owing(bill, totals.get(bill.invoice.id, bill.payable), documents.get(bill.invoice.key or 0, ""))
        for bill in every
    ]


def _settled(contract_id: int, every: list[Bill], desk: Desk) -> list[tuple[str, InvoiceRow]]:
    """Invoices on which nothing is open, with their names."""
    owing = {b.invoice.id for b in every}
    today: date = desk.at.astimezone(desk.moments.zone).date()
    rows = [row for row in queries.invoices_of(contract_id) if row.external_id not in owing]
    return [(bills.bill_name(row.reference, row.due_date, today), row) for row in rows]


def _lines(contract_id: int, desk: Desk) -> list[timeline.Line]:
    happenings = queries.history(contract_id)
    notices = [int(str(h.detail["notice"])) for h in happenings if h.what == "notice"]
    return timeline.lines(happenings, proofs_of(notices), moments=desk.moments)

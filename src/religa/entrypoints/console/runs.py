"""Runs of first blocks: what the mass-block guard holds and why, and the release by a named person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from religa import wording
from religa.actions import approve_run
from religa.actions.look import View, look_at_all
from religa.entrypoints.common import bills
from religa.entrypoints.console.forms import Reason
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.records import queries
from religa.records.queries import Run, RunContract

_LARGEST = 2**63 - 1
_SHOWN = 1000  # contracts of a run
_STATES = {
    "open": ("Em andamento", "info"),
    "held": ("Retida: espera uma pessoa", "warn"),
    "approved": ("Aprovada", "info"),
    "done": ("Concluída", "good"),
}
_NOT_HELD = "Esta rodada não está mais retida. Nada mudou."
_CANDIDATES = {
    "proposed": "proposto",
    "checked": "conferido",
    "admitted": "liberado, espera a hora",
    "held": "retido",
    "opened": "bloqueado",
    "dropped": "desistido: não é mais devido",
}


def _shown(run: Run) -> dict[str, object]:
    state, tone = _STATES.get(run.state, (run.state, "info"))
    reason = wording.guard_reason(run.reason) if run.reason else ""
    return {"run": run, "state": state, "tone": tone, "reason": reason}


@for_staff
@require_safe
def runs(request: HttpRequest, desk: Desk) -> HttpResponse:
    rows = [_shown(run) for run in queries.block_runs(desk.provider.pk, limit=50)]
    context = {
        "desk": desk,
        "rows": rows,
        "waiting": queries.waiting_for_banks(desk.provider.pk),
        "because": wording.guard_reason("bank_silent"),
    }
    return render(request, "console/runs.html", context)


def _run(desk: Desk, run_id: int) -> Run:
    """A run of the own provider, or 404."""
    found = queries.block_runs(desk.provider.pk, run_id=run_id) if run_id <= _LARGEST else []
    if not found:
        raise Http404
    return found[0]


@for_staff
@require_safe
def run(request: HttpRequest, desk: Desk, run_id: int) -> HttpResponse:
    """Who would be blocked, and for how much; of a run that is over, who was in it."""
    found = _run(desk, run_id)
    candidates = _candidates(found, desk)
    context = {
        "desk": desk,
        "shown": _shown(found),
        "candidates": candidates,
        "late": sum(c.late for c in candidates),
        "more": found.proposed > len(candidates) == _SHOWN,
        "form": Reason(),
    }
    return render(request, "console/run.html", context)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contract of a run. `late`: what settles its late invoices today by Pix, in centavos; `since`: the first due
    date. Nothing where it has been settled, or the run is over."""

    contract: RunContract
    state: str
    late: int
    since: date | None


def _candidates(found: Run, desk: Desk) -> list[Candidate]:
    contracts = queries.run_contracts(found.run_id, limit=_SHOWN)
    live = [c.contract_id for c in contracts] if found.state != "done" else []
    views = look_at_all(contract_ids=live, at=desk.at)
    return [_candidate(c, views.get(c.contract_id), desk.at) for c in contracts]


def _candidate(contract: RunContract, view: View | None, at: datetime) -> Candidate:
    late = bills.late(bills.open_bills(view.standing, at=at)) if view is not None else []
    state = _CANDIDATES.get(contract.state, contract.state)
    return Candidate(contract, state, bills.add_up(late).total, min((b.due for b in late), default=None))


@for_staff
@only(May.APPROVE_RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, desk: Desk, run_id: int) -> HttpResponse:
    """GET says what will happen; POST with a reason releases the run."""
    found = _run(desk, run_id)
    if found.state != "held":
        messages.error(request, _NOT_HELD)
        return redirect("console:run", run_id)
    form = Reason(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        context = {"desk": desk, "shown": _shown(found), "form": form}
        status = 200 if request.method != "POST" else 422
        return render(request, "console/approve.html", context, status=status)
    by = f"{desk.name}: {form.cleaned_data['motivo']}"
    answer = approve_run.approve(run_id=run_id, by=by, at=desk.at)
    if isinstance(answer, approve_run.NotHeld):
        messages.error(request, _NOT_HELD)
    else:
        n = answer.candidates
        what = "1 bloqueio liberado" if n == 1 else f"{n} bloqueios liberados"
        messages.success(
            request, f"{what}. Cada um é decidido de novo na hora de bloquear: quem pagou fica fora."
        )
    return redirect("console:run", run_id)

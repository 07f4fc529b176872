"""The first page: what waits for somebody, how many stand where, and the search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from religa.domain.facts import Status
from religa.entrypoints.console.accounts import with_warnings
from religa.entrypoints.console.routers import routers_with_alarms
from religa.entrypoints.console.staff import Desk, for_staff
from religa.records import queries
from religa.records.accounts import of_provider
from religa.records.queries.incidents import open_incidents
from religa.records.queries.policies import policy_at

_ORDER = (
    Status.BLOCKED, Status.LOCKED, Status.TRUSTED, Status.LATE, Status.HELD, Status.DISPUTED, Status.CURRENT,
    Status.PAUSED,
)  # fmt: skip
TONES = {
    Status.BLOCKED: "bad", Status.LOCKED: "bad", Status.TRUSTED: "warn", Status.LATE: "warn", Status.CURRENT: "good",
}  # fmt: skip
_MOST = 50


@for_staff
@require_safe
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Exceptions first; then the counts."""
    mine = [desk.provider.pk]
    counts = queries.counts_by_status(desk.provider.pk)
    policy = policy_at(desk.provider.pk, desk.at)
    feeds = queries.feeds(desk.provider.pk, at=desk.at, max_age_hours=policy.payment_feed_max_age_hours)
    names = {a.feed: a.name for a in of_provider(desk.provider.pk)}
    context = {
        "desk": desk,
        "held": queries.block_runs(desk.provider.pk, state="held"),
        "failures": queries.failures(mine),
        "stale": [(names.get(feed.name, feed.name), feed) for feed in feeds if feed.stale],
        "faults": open_incidents(desk.provider.pk, at=desk.at),
        "alarms": routers_with_alarms(desk),
        "accounts": with_warnings(desk),
        "counts": [(s, counts[s], TONES.get(s, "info")) for s in _ORDER if counts.get(s)],
    }
    return render(request, "console/home.html", context)


@for_staff
@require_safe
def search(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Name, CPF or CNPJ, contract, phone, log-in, address. A single hit opens at once."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = queries.search(text, provider_ids=[desk.provider.pk], limit=_MOST) if text else []
    if len(found) == 1:
        return redirect("console:contract", found[0].contract_id)
    rows = [(one, Status(one.status), TONES.get(Status(one.status), "info")) for one in found]
    context = {"desk": desk, "text": text, "rows": rows, "cut": len(found) == _MOST}
    return render(request, "console/search.html", context)

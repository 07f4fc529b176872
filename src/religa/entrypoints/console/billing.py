"""Recurring billing: the rule, who is billed, what comes, what is in the way."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from religa.actions.billing import terms
from religa.domain.billing import Rule
from religa.entrypoints.console.billing_forms import RuleForm, of_rule, percent
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.records import queries
from religa.records.billing import STEP
from religa.records.queries import billing as found


@for_staff
@require_safe
def billing(request: HttpRequest, desk: Desk) -> HttpResponse:
    rule, coming = found.rule_of(desk.provider.pk), found.coming(desk.provider.pk, at=desk.at)
    context = {
        "desk": desk,
        "section": "billing",
        "rule": rule,
        "fine": percent(rule.fine_pct) if rule else "",
        "interest": percent(rule.interest_pct_month) if rule else "",
        "counts": found.counts(desk.provider.pk, at=desk.at),
        "coming": coming,
        "sum": (sum(c.invoices for c in coming), sum(c.amount for c in coming)),
        "hindered": found.hindered(desk.provider.pk, at=desk.at),
        "failures": [f for f in queries.failures([desk.provider.pk]) if f.step == STEP],
    }
    return render(request, "console/billing.html", context)


@for_staff
@only(May.BILL)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET shows the rule, or a usual one; POST keeps it."""
    known = found.rule_of(desk.provider.pk)
    form = RuleForm(request.POST if request.method == "POST" else None, initial=of_rule(known or Rule()))
    if request.method == "POST" and form.is_valid():
        terms.set_rule(provider_id=desk.provider.pk, rule=form.read(), at=desk.at, author=desk.name)
        messages.success(request, "Regra guardada. Vale para as faturas feitas daqui em diante.")
        return redirect("console:billing")
    status = 422 if request.method == "POST" else 200
    context = {"desk": desk, "section": "billing", "form": form, "known": known}
    return render(request, "console/billing_rule.html", context, status=status)

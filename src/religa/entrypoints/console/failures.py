"""Contracts that the sweeper could not judge and set aside."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from religa.entrypoints.console.staff import Desk, for_staff
from religa.records import queries


@for_staff
@require_safe
def failures(request: HttpRequest, desk: Desk) -> HttpResponse:
    found = queries.failures([desk.provider.pk])
    return render(request, "console/failures.html", {"desk": desk, "failures": found})

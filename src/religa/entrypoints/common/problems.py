"""Pages for what goes wrong before a door can answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from religa.entrypoints.common import i18n
from religa.wording import Language


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token: the page was open too long, or another site sent it. Nothing was done."""
    with i18n.speaking(i18n.chosen(request) or Language.PT):
        return render(request, "common/stale_form.html", {"again": _own_path(request)}, status=403)


def _own_path(request: HttpRequest) -> str:
    """Where to start again: the address of the form, which GET shows without doing anything."""
    return request.path

"""Português, English, Español: chosen by a form, kept in this browser and, once he is known, for the subscriber."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from religa.actions import choose_language
from religa.entrypoints.common import i18n
from religa.entrypoints.common.private import private
from religa.entrypoints.portal.visitor import visitor_of


@private
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Back to the page on which it was chosen. A tag that is none of ours chooses nothing."""
    response = redirect(_back(request.POST.get("volta", "")))
    language = i18n.named(request.POST.get("idioma", ""))
    if language is None:
        return response
    visitor = visitor_of(request)
    if visitor is not None:
        choose_language.choose(subscriber_id=visitor.subscriber.pk, language=language)
    i18n.keep(response, language, secure=settings.SESSION_COOKIE_SECURE)
    return response


def _back(path: str) -> str:
    """An own page; anything else is the first one. A form that was refused is not sent again by this."""
    safe = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if safe else "/"

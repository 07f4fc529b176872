"""Pages that concern one person alone: kept by no cache, neither on the way nor in the browser's history."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def private(view: View) -> View:
    """The view, with an answer that nobody may keep (a phone is lent, a desk is shared)."""

    @wraps(view)
    def kept_by_nobody(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        return response

    return kept_by_nobody

"""What makes the portal installable: its manifest, its worker, and the page for when there is no connection.

The worker keeps the shell alone, what is the same for everybody: style, pictures, the page without connection. A page
with somebody's data is never kept, not even for a moment.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from religa.entrypoints.common.i18n import active, in_readers_language
from religa.entrypoints.portal import contacts
from religa.records.queries import portal as queries

_SHELL = (
    "religa/base.css",
    "religa/favicon.svg",
    "portal/portal.css",
    "portal/install.js",
    "portal/countdown.js",
)
_SOURCE = Path(__file__).with_name("worker.js")
_BROWSERS_ASK_AGAIN_AFTER = "max-age=3600"


@require_safe
@in_readers_language
def manifest(request: HttpRequest) -> HttpResponse:
    """W3C Web Application Manifest. Its name is the provider's: that is what the subscriber looks for on his phone."""
    provider = queries.only_provider()
    name = (provider.trade_name or provider.name) if provider else _("Central do Assinante")
    said = {
        "id": "/", "start_url": "/", "scope": "/", "display": "standalone", "lang": active().value,
        "name": name, "short_name": name[:12],
        "description": _("Veja a sua internet, as suas contas e como voltar a usá-la."),
        "background_color": "#f4f6f3", "theme_color": "#0a6350",
        "icons": [
            {"src": static("religa/favicon.svg"), "type": "image/svg+xml", "sizes": "any"},
            {"src": static("portal/icon-192.png"), "type": "image/png", "sizes": "192x192"},
            {"src": static("portal/icon-512.png"), "type": "image/png", "sizes": "512x512"},
            {"src": static("portal/icon-maskable-512.png"), "type": "image/png", "sizes": "512x512",
             "purpose": "maskable"},
        ],
    }  # fmt: skip
    return _kept(HttpResponse(json.dumps(said, ensure_ascii=False), content_type="application/manifest+json"))


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the names that the shell's files have now. It stands at the root to serve all pages."""
    return _kept(HttpResponse(_worker(), content_type="text/javascript"))


@lru_cache(maxsize=1)
def _worker() -> str:
    source = _SOURCE.read_text()
    shell = json.dumps([*map(static, _SHELL), reverse("portal:offline")])
    version = hashlib.sha256((shell + source).encode()).hexdigest()[:12]
    places = json.dumps([static("portal/icon-192.png"), reverse("portal:home")])
    return f'const SHELL = {shell};\nconst VERSION = "shell-{version}";\nconst [ICON, HOME] = {places};\n{source}'


@require_safe
@in_readers_language
def offline(request: HttpRequest) -> HttpResponse:
    """Shown by the worker when nothing answers. It knows whom to call, and nobody's name."""
    phones = contacts.phones(queries.only_provider(), company=False)
    return _kept(render(request, "portal/offline.html", {"phones": phones}))


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = _BROWSERS_ASK_AGAIN_AFTER
    return response

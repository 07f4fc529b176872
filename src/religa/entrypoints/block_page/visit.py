"""One request to the block page: which session, in which language, and where it wants to be led in the end.

Nothing is remembered between two requests: language and way out travel in the address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from religa.entrypoints.block_page import sources
from religa.entrypoints.block_page.sources import Network
from religa.records import locks
from religa.records.models import Provider
from religa.records.queries import portal as queries
from religa.records.queries.who import Found
from religa.wording import Language, Moments

# What a mini-browser closes on, by whoever's probe led here. Only names of this table are ever led to.
WAYS_OUT = {
    "android": "http://connectivitycheck.gstatic.com/generate_204",
    "apple": "http://captive.apple.com/hotspot-detect.html",
    "windows": "http://www.msftconnecttest.com/redirect",
    "firefox": "http://detectportal.firefox.com/canonical.html",
}
_LANGUAGES = {"pt": Language.PT, "en": Language.EN, "es": Language.ES}


@dataclass(frozen=True)
class Visit:
    """`found` None: nobody's address. `origin`: a key of WAYS_OUT, or empty."""

    at: datetime
    found: Found | None
    language: Language
    origin: str

    @cached_property
    def provider(self) -> Provider | None:
        """The contract's own; for a stranger the only one there is. Read when a page is drawn: a deed needs it not."""
        if self.found is None:
            return queries.only_provider()
        return Provider.objects.get(pk=self.found.provider_id)

    @property
    def network(self) -> Network:
        return sources.network_of(self.found)

    @property
    def moments(self) -> Moments:
        zone = self.provider.zone if self.provider else settings.TIME_ZONE
        return Moments(language=self.language, zone=ZoneInfo(zone), now=self.at)

    @property
    def tag(self) -> str:
        """As `lang` in an address: `pt`, `en`, `es`."""
        return self.language.value.partition("-")[0]

    @property
    def way_out(self) -> str:
        """Where who is open again goes: back to his device's probe, to the provider's site, to the portal."""
        if self.origin:
            return WAYS_OUT[self.origin]
        site = self.provider.site if self.provider else ""
        return site if site.startswith(("http://", "https://")) else reverse("portal:home")

    def address(self, name: str, *args: str, **more: str) -> str:
        """Of a page of this door, in the same language and with the same way out."""
        kept = {"lang": self.tag if self.language is not Language.PT else "", "de": self.origin, **more}
        query = urlencode({key: value for key, value in kept.items() if value})
        path = reverse(f"block_page:{name}", args=args)
        return f"{path}?{query}" if query else path


def visit_of(request: HttpRequest) -> Visit:
    """Who comes, at the database's instant. Portuguese, unless the address says otherwise: never by the browser."""
    at = locks.database_now()
    found = sources.find(request, at=at)
    language = _LANGUAGES.get(request.GET.get("lang", ""), Language.PT)
    origin = request.GET.get("de", "")
    return Visit(at, found, language, origin if origin in WAYS_OUT else "")

"""What phones and computers ask to find out whether a network leads anywhere, and what they expect if it does.

Who is walled is sent to the block page instead, and so the device opens it. Any other page is sent there, too.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from religa.entrypoints.block_page import sources
from religa.records import locks

_NO_CONTENT = ("", "")
_APPLE = ("text/html", "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>\n")
_FIREFOX = (
    "text/html",
    '<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>',
)

# To the octet: devices compare. `/redirect` is what Windows opens in the browser: it wants to be led somewhere.
EXPECTED: dict[str, tuple[str, str]] = {
    "/generate_204": _NO_CONTENT,
    "/gen_204": _NO_CONTENT,
    "/hotspot-detect.html": _APPLE,
    "/library/test/success.html": _APPLE,
    "/connecttest.txt": ("text/plain", "Microsoft Connect Test"),
    "/ncsi.txt": ("text/plain", "Microsoft NCSI"),
    "/success.txt": ("text/plain", "success\n"),
    "/canonical.html": _FIREFOX,
}
# Whose probe it is, for the way out: a key of `visit.WAYS_OUT`, and nothing that was sent.
ORIGINS = {
    "/generate_204": "android",
    "/gen_204": "android",
    "/hotspot-detect.html": "apple",
    "/library/test/success.html": "apple",
    "/connecttest.txt": "windows",
    "/ncsi.txt": "windows",
    "/redirect": "windows",
    "/success.txt": "firefox",
    "/canonical.html": "firefox",
}
PATHS = (*EXPECTED, "/redirect")


def answer(request: HttpRequest) -> HttpResponse:
    """What the device expects if its network is open, else the way to the block page. Looks at the path alone."""
    expected = EXPECTED.get(request.path_info)
    if expected is None:
        return _to_the_block_page(request)
    at = locks.database_now()
    if not sources.within(sources.PROBES, request, at=at):
        return _kept_by_nobody(HttpResponse(status=429, headers={"Retry-After": "60"}))
    if sources.network_of(sources.find(request, at=at)) in (sources.Network.UNKNOWN, *sources.SHUT):
        return _to_the_block_page(request)
    return _kept_by_nobody(_as_expected(*expected))


def _as_expected(kind: str, body: str) -> HttpResponse:
    return HttpResponse(body, content_type=kind) if body else HttpResponse(status=204)


def _to_the_block_page(request: HttpRequest) -> HttpResponse:
    origin = ORIGINS.get(request.path_info)
    path = reverse("block_page:page") + (f"?de={origin}" if origin else "")
    return _kept_by_nobody(HttpResponseRedirect(settings.PORTAL_URL + path))


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """A redirect that a browser remembered would outlive the block."""
    response["Cache-Control"] = "no-store, private"
    return response

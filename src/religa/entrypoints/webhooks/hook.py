"""Takes one event: whose it is, whether its sender is proven as the account asks, and nothing more.

The answer is 200 as soon as the event is kept. Whatever it says is asked of the bank itself (`religa collect`).
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from religa.actions.money import receive_event
from religa.entrypoints.common import addresses
from religa.ports.money import Event
from religa.records import accounts, locks
from religa.records.accounts import Account

MOST = 256 * 1024  # bytes of a body
_LONGEST_SECRET = 200
_RELAYED = "HTTP_X_RELIGA_RELAY"  # it came from a Religa that passes events on: no circle


@csrf_exempt
@require_POST
def take(request: HttpRequest, provider: str, secret: str, tail: str = "") -> HttpResponse:
    """Keeps the event of a known account and answers 200; counts and refuses everything else."""
    account = accounts.of_hook(secret[:_LONGEST_SECRET])
    if account is None or provider != (account.profile or account.kind):
        return _refused(request, None, "unknown_address", 404)
    if (wrong := wrong_length(request)) is not None:
        return _refused(request, account, *wrong)
    proof = _proof(request, account)
    if proof is None:
        why = "no_certificate" if account.hook_check == "mtls" else "wrong_sender"
        return _refused(request, account, why, 403)
    query = {plain(name): plain(str(value)) for name, value in request.GET.items()}
    event = Event(request.body, request.content_type or "", plain(tail)[:20], query)
    receive_event.receive(
        account, event, headers={"content-type": event.content_type}, proof=proof, at=locks.database_now(),
        relay=_RELAYED not in request.META,
    )  # fmt: skip
    return HttpResponse(status=200)


def plain(text: str) -> str:
    """Without what PostgreSQL keeps in no text; a bank sends none."""
    return text.replace("\0", "").encode(errors="replace").decode()


def wrong_length(request: HttpRequest, most: int = MOST) -> tuple[str, int] | None:
    """Why a body is not read, and the answer. One without a length (chunked) would be read as an empty one: money that
    nobody hears of. The proxy in front gives it one (deploy/nginx)."""
    text = str(request.META.get("CONTENT_LENGTH") or "")
    if not text and "HTTP_TRANSFER_ENCODING" in request.META:
        return "no_length", 411
    length = (
        int(text or 0) if (text or "0").isascii() and (text or "0").isdigit() and len(text) < 10 else most + 1
    )
    return ("too_large", 413) if length > most else None


def _refused(request: HttpRequest, account: Account | None, why: str, status: int) -> HttpResponse:
    address = addresses.source(request)
    receive_event.refuse(account, why=why, address=str(address or ""), at=locks.database_now())
    return HttpResponse(status=status)


def _proof(request: HttpRequest, account: Account) -> str | None:
    """What proves the sender; None where it is less than the account asks for."""
    if _certificate_was_shown(request):
        return "mtls"
    if account.hook_check == "mtls":
        return None
    if account.hook_check == "addresses":
        return "addresses" if _is_among(request, account.hook_addresses) else None
    return "secret"


def _certificate_was_shown(request: HttpRequest) -> bool:
    """As the proxy in front says (nginx: `$ssl_client_verify`); nobody else is believed."""
    asked = ip_address(str(request.META.get("REMOTE_ADDR") or "0.0.0.0"))
    trusted = any(asked in network for network in settings.TRUSTED_PROXIES)
    return trusted and request.META.get("HTTP_X_CLIENT_VERIFY") == "SUCCESS"


def _is_among(request: HttpRequest, networks: Sequence[str]) -> bool:
    address = addresses.source(request)
    return address is not None and any(address in ip_network(n, strict=False) for n in networks)

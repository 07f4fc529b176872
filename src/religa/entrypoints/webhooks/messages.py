"""Takes one post of a platform of messages: whose it is, whether its sender is proven, and nothing more.

The answer is 200 as soon as the post is kept; what it says is understood by a job (`actions/hear.py`). A GET
changes nothing: it is Meta's question whether the address is ours.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from procrastinate.contrib.django import app

from religa.actions.messages import receive_callback
from religa.entrypoints.common import addresses
from religa.entrypoints.common.channels import CHANNELS
from religa.entrypoints.webhooks.hook import plain, wrong_length
from religa.ports.messages import Callback
from religa.records import channels, locks
from religa.records.channels import ChannelRow

MOST = 2 * 1024 * 1024  # octets of a body: Meta gathers many receipts in one, up to 3 MB; Django reads 2.5 MB
_LONGEST_SECRET = 200


@csrf_exempt
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, secret: str) -> HttpResponse:
    """Keeps what a known channel's platform posts and answers 200; counts and refuses everything else."""
    channel = channels.of_hook(secret[:_LONGEST_SECRET])
    reader = CHANNELS.reader(channel) if channel else None
    if channel is None or reader is None:
        return _refused(request, channel, "unknown_address", 404)
    if request.method == "GET":
        return _challenge(request, channel, reader)
    if (wrong := wrong_length(request, MOST)) is not None:
        return _refused(request, channel, *wrong)
    callback = _callback(request)
    headers = {name.lower(): value for name, value in request.headers.items()}
    proof = reader.proof(callback, headers)
    if proof is None:
        return _refused(request, channel, "wrong_signature", 403)
    if receive_callback.receive(channel, callback, proof=proof):
        app.configure_task("take_message_events").defer(timestamp=int(callback.received_at.timestamp()))
    return HttpResponse(status=200)


def _challenge(request: HttpRequest, channel: ChannelRow, reader: Any) -> HttpResponse:
    """Only Meta asks; a gateway that calls with GET is told that it cannot be."""
    if not hasattr(reader, "challenge"):
        return HttpResponse(status=405, headers={"Allow": "POST"})
    answer = reader.challenge(request.GET.dict())
    if answer is None:
        return _refused(request, channel, "wrong_token", 403)
    return HttpResponse(answer, content_type="text/plain")


def _callback(request: HttpRequest) -> Callback:
    query = {plain(name): plain(str(value)) for name, value in request.GET.items()}
    return Callback(request.body, plain(request.content_type or ""), query, locks.database_now())


def _refused(request: HttpRequest, channel: ChannelRow | None, why: str, status: int) -> HttpResponse:
    address = addresses.source(request)
    receive_callback.refuse(channel, why=why, address=str(address or ""), at=locks.database_now())
    return HttpResponse(status=status)

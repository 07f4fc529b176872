"""Canais: by what subscribers are reached, what it costs, whether it works; setting one up, testing, closing it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from religa import wiring
from religa.actions import save_channel
from religa.actions.save_channel import Author, Saved
from religa.domain.message_channels import MEDIA_OF, SETTINGS, MessageChannel, format_cost
from religa.domain.payment_accounts import masked_url
from religa.entrypoints.common import throttle
from religa.entrypoints.common.channels import CHANNELS, problem
from religa.entrypoints.console.channel_forms import LABELS, START, ChannelForm, OwnAddressForm, initial
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.ports.messages import NotSent, OutgoingMessage, SendOutcome, Sent
from religa.records import channel_rows, channels, secrets
from religa.records.channel_rows import Kept
from religa.records.queries import channels as queries
from religa.wording.accounts import named
from religa.wording.channels import CHANGES, KINDS, MEDIA, OUTCOMES, REFUSALS, SECRETS

_LARGEST = 2**63 - 1
_REFUSED_FOR = timedelta(days=7)
_TESTS = throttle.Limit("channel test", 10, timedelta(hours=1))
_TONES = {"sent": "good", "again": "warn", "refused": "bad", "unknown": "warn"}
_TEST_TEXT = "{name}: esta é uma mensagem de teste do Religa. Se ela chegou, o canal funciona."


@for_staff
@only(May.READ_CHANNELS)
@require_safe
def channel_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    sendings = queries.sendings(desk.provider.pk)
    rows = [
        (_shown(row), sendings.get(row.medium)) for row in queries.every(desk.provider.pk, today=desk.today)
    ]
    missing = [
        MEDIA[m].pt for m in ("sms", "whatsapp", "email") if not any(s["row"].medium == m for s, _ in rows)
    ]
    context = {"desk": desk, "section": "channels", "rows": rows, "missing": missing}
    return render(request, "console/channels.html", context)


def _shown(row: queries.ChannelShown) -> dict[str, Any]:
    return {
        "row": row,
        "kind": named(KINDS, row.kind),
        "medium": named(MEDIA, row.medium),
        "cost": format_cost(row.cost_tenths),
        "is_called_back": row.kind in ("whatsapp_cloud", "http_gateway"),
    }


@for_staff
@only(May.READ_CHANNELS)
@require_safe
def channel_page(request: HttpRequest, desk: Desk, channel_id: int) -> HttpResponse:
    return _page(request, desk, channel_id)


def _page(request: HttpRequest, desk: Desk, channel_id: int, **more: Any) -> HttpResponse:
    """A channel's page; `more`: what a POST adds to it. Sends nothing by itself."""
    kept = _found(desk, channel_id)
    row = queries.one(desk.provider.pk, channel_id, today=desk.today)
    assert row is not None
    open_row = channels.get(channel_id)
    context = {
        "desk": desk,
        "section": "channels",
        "shown": _shown(row),
        "settings": _settings(kept.channel),
        "secrets": [(named(SECRETS, s.name), s) for s in queries.secrets_of(channel_id)] if open_row else [],
        "uncallable": problem(open_row) if open_row else "",
        "sending": queries.sendings(desk.provider.pk).get(row.medium),
        "errors": queries.latest_errors(desk.provider.pk, row.medium),
        "refusals": [
            (named(REFUSALS, why), count, at, address)
            for why, count, at, address in queries.refusals(channel_id, since=desk.today - _REFUSED_FOR)
        ],
        "changes": [(named(CHANGES, c.what), c) for c in queries.changes_of(channel_id)],
        "has_name": bool(settings.PORTAL_URL),
        "form": OwnAddressForm(medium=row.medium),
    }
    return render(request, "console/channel.html", context | more, status=more.get("status", 200))


def _settings(channel: MessageChannel) -> list[tuple[str, str]]:
    """As they were typed, in the form's order. Addresses are masked: some gateways put their key there."""
    typed = initial(channel)
    given = [name for name in SETTINGS[channel.kind] if name in channel.settings]
    return [
        (LABELS[n][0], masked_url(typed[n]) if n in ("url", "base_url") else str(typed[n])) for n in given
    ]


@for_staff
@only(May.CHANGE_CHANNELS)
@require_safe
def choose(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Which kind of channel."""
    kinds = [(kind, words.pt) for kind, words in KINDS.items()]
    return render(
        request, "console/channel_kinds.html", {"desk": desk, "section": "channels", "kinds": kinds}
    )


@for_staff
@only(May.CHANGE_CHANNELS)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    if kind not in MEDIA_OF:
        raise Http404
    return _form(request, desk, MessageChannel("", kind, MEDIA_OF[kind][0], settings=START[kind]), None)


@for_staff
@only(May.CHANGE_CHANNELS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, desk: Desk, channel_id: int) -> HttpResponse:
    kept = _found(desk, channel_id, is_open=True)
    return _form(request, desk, kept.channel, kept)


def _form(request: HttpRequest, desk: Desk, start: MessageChannel, kept: Kept | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = ChannelForm(data, initial=initial(start), kind=start.kind, is_new=kept is None)
    context = {
        "desk": desk, "section": "channels", "form": form, "kept": kept, "kind": named(KINDS, start.kind),
    }  # fmt: skip
    if data is None:
        return render(request, "console/channel_form.html", context)
    if form.is_valid():
        answer = _save(desk, kept, form.read())
        if isinstance(answer, Saved):
            messages.success(
                request, "Canal salvo. Agora mande uma mensagem de teste." if kept is None else "Salvo."
            )
            return redirect("console:channel", answer.channel_id)
        form.tell(answer.problems)
    return render(request, "console/channel_form.html", context, status=422)


def _save(desk: Desk, kept: Kept | None, typed: save_channel.Typed) -> Saved | save_channel.NotSaved:
    if kept is not None:
        return save_channel.change(kept.id, typed, by=_author(desk))
    typed = save_channel.Typed(typed.channel, typed.secrets, wiring.new_push_key)
    return save_channel.create(typed, by=_author(desk))


@for_staff
@only(May.CHANGE_CHANNELS)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, desk: Desk, channel_id: int) -> HttpResponse:
    """GET says what it means; POST does it, for good."""
    kept = _found(desk, channel_id, is_open=True)
    if request.method == "POST":
        save_channel.close(channel_id, by=_author(desk))
        messages.success(request, "Canal fechado. Os segredos foram apagados.")
        return redirect("console:channel", channel_id)
    return render(request, "console/channel_close.html", {"desk": desk, "section": "channels", "kept": kept})


@for_staff
@only(May.CHANGE_CHANNELS)
@require_POST
def test(request: HttpRequest, desk: Desk, channel_id: int) -> HttpResponse:
    """Sends one message to whom the person at the desk writes down: himself. The address is kept nowhere."""
    kept = _found(desk, channel_id, is_open=True)
    row = channels.get(channel_id)
    form = OwnAddressForm(request.POST, medium=kept.channel.medium)
    if row is None or not form.is_valid():
        return _page(request, desk, channel_id, form=form, status=422)
    if not throttle.try_once(_TESTS, f"{desk.provider.pk}", at=desk.at):
        messages.error(request, "Dez testes por hora bastam. Espere um pouco.")
        return redirect("console:channel", channel_id)
    outcome = CHANNELS.of(row).send(_test_message(desk, kept, form.read()))
    word = _word(outcome)
    save_channel.was_tested(channel_id, word, by=_author(desk))
    said = "" if isinstance(outcome, Sent) else outcome.error
    tested = {"text": OUTCOMES[word].pt, "tone": _TONES[word], "said": said}
    return _page(request, desk, channel_id, tested=tested)


def _test_message(desk: Desk, kept: Kept, address: str) -> OutgoingMessage:
    """Number 0: no message of ours, so that nothing that comes back is taken for evidence."""
    text = _TEST_TEXT.format(name=desk.provider.trade_name or desk.provider.name)
    return OutgoingMessage(0, "test", kept.channel.medium, address, "Mensagem de teste", text, "pt-br")


def _word(outcome: SendOutcome) -> str:
    if isinstance(outcome, Sent):
        return "sent"
    if isinstance(outcome, NotSent):
        return "refused" if outcome.permanent else "again"
    return "unknown"


@for_staff
@only(May.CHANGE_CHANNELS)
@require_POST
def address(request: HttpRequest, desk: Desk, channel_id: int) -> HttpResponse:
    """Shows the address that the platform posts to, once, with its secret; or makes another."""
    kept = _found(desk, channel_id, is_open=True)
    if not kept.channel.is_called_back:
        raise Http404
    if request.POST.get("acao") == "trocar":
        save_channel.replace_address(channel_id, by=_author(desk))
        messages.success(request, "O endereço antigo não vale mais. Ponha o novo no painel do canal.")
        return redirect("console:channel", channel_id)
    save_channel.was_shown(channel_id, by=_author(desk))
    try:
        clear = channels.clear_secrets(channel_id)
    except secrets.Unopenable:
        messages.error(request, "A chave que abre os segredos mudou: troque o endereço.")
        return redirect("console:channel", channel_id)
    own = f"{settings.PORTAL_URL}/hooks/mensagens/{clear.get(channels.HOOK, '')}"
    return _page(
        request, desk, channel_id, clear_address=own, clear_token=clear.get(channels.VERIFY_TOKEN, "")
    )


def _found(desk: Desk, channel_id: int, *, is_open: bool = False) -> Kept:
    """A channel of the own provider, or 404."""
    kept = channel_rows.one(desk.provider.pk, channel_id) if channel_id <= _LARGEST else None
    if kept is None or (is_open and kept.closed_at is not None):
        raise Http404
    return kept


def _author(desk: Desk) -> Author:
    return Author(desk.name, desk.at, desk.provider.pk)

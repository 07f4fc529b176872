"""What is done from the block page: trust, a window to pay in, a Pix code. All by POST, with a token of this session.

No cookie is read or set (mini-browsers refuse them), so Django's own token is not asked for: see `forms.py`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from religa.actions import open_pay_window, unlock_on_trust
from religa.actions.look import look
from religa.actions.money.charging import NotPayable
from religa.domain.policy import BlockPageUnlock
from religa.entrypoints.block_page import answers, forms, page, paying, proofs, sources
from religa.entrypoints.block_page.forms import Deed, Stale
from religa.entrypoints.block_page.proofs import Proof
from religa.entrypoints.block_page.situation import ASKED
from religa.entrypoints.block_page.visit import Visit, visit_of
from religa.entrypoints.common.addresses import caller
from religa.entrypoints.common.private import private
from religa.records.queries import block_page as queries
from religa.records.queries.who import Found

View = Callable[..., HttpResponseBase]
Do = Callable[[HttpRequest, Visit, Found, str], HttpResponse]
_PROBLEMS = {Proof.WRONG: ("wrong", 422), Proof.TOO_MANY: ("too_many", 429)}


def of(deed: Deed) -> Callable[[Do], View]:
    """A deed for whoever sits at the session that the page was shown to: `do(request, visit, found, nonce)`."""

    def wrap(do: Do) -> View:
        @csrf_exempt
        @private
        @require_POST
        def asked(request: HttpRequest) -> HttpResponse:
            visit = visit_of(request)
            found = visit.found
            if not sources.may_ask(request, found, at=visit.at):
                return page.too_often(request, visit)
            if found is None or visit.network is sources.Network.UNKNOWN:
                return page.show(request, visit, status=403)
            form = forms.read(request.POST.get("ficha", ""), deed, found, at=visit.at)
            if isinstance(form, Stale):
                return page.show(request, visit, problem="stale", status=403)
            return do(request, visit, found, form.nonce)

        return asked

    return wrap


def _see_other(address: str) -> HttpResponse:
    """303: whatever the browser does next, it does by GET."""
    response = redirect(address)
    response.status_code = 303
    return response


@of(Deed.UNLOCK)
def unlock(request: HttpRequest, visit: Visit, found: Found, nonce: str) -> HttpResponse:
    """Who he is comes first; then an answer that is kept, so that a second tap gets the same."""
    holder = queries.holder_of(found.contract_id, visit.at)
    if holder.policy.block_page_unlock is BlockPageUnlock.OFF:
        return page.show(request, visit, status=403)
    proof = proofs.check(
        request.POST.get("prova", ""),
        contract_id=found.contract_id,
        holder=holder,
        address=caller(request),
        at=visit.at,
    )
    if proof is not Proof.ACCEPTED:
        problem, status = _PROBLEMS[proof]
        return page.show(request, visit, problem=problem, status=status)
    key = answers.key_of(found, nonce)
    unlock_on_trust.unlock(contract_id=found.contract_id, request=ASKED, at=visit.at, key=key)
    return _see_other(visit.address("answer", nonce))


@of(Deed.SEND_CODE)
def send_code(request: HttpRequest, visit: Visit, found: Found, nonce: str) -> HttpResponse:
    """A code to the holder's phone. Answered alike whether it was sent or not."""
    holder = queries.holder_of(found.contract_id, visit.at)
    if holder.policy.block_page_unlock is BlockPageUnlock.CODE:
        proofs.send_code(contract_id=found.contract_id, holder=holder, address=caller(request), at=visit.at)
    return _see_other(visit.address("page", codigo="enviado"))


@of(Deed.WINDOW)
def window(request: HttpRequest, visit: Visit, found: Found, nonce: str) -> HttpResponse:
    """Some minutes of the whole internet, so that the bank's app works."""
    open_pay_window.ask(contract_id=found.contract_id, at=visit.at, key=answers.key_of(found, nonce))
    return _see_other(visit.address("answer", nonce))


@of(Deed.PIX)
def pix(request: HttpRequest, visit: Visit, found: Found, nonce: str) -> HttpResponse:
    """The bank is asked for a code, unless one is there."""
    standing = look(contract_id=found.contract_id, at=visit.at).standing
    wanted = paying.paying_of(standing, at=visit.at) if standing.policy.block_page_shows_amount else None
    if wanted is None:
        return _see_other(visit.address("page"))
    made = paying.make(visit, wanted)
    if isinstance(made, NotPayable):
        return page.show(request, visit, problem=made.why, status=503 if made.why == "bank_silent" else 409)
    return _see_other(visit.address("page") + "#pix")

"""The portal's log-in: CPF or CNPJ, where to send the code, the code.

Every answer is the same whether a document is known or not. Tries are counted per network address and per document,
known or not (entrypoints/common/throttle.py).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.contrib.auth import SESSION_KEY as STAFF
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from religa.actions import login_code, portal_password
from religa.domain import documents
from religa.entrypoints.common.addresses import caller
from religa.entrypoints.common.i18n import in_readers_language
from religa.entrypoints.common.private import private
from religa.entrypoints.common.throttle import Limit, forget, try_once
from religa.entrypoints.portal import masks, visitor
from religa.records import locks
from religa.records.queries import portal as queries

_DOCUMENT, _CHANNEL = "portal_document", "portal_channel"
_QUARTER, _HOUR = timedelta(minutes=15), timedelta(hours=1)

# A whole building may share one address (CGNAT), hence its larger numbers.
ASKED_BY_ADDRESS = Limit("portal_ask_address", 60, _QUARTER)
SENT_TO_DOCUMENT = Limit("portal_send_document", 4, _QUARTER)
SENT_BY_ADDRESS = Limit("portal_send_address", 30, _QUARTER)
TRIED_FOR_DOCUMENT = Limit("portal_try_document", 15, _HOUR)
TRIED_BY_ADDRESS = Limit("portal_try_address", 60, _HOUR)

_WRONG_DOCUMENT = {
    documents.DocumentProblem.EMPTY: _("Escreva o seu CPF ou CNPJ."),
    documents.DocumentProblem.LENGTH: _("O CPF tem 11 números e o CNPJ tem 14. Confira se não falta nenhum."),
}
_MISTYPED = _("Este número não existe: algum algarismo está trocado. Confira e escreva de novo.")
_WRONG_CODE = _("Código errado ou vencido. Confira a última mensagem que você recebeu, ou peça outro código.")
_WRONG_PASSWORD = _(
    "A senha não confere, ou não há senha para este CPF ou CNPJ. Você pode entrar com um código."
)


@private
@in_readers_language
@require_http_methods(["GET", "HEAD", "POST"])
def ask_document(request: HttpRequest) -> HttpResponse:
    """First step. A well-formed document always leads on."""
    if request.method != "POST":
        return _render(request, "portal/log_in.html")
    written = request.POST.get("documento", "")
    try:
        document = documents.parse(written).digits
    except documents.InvalidDocument as wrong:
        error = _WRONG_DOCUMENT.get(wrong.problem, _MISTYPED)
        return _render(request, "portal/log_in.html", {"error": error, "written": written[:20]}, status=422)
    if not try_once(ASKED_BY_ADDRESS, caller(request), at=locks.database_now()):
        return too_often(request)
    request.session[_DOCUMENT] = document
    return redirect("portal:log_in_channel")


@private
@in_readers_language
@require_http_methods(["GET", "HEAD", "POST"])
def choose_channel(request: HttpRequest) -> HttpResponse:
    """Second step: SMS or e-mail, masked. The code goes out, if there is anybody to send it to."""
    document = request.session.get(_DOCUMENT)
    if document is None:
        return redirect("portal:log_in")
    if request.method != "POST":
        choice = masks.options(document, queries.reach_of(document))
        return _render(request, "portal/log_in_channel.html", {"options": choice})
    if not _send(request, document):
        return too_often(request)
    return redirect("portal:log_in_code")


def _send(request: HttpRequest, document: str) -> bool:
    """Whether it was within the limits; both are counted, so that the order tells nothing."""
    at, address = locks.database_now(), caller(request)
    counted = [try_once(SENT_TO_DOCUMENT, document, at=at), try_once(SENT_BY_ADDRESS, address, at=at)]
    if not all(counted):
        return False
    by_email = request.POST.get("canal") == masks.EMAIL
    login_code.send(document=document, at=at, address=address, by_email=by_email)
    request.session[_CHANNEL] = masks.EMAIL if by_email else masks.SMS
    return True


@private
@in_readers_language
@require_http_methods(["GET", "HEAD", "POST"])
def check_code(request: HttpRequest) -> HttpResponse:
    """Third step: six digits open the door, once."""
    document = request.session.get(_DOCUMENT)
    if document is None:
        return redirect("portal:log_in")
    context = {"by_email": request.session.get(_CHANNEL) == masks.EMAIL}
    if request.method != "POST":
        return _render(request, "portal/log_in_code.html", context)
    at = locks.database_now()
    if not _may_try(request, document, at):
        return too_often(request)
    code = re.sub(r"\D", "", request.POST.get("codigo", ""))[:6]
    answer = login_code.check(document=document, code=code, at=at)
    if isinstance(answer, login_code.NotAccepted):
        return _render(request, "portal/log_in_code.html", {**context, "error": _WRONG_CODE}, status=422)
    portal_password.forgive(subscriber_id=answer.subscriber_id)
    return _let_in(request, answer, document, proof="code", at=at)


def _may_try(request: HttpRequest, document: str, at: datetime) -> bool:
    """Codes and passwords are counted together: having two ways doubles nobody's tries."""
    counted = [
        try_once(TRIED_FOR_DOCUMENT, document, at=at),
        try_once(TRIED_BY_ADDRESS, caller(request), at=at),
    ]
    return all(counted)


@private
@in_readers_language
@sensitive_post_parameters("senha")
@require_http_methods(["GET", "HEAD", "POST"])
def check_password(request: HttpRequest) -> HttpResponse:
    """In place of the code, asked of everybody alike: whether somebody has a password does not show."""
    document = request.session.get(_DOCUMENT)
    if document is None:
        return redirect("portal:log_in")
    if request.method != "POST":
        return _render(request, "portal/log_in_password.html")
    at = locks.database_now()
    if not _may_try(request, document, at):
        return too_often(request)
    answer = portal_password.check(document=document, password=request.POST.get("senha", ""))
    if isinstance(answer, login_code.NotAccepted):
        return _render(request, "portal/log_in_password.html", {"error": _WRONG_PASSWORD}, status=422)
    return _let_in(request, answer, document, proof="password", at=at)


def _let_in(
    request: HttpRequest, answer: login_code.LoggedIn, document: str, *, proof: str, at: datetime
) -> HttpResponse:
    forget(TRIED_FOR_DOCUMENT, document)
    _forget_steps(request)
    response = redirect("portal:home")
    long = request.POST.get("ficar") == "sim"
    visitor.log_in(request, response, subscriber_id=answer.subscriber_id, proof=proof, at=at, long=long)
    return response


def _forget_steps(request: HttpRequest) -> None:
    """Nothing of the way in is left; a person of the staff who shares the browser stays logged in."""
    if STAFF not in request.session:
        request.session.flush()
        return
    for key in (_DOCUMENT, _CHANNEL):
        request.session.pop(key, None)


@private
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    response = redirect("portal:log_in")
    visitor.log_out(request, response, at=locks.database_now())
    return response


def _render(
    request: HttpRequest, template: str, context: dict[str, object] | None = None, status: int = 200
) -> HttpResponse:
    """A page of the log-in, with the provider's name and phone."""
    shown = {"provider": queries.only_provider(), **(context or {})}
    return render(request, template, shown, status=status)


def too_often(request: HttpRequest) -> HttpResponse:
    return _render(request, "portal/log_in_too_often.html", status=429)

"""The access token of an account: kept, renewed before it ends, by one thread at a time (RFC 6749 section 4.4).

The token is bound to the client certificate (RFC 8705), so it is of no use on another connection.
"""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from religa.adapters.api_pix import reading
from religa.adapters.api_pix.account import Account
from religa.adapters.api_pix.profiles import AuthStyle
from religa.adapters.api_pix.wire import Answered, Request, Wire
from religa.ports.money import BankRefused, BankUnreachable, NoAnswer

_EARLY = 60.0  # seconds before its end at which a token is renewed; a tenth of a short life
_PAUSE = 10.0  # seconds until a failed renewal is tried again while the old token still lives
_UNSAID = 300  # seconds to live if the bank does not say
_LONGEST = 86_400
_HEADER_TEXT = re.compile(r"[!-~]+")
_GRANT = {"grant_type": "client_credentials"}


@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """`renew_at` and `ends_at` on a clock that only runs forward."""

    text: str
    renew_at: float
    ends_at: float


class Tokens:
    """The token of one account. May be asked by many threads."""

    def __init__(
        self, account: Account, wire: Wire, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._account, self._wire, self._monotonic = account, wire, monotonic
        self._renewing = threading.Lock()
        self._token: Token | None = None
        self._renewals = 0
        self._failure: NoAnswer | None = None

    def current(self) -> Token | NoAnswer:
        """One that still lives.

        While one thread renews, the others use the old one as long as it lives; who has to wait takes the outcome of
        that renewal, be it a failure, so that a silent bank is not asked once for each of them.
        """
        token, seen = self._token, self._renewals
        if token is not None and self._monotonic() < token.renew_at:
            return token
        usable = self._usable()
        if usable is not None and self._renewing.locked():
            return usable
        with self._renewing:
            if self._renewals != seen:
                return self._usable() or self._failure or self._renew()
            return self._renew()

    def refused(self, token: Token) -> None:
        """The bank took it for none: no one shall use it again (a newer one stays)."""
        with self._renewing:
            if self._token is not None and self._token.text == token.text:
                self._token = None

    def _usable(self) -> Token | None:
        token = self._token  # once: another thread may take it away
        return token if token is not None and self._monotonic() < token.ends_at else None

    def _renew(self) -> Token | NoAnswer:
        asked_at = self._monotonic()
        outcome = _read(self._wire.ask(_request(self._account)), asked_at)
        self._renewals += 1
        if isinstance(outcome, Token):
            self._token, self._failure = outcome, None
            return outcome
        self._failure, usable = outcome, self._usable()
        if usable is None:
            return outcome
        self._token = replace(usable, renew_at=min(self._monotonic() + _PAUSE, usable.ends_at))
        return self._token


def _read(answer: Answered | NoAnswer, asked_at: float) -> Token | NoAnswer:
    if isinstance(answer, BankRefused):
        return BankRefused(answer.code, f"no access token: {answer.said}", answer.violations)
    if isinstance(answer, BankUnreachable):
        return BankUnreachable(f"no access token: {answer.error}")
    body = reading.obj(answer.body)
    text = reading.text(body.get("access_token"))
    if not _HEADER_TEXT.fullmatch(text):
        return BankUnreachable("no access token: the answer holds none")
    seconds = reading.number(body.get("expires_in"))
    seconds = _UNSAID if seconds is None or seconds <= 0 else min(seconds, _LONGEST)
    return Token(text, asked_at + seconds - min(_EARLY, seconds / 10), asked_at + seconds)


def _request(account: Account) -> Request:
    profile = account.profile
    scope = account.scope or profile.scope
    grant = {**_GRANT, **({"scope": scope} if scope else {})}
    secret = {"client_id": account.client_id, "client_secret": account.client_secret}
    ask = partial(Request, "POST", account.token_address, again=True)
    match profile.auth:
        case AuthStyle.BASIC:
            return ask(form=grant, headers=_basic(account))
        case AuthStyle.BASIC_JSON:
            return ask(body=grant, headers=_basic(account))
        case AuthStyle.JSON:
            return ask(body={**secret, **grant})
        case AuthStyle.FORM_GRANT_IN_QUERY:
            return ask(form=secret, query=grant)
        case AuthStyle.CLIENT_ID_ONLY:
            return ask(form={"client_id": account.client_id, **grant})
        case AuthStyle.FORM:
            return ask(form={**secret, **grant})


def _basic(account: Account) -> dict[str, str]:
    """Joined as they are: RFC 6749 section 2.3.1 wants both form-encoded first, the banks' own examples do not."""
    pair = f"{account.client_id}:{account.client_secret}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}

"""The standard API Pix as an account that collects (ports `Collector`, `Refunds`, `WebhookRegistration`).

Every charge has its txid from us, so a repeated call is the same call, and a txid is never free again, not even after a
removal (Manual de Padrões, section 5.3.1). What the bank says is there is compared with what was wanted.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from religa.adapters.api_pix import events, reading, receipts, writing
from religa.adapters.api_pix.account import Account
from religa.adapters.api_pix.profiles import COPY_PASTE
from religa.adapters.api_pix.tokens import Token, Tokens
from religa.adapters.api_pix.wire import TIMEOUT, Answered, Outcome, Request, Wire
from religa.domain import brcode
from religa.ports.money import (
    BankRefused,
    BankUnreachable,
    Capability,
    ChargeKind,
    ChargeRef,
    ChargeSeen,
    ChargeStatus,
    Collector,
    Event,
    Hint,
    NoAnswer,
    NotFound,
    NotUnderstood,
    Received,
    Refunds,
    Returned,
    Truth,
    WantedCharge,
    Webhook,
    WebhookRegistration,
)

_T = TypeVar("_T")


def _now() -> datetime:
    return datetime.now(UTC)


class ApiPix:
    """One account. Keep the object: it keeps token and connections. May be used by many threads."""

    capabilities = frozenset(Capability)

    def __init__(
        self,
        account: Account,
        http: httpx.Client,
        *,
        now: Callable[[], datetime] = _now,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.account, self._http, self._now = account, http, now
        self._wire = Wire(http, now=now, sleep=sleep)
        self._tokens = Tokens(account, self._wire, monotonic=monotonic)

    def __repr__(self) -> str:
        return f"ApiPix({self.account.profile.name})"

    def close(self) -> None:
        """Ends its connections."""
        self._http.close()

    # Charges

    def create(self, wanted: WantedCharge) -> ChargeSeen | NoAnswer:
        """What exists under this txid with other terms is a refusal (409) that names the difference.

        One that was paid or removed since an earlier call comes back as it is.
        """
        today = self._now().astimezone(reading.BRASILIA).date()
        body = writing.charge(wanted, key=self.account.pix_key, today=today)
        if isinstance(body, BankRefused):
            return body
        outcome = self._put(_path(wanted), body)
        if isinstance(outcome, BankRefused) and outcome.code not in (401, 403):
            return self._existing(wanted) or outcome
        return self._same(outcome.body, wanted) if isinstance(outcome, Answered) else outcome

    def update(self, ref: ChargeRef, wanted: WantedCharge) -> ChargeSeen | NotFound | NoAnswer:
        """One that is no longer active comes back as it is."""
        body = writing.charge(
            replace(wanted, kind=ref.kind, txid=ref.txid), key=self.account.pix_key, today=None
        )
        return body if isinstance(body, BankRefused) else self._change(ref, body)

    def cancel(self, ref: ChargeRef) -> ChargeSeen | NotFound | NoAnswer:
        refusal = writing.ref_refusal(ref)
        return refusal or self._change(ref, writing.REMOVAL)

    # Receiving

    def fetch(self, ref: ChargeRef) -> ChargeSeen | NotFound | NoAnswer:
        refusal = writing.ref_refusal(ref)
        if refusal is not None:
            return refusal
        outcome = self._get(_path(ref))
        return self._seen(outcome.body, ref) if isinstance(outcome, Answered) else outcome

    def received(self, *, since: datetime, until: datetime) -> Received | NoAnswer:
        period = receipts.period(since, until, self._now())
        return (
            Received(())
            if period is None
            else receipts.read(lambda query: self._call("GET", "/pix", query=query), period)
        )

    def truth(self, hint: Hint) -> Truth | NotFound | NoAnswer:
        """Asks for the Pix if the hint names one, and for its charge. A Pix counts even if its charge cannot be had."""
        if not hint.payment_id:
            return self._truth_of_charge(hint.txid)
        outcome = self._get(f"/pix/{quote(hint.payment_id, safe='')}")
        if not isinstance(outcome, Answered):
            unknown = isinstance(outcome, NotFound) and writing.is_charge_txid(hint.txid)
            return self._truth_of_charge(hint.txid) if unknown else outcome
        seen = _readable(reading.money, outcome.body)
        if isinstance(seen, BankUnreachable):
            return seen
        if seen.id != hint.payment_id:
            return BankUnreachable("the bank answered with another Pix")
        charge = self._truth_of_charge(seen.txid or "")
        return Truth((seen,), charge.charges if isinstance(charge, Truth) else ())

    # Events

    def parse_event(self, event: Event) -> tuple[Hint, ...] | NotUnderstood:
        return events.hints(event.body)

    # Refunds

    def refund(
        self, *, payment_id: str, refund_id: str, amount: int, reason: str
    ) -> Returned | NotFound | NoAnswer:
        """Never asked for twice in a blind: whether it exists is read first, and again if the answer is lost."""
        body = writing.refund(payment_id=payment_id, refund_id=refund_id, centavos=amount, reason=reason)
        if isinstance(body, BankRefused):
            return body
        existing = self.fetch_refund(payment_id=payment_id, refund_id=refund_id)
        if isinstance(existing, Returned):
            return _same_refund(existing, amount)
        if isinstance(existing, BankUnreachable):
            return existing
        outcome = self._put(_refund_path(payment_id, refund_id), body, again=False)
        if isinstance(outcome, Answered):
            return _readable(reading.returned, outcome.body)
        after = self.fetch_refund(payment_id=payment_id, refund_id=refund_id)
        if isinstance(after, Returned):
            return _same_refund(after, amount)
        return NotFound() if isinstance(outcome, BankRefused) and outcome.code == 404 else outcome

    def fetch_refund(self, *, payment_id: str, refund_id: str) -> Returned | NotFound | NoAnswer:
        refusal = writing.refund_refusal(payment_id, refund_id)
        if refusal is not None:
            return refusal
        outcome = self._get(_refund_path(payment_id, refund_id))
        return _readable(reading.returned, outcome.body) if isinstance(outcome, Answered) else outcome

    # WebhookRegistration

    def webhook(self) -> Webhook | NoAnswer:
        outcome = self._get(self._webhook_path)
        if isinstance(outcome, NotFound):
            return Webhook("")
        if not isinstance(outcome, Answered):
            return outcome
        return Webhook(reading.text(reading.obj(outcome.body).get("webhookUrl")))

    def register_webhook(self, url: str) -> Webhook | NoAnswer:
        refusal = writing.webhook_refusal(url)
        if refusal is not None:
            return refusal
        unverified = self.account.profile.unverified_webhook if self.account.unverified_webhook else None
        headers = dict([unverified]) if unverified else {}
        outcome = self._call("PUT", self._webhook_path, body={"webhookUrl": url}, headers=headers)
        return Webhook(url) if isinstance(outcome, Answered) else outcome

    def remove_webhook(self) -> Webhook | NoAnswer:
        outcome = self._call("DELETE", self._webhook_path)
        if isinstance(outcome, Answered) or (isinstance(outcome, BankRefused) and outcome.code == 404):
            return Webhook("")
        return outcome

    @property
    def _webhook_path(self) -> str:
        return f"/webhook/{quote(self.account.pix_key, safe='')}"

    # One call

    def _call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        again: bool = True,
    ) -> Outcome:
        """A 401 is answered with a new token, once: the bank may have forgotten the old one."""
        account = self.account
        request = Request(
            method,
            account.address(method, path),
            again=again and method != "PATCH",
            body=body,
            query={**account.query, **(query or {})},
            headers={**account.headers, **(headers or {})},
        )
        for is_last in (False, True):
            token = self._tokens.current()
            if not isinstance(token, Token):
                return token
            outcome = self._wire.ask(_authorized(request, token))
            if is_last or not (isinstance(outcome, BankRefused) and outcome.code == 401):
                break
            self._tokens.refused(token)
        return outcome

    def _get(self, path: str, query: dict[str, str] | None = None) -> Answered | NotFound | NoAnswer:
        outcome = self._call("GET", path, query=query)
        return NotFound() if isinstance(outcome, BankRefused) and outcome.code == 404 else outcome

    def _put(self, path: str, body: writing.Body, *, again: bool = True) -> Outcome:
        """What is there afterwards, also where the bank says no more than that it is done."""
        outcome = self._call("PUT", path, body=body, again=again)
        if not isinstance(outcome, Answered) or outcome.body is not None:
            return outcome
        return self._call("GET", path)

    # Charges, closer

    def _seen(self, body: object, ref: ChargeRef) -> ChargeSeen | BankUnreachable:
        seen = _readable(self._charge_reader(ref.kind), body)
        if isinstance(seen, ChargeSeen) and seen.ref.txid != ref.txid:
            return BankUnreachable("the bank answered with another charge")  # Sicoob's test environment does
        return seen

    def _charge_reader(self, kind: ChargeKind) -> Callable[[object], ChargeSeen]:
        return lambda body: reading.charge(body, kind=kind, copy_paste=self._copy_paste, at=self._now())

    def _copy_paste(self, body: reading.Json) -> str:
        names = (*self.account.profile.copy_paste, COPY_PASTE)
        given = next(filter(None, (reading.text(body.get(name)) for name in names)), "")
        return given or self._br_code(reading.location(body).removeprefix("https://"))

    def _br_code(self, location: str) -> str:
        """The text to copy, where the bank gives its location alone: `pixCopiaECola` is optional."""
        code = brcode.DynamicCode(location, name=self.account.payee, city=self.account.city)
        try:
            return brcode.encode(code)
        except brcode.InvalidBrCode:
            return ""

    def _existing(self, wanted: WantedCharge) -> ChargeSeen | NoAnswer | None:
        """What is there after a refused PUT: a call whose answer was lost may have made it, and it may be paid."""
        existing = self._get(_path(wanted))
        return self._same(existing.body, wanted) if isinstance(existing, Answered) else None

    def _same(self, body: object, wanted: WantedCharge) -> ChargeSeen | NoAnswer:
        seen = self._seen(body, ChargeRef(wanted.kind, wanted.txid))
        if not isinstance(seen, ChargeSeen):
            return seen
        differences = tuple(_differences(reading.obj(body), seen, wanted))
        if differences:
            return BankRefused(409, "this txid names another charge already", differences)
        return seen

    def _change(self, ref: ChargeRef, body: writing.Body) -> ChargeSeen | NotFound | NoAnswer:
        """PATCH; if that is refused, the charge may just have been paid or removed: then that is the answer."""
        outcome = self._call("PATCH", _path(ref), body=body)
        if isinstance(outcome, Answered):
            return self.fetch(ref) if outcome.body is None else self._seen(outcome.body, ref)
        if not isinstance(outcome, BankRefused) or outcome.code in (401, 403):
            return outcome
        now = self.fetch(ref)
        if isinstance(now, ChargeSeen):
            return now if now.status not in (ChargeStatus.ACTIVE, ChargeStatus.UNKNOWN) else outcome
        return now if isinstance(now, NotFound) else outcome

    # Receiving, closer

    def _truth_of_charge(self, txid: str) -> Truth | NotFound | NoAnswer:
        """A hint does not say of which kind the charge is; dated ones are the most. One txid is never both."""
        if not writing.is_charge_txid(txid):
            return NotFound()
        dated = self.fetch(ChargeRef(ChargeKind.PIX_COBV, txid))
        if isinstance(dated, BankUnreachable):
            return dated
        seen = dated if isinstance(dated, ChargeSeen) else self.fetch(ChargeRef(ChargeKind.PIX_COB, txid))
        return Truth(seen.payments, (seen,)) if isinstance(seen, ChargeSeen) else seen


def as_ports(account: ApiPix) -> tuple[Collector, Refunds, WebhookRegistration]:
    """The account as what is asked of it; the type checker reads this."""
    return account, account, account


def http_client(verify: Any, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """HTTP/1.1 with open connections, no redirects (they would carry the token away), no proxy of the environment."""
    return httpx.Client(verify=verify, transport=transport, timeout=TIMEOUT, trust_env=False)


def _authorized(request: Request, token: Token) -> Request:
    return replace(request, headers={**request.headers, "Authorization": f"Bearer {token.text}"})


def _path(ref: ChargeRef | WantedCharge) -> str:
    return f"/{writing.PATHS[ref.kind]}/{ref.txid}"


def _refund_path(payment_id: str, refund_id: str) -> str:
    return f"/pix/{payment_id}/devolucao/{refund_id}"


def _readable(read: Callable[[object], _T], body: object) -> _T | BankUnreachable:
    try:
        return read(body)
    except reading.Unreadable as why:
        return BankUnreachable(f"the answer cannot be read: {why}")


def _differences(body: reading.Json, seen: ChargeSeen, wanted: WantedCharge) -> list[str]:
    found = []
    if seen.amount != wanted.amount:
        found.append(f"valor.original: {writing.amount(seen.amount)}, not {writing.amount(wanted.amount)}")
    due = reading.text(reading.obj(body.get("calendario")).get("dataDeVencimento"))
    if wanted.due_date is not None and due and due != wanted.due_date.isoformat():
        found.append(f"calendario.dataDeVencimento: {due[:10]}, not {wanted.due_date}")
    return found


def _same_refund(seen: Returned, amount: int) -> Returned | BankRefused:
    if seen.amount == amount:
        return seen
    difference = f"valor: {writing.amount(seen.amount)}, not {writing.amount(amount)}"
    return BankRefused(409, "this id names another refund of this Pix already", (difference,))

"""Port `Collector` for one account at Efí.

Who calls holds the charge's own lock: two creations of one txid at the same time would both find nothing and issue two
boletos, for Efí has no idempotency key.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from religa.adapters.efi_cobrancas import answers, events, money, wanted
from religa.adapters.efi_cobrancas.answers import Charge
from religa.adapters.efi_cobrancas.session import Json, Session
from religa.adapters.efi_cobrancas.settings import Settings
from religa.ports.money import (
    BankRefused,
    BankUnreachable,
    Capability,
    ChargeKind,
    ChargeRef,
    ChargeSeen,
    ChargeStatus,
    Event,
    Hint,
    MoneySeen,
    NoAnswer,
    NotFound,
    NotUnderstood,
    Received,
    Truth,
    WantedCharge,
)

PAGE, MAX_PAGES = 100, 100
LOOKED_BACK = timedelta(days=365)  # how old a charge may be that is found by its txid alone
LATE = timedelta(days=7)  # by which Efí may hear of a payment after its day: a Friday before a long holiday
_UNREADABLE = BankUnreachable("Efí's answer has no charge in it that could be read")


def _now() -> datetime:
    return datetime.now(UTC)


class Account:
    """No `UPDATE`: of a boleto Efí changes only the day. No `REFUND`: that exists for cards. No webhook to register:
    each charge carries the account's address (`Settings.notify_url`)."""

    capabilities = frozenset({Capability.LIST_RECEIVED, Capability.LATE_CHARGES})

    def __init__(
        self, settings: Settings, *, now: Callable[[], datetime] = _now, session: Session | None = None
    ) -> None:
        self._settings, self._now = settings, now
        self._session = session or Session(settings)

    def close(self) -> None:
        self._session.close()

    # --- charges

    def create(self, wanted_charge: WantedCharge) -> ChargeSeen | NoAnswer:
        """See `ports.money.Charges`. Looks for the txid first: a call that got no answer may have made the charge."""
        found = self._by_txid(wanted_charge.txid)
        if isinstance(found, Charge):
            return _no_not_found(self._detailed(found, wanted_charge.kind))
        if not isinstance(found, NotFound):
            return found
        refusal = wanted.refusal(wanted_charge, self._today(), self._settings)
        return refusal or self._issue(wanted_charge)

    def _issue(self, wanted_charge: WantedCharge) -> ChargeSeen | NoAnswer:
        answer = self._session.post_once(
            "/v1/charge/one-step", wanted.body(wanted_charge, self._settings.notify_url)
        )
        if not isinstance(answer, dict):
            return _no_not_found(answer)
        made = answers.charge({"custom_id": wanted_charge.txid, **_data(answer)}, self._settings.zone)
        return _UNREADABLE if made is None else money.seen(made, wanted_charge.kind, ())

    def update(self, ref: ChargeRef, wanted_charge: WantedCharge) -> ChargeSeen | NotFound | NoAnswer:
        """Only another day; anything else is refused here, and no call changes half of it."""
        charge = self._charge(ref)
        if not isinstance(charge, Charge):
            return charge
        now = self._seen(charge, ref.kind)
        if not isinstance(now, ChargeSeen) or now.status is not ChargeStatus.ACTIVE:
            return now
        refusal = _cannot_change(charge, wanted_charge) or wanted.refusal(
            wanted_charge, self._today(), self._settings
        )
        if refusal:
            return refusal
        body = {"expire_at": str(wanted_charge.due_date)}
        answer = self._session.put(f"/v1/charge/{charge.id}/billet", body)
        return self.fetch(now.ref) if isinstance(answer, dict) else answer

    def cancel(self, ref: ChargeRef) -> ChargeSeen | NotFound | NoAnswer:
        """See `ports.money.Charges`. A refusal is looked into: what was paid or cancelled meanwhile is the answer."""
        charge = self._charge(ref)
        if not isinstance(charge, Charge):
            return charge
        before = self._seen(charge, ref.kind)
        if not isinstance(before, ChargeSeen) or before.status not in (
            ChargeStatus.ACTIVE,
            ChargeStatus.UNKNOWN,
        ):
            return before
        answer = self._session.put(f"/v1/charge/{charge.id}/cancel")
        if isinstance(answer, BankUnreachable):
            return answer
        after = self.fetch(before.ref)
        still_active = isinstance(after, ChargeSeen) and after.status is ChargeStatus.ACTIVE
        return answer if isinstance(answer, BankRefused) and still_active else after

    # --- what was received

    def fetch(self, ref: ChargeRef) -> ChargeSeen | NotFound | NoAnswer:
        """See `ports.money.Receiving`."""
        charge = self._charge(ref)
        return self._seen(charge, ref.kind) if isinstance(charge, Charge) else charge

    def received(self, *, since: datetime, until: datetime) -> Received | NoAnswer:
        """See `ports.money.Receiving`. What is on no charge is not in Efí's list.

        The period is that in which Efí heard of the payments: one of Friday that it tells on Monday is in Monday's.
        """
        query: dict[str, str | int] = {"charge_type": "billet", "date_of": "payment"}
        listed = self._listed(query, since - LATE, until)
        if not isinstance(listed, tuple):
            return listed
        payments: list[MoneySeen] = []
        for charge in listed:
            found = self._in_period(charge, since, until)
            if not isinstance(found, tuple):
                return found
            payments.extend(found)
        return Received(tuple(sorted(payments, key=lambda payment: (payment.paid_at, payment.id))))

    def _in_period(
        self, charge: Charge, since: datetime, until: datetime
    ) -> tuple[MoneySeen, ...] | NoAnswer:
        if charge.status not in money.MONEY or _is_outside(charge, since, until):
            return ()
        if None in (charge.paid_value, charge.confirmed_at, charge.received_on):
            fuller = self._by_id(charge.id)
            if isinstance(fuller, BankRefused | BankUnreachable):
                return fuller
            charge = _fuller(charge, fuller) if isinstance(fuller, Charge) else charge
        found = money.of_charge(charge, self._settings.zone)
        if found is None:
            return BankUnreachable(f"Efí says of charge {charge.id} that it is paid, and not when")
        return () if _is_outside(charge, since, until) else found

    def truth(self, hint: Hint) -> Truth | NotFound | NoAnswer:
        """See `ports.money.Receiving`. A token's history says what was paid, the charge itself what it is now."""
        if hint.token:
            return self._of_token(hint.token)
        ref = ChargeRef(ChargeKind.BOLETO, hint.txid, money.charge_id(hint.payment_id))
        charge = self._charge(ref)
        seen = self._seen(charge, None) if isinstance(charge, Charge) else charge
        return Truth(seen.payments, (seen,)) if isinstance(seen, ChargeSeen) else seen

    def _of_token(self, token: str) -> Truth | NotFound | NoAnswer:
        answer = self._session.get(f"/v1/notification/{quote(token, safe='')}")
        if not isinstance(answer, dict):
            return answer
        truth = Truth()
        history = answers.items(answer.get("data"), self._settings.zone)
        for number, items in answers.by_charge(history).items():
            one = self._of_history(number, items)
            if not isinstance(one, Truth):
                return one
            truth = Truth((*truth.payments, *one.payments), (*truth.charges, *one.charges))
        return truth

    def _of_history(self, number: str, items: tuple[answers.Item, ...]) -> Truth | NoAnswer:
        charge = self._by_id(number)
        if isinstance(charge, BankRefused | BankUnreachable):
            return charge
        found = charge if isinstance(charge, Charge) else None
        payments = money.of_history(items, found, self._settings.zone)
        if payments is None:
            return BankUnreachable(f"Efí says of charge {number} that it is paid, and not when or how much")
        return Truth(payments, () if found is None else (money.seen(found, None, payments),))

    def parse_event(self, event: Event) -> tuple[Hint, ...] | NotUnderstood:
        """See `ports.money.Events`."""
        return events.parse(event)

    # --- looking charges up

    def _today(self) -> date:
        return self._now().astimezone(self._settings.zone).date()

    def _seen(self, charge: Charge, kind: ChargeKind | None) -> ChargeSeen | BankUnreachable:
        payments = money.of_charge(charge, self._settings.zone)
        if payments is None:
            return BankUnreachable(f"Efí says of charge {charge.id} that it is paid, and not when")
        return money.seen(charge, kind, payments)

    def _detailed(self, listed: Charge, kind: ChargeKind) -> ChargeSeen | NotFound | NoAnswer:
        """The list leaves out what the detail has."""
        return self.fetch(ChargeRef(kind, listed.txid, listed.id))

    def _charge(self, ref: ChargeRef) -> Charge | NotFound | NoAnswer:
        """By Efí's number where we have it; a charge that bears another txid is not the one that is meant."""
        number = answers.identifier(ref.bank_id)
        if not number:
            listed = self._by_txid(ref.txid)
            if not isinstance(listed, Charge):
                return listed
            number = listed.id
        charge = self._by_id(number)
        if isinstance(charge, Charge) and ref.txid and charge.txid != ref.txid:
            return NotFound()
        return charge

    def _by_id(self, number: str) -> Charge | NotFound | NoAnswer:
        answer = self._session.get(f"/v1/charge/{number}")
        if not isinstance(answer, dict):
            return answer
        return answers.charge(answer.get("data"), self._settings.zone) or _UNREADABLE

    def _by_txid(self, txid: str) -> Charge | NotFound | NoAnswer:
        """Of several with one txid the paid one, then one that may be paid, then the oldest."""
        if not txid:
            return NotFound()
        query: dict[str, str | int] = {"charge_type": "billet", "date_of": "creation", "custom_id": txid}
        now = self._now()
        listed = self._listed(query, now - LOOKED_BACK, now + timedelta(days=1))
        if not isinstance(listed, tuple):
            return listed
        # The filter is checked: were it ignored, another subscriber's charge would be taken for this one.
        return min((charge for charge in listed if charge.txid == txid), key=_preferred, default=NotFound())

    def _listed(
        self, query: dict[str, str | int], since: datetime, until: datetime
    ) -> tuple[Charge, ...] | NoAnswer:
        """Every page. Efí counts pages from 1 and takes no offset (it shows one)."""
        zone = self._settings.zone
        days: dict[str, str | int] = {
            "begin_date": _day(since, zone),
            "end_date": _day(until, zone),
            "limit": PAGE,
        }
        found: dict[str, Charge] = {}
        for page in itertools.count(1):
            if page > MAX_PAGES:
                return BankUnreachable(f"Efí's list goes on after {MAX_PAGES} pages")
            answer = self._session.get("/v1/charges", {**query, **days, "page": page})
            if not isinstance(answer, dict):
                return self._ended(answer, page, found)
            fresh = _fresh(answer, found, zone)
            if fresh is None:
                return _UNREADABLE
            found.update(fresh)
            if not fresh or len(answers.entries(answer)) < (answers.page_size(answer) or 1):
                break
        return tuple(found.values())

    @staticmethod
    def _ended(
        answer: NotFound | NoAnswer, page: int, found: dict[str, Charge]
    ) -> tuple[Charge, ...] | NoAnswer:
        """404 after the last page is its end. On the first it proves nothing, and a charge may be made on the strength
        of a list that has it not."""
        if not isinstance(answer, NotFound):
            return answer
        return tuple(found.values()) if page > 1 else BankUnreachable("Efí answers 404 instead of a list")


def _fresh(answer: Json, known: Iterable[str], zone: ZoneInfo) -> dict[str, Charge] | None:
    """The charges of a page that were on none before; None if an entry cannot be read, for half a list is none."""
    read = [answers.charge(entry, zone) for entry in answers.entries(answer)]
    charges = [charge for charge in read if charge is not None]
    if len(charges) < len(read):
        return None
    return {charge.id: charge for charge in charges if charge.id not in set(known)}


def _day(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).date().isoformat()


def _data(answer: Json) -> Json:
    data = answer.get("data")
    return data if isinstance(data, dict) else {}


def _preferred(charge: Charge) -> tuple[bool, bool, int]:
    return (
        charge.status not in money.MONEY,
        charge.status not in ("waiting", "unpaid", "identified"),
        int(charge.id),
    )


def _is_outside(charge: Charge, since: datetime, until: datetime) -> bool:
    return charge.confirmed_at is not None and not since <= charge.confirmed_at < until


def _fuller(listed: Charge, detailed: Charge) -> Charge:
    """What one says and the other leaves out; the detail, which is newer, counts where both say something."""
    return replace(
        detailed,
        paid_value=listed.paid_value if detailed.paid_value is None else detailed.paid_value,
        confirmed_at=listed.confirmed_at or detailed.confirmed_at,
        received_on=detailed.received_on or listed.received_on,
    )


def _no_not_found(answer: ChargeSeen | NotFound | NoAnswer) -> ChargeSeen | NoAnswer:
    """Where there is nothing that could be missing, 404 is an answer of something else than Efí."""
    if isinstance(answer, NotFound):
        return BankUnreachable("Efí answers 404 where it should not")
    return answer


def _cannot_change(charge: Charge, wanted_charge: WantedCharge) -> BankRefused | None:
    told = dict(charge.configurations)
    terms = wanted.configurations(wanted_charge.terms)
    if wanted_charge.amount == charge.total and all(
        told.get(name, value) == value for name, value in terms.items()
    ):
        return None
    reason = "of a boleto Efí changes only the due date: cancel it and create another one"
    return BankRefused(wanted.NOT_ASKED, reason, (reason,))

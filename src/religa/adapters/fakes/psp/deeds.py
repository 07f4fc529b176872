"""What payers, their banks and the PSP itself do: the side of the fake that tests, the demo and benchmarks drive."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from religa.adapters.fakes.psp import api, ids, ledger
from religa.adapters.fakes.psp.api import Account
from religa.adapters.fakes.psp.deliveries import Counters, Deliveries
from religa.adapters.fakes.psp.ledger import Charge, Ledger, NotPaid, Payee, Pix, Return
from religa.adapters.fakes.psp.mischief import NONE, Mischief
from religa.adapters.fakes.psp.prices import Price
from religa.domain.calendar import Calendars
from religa.ports.money import Split

KEY = "123e4567-e89b-12d3-a456-426655440000"  # the Pix key of the receiver, unless others are given
OTHER_KEY = "99999999-0000-4000-8000-000000000000"  # of another customer of the same PSP
WEEKENDS_ONLY = Calendars(ZoneInfo("America/Sao_Paulo"))
_PATIENCE = 20.0  # seconds for all calls to be made


def utc_now() -> datetime:
    return datetime.now(UTC)


class Deeds:
    """One receiver's account at the fake PSP. Every method may be called from any thread.

    `now`: the PSP's clock, aware; a deed's `at` stands in its place. Amounts are centavos.
    """

    def __init__(
        self,
        *,
        keys: tuple[str, ...],
        payee: Payee,
        now: Callable[[], datetime],
        calendars: Calendars,
        price: Price,
        mischief: Mischief,
        seed: str,
        deliveries: Callable[[Callable[[], Mischief]], Deliveries],
    ) -> None:
        self.now, self.lock = now, threading.RLock()
        self.ledger = Ledger(payee, keys, calendars, price, seed)
        self.account = Account(self.ledger, mischief, self._tell, self._registered)
        self.deliveries = deliveries(lambda: self.account.plan)
        self._foreign = itertools.count(1)
        self.mischief = mischief

    @property
    def mischief(self) -> Mischief:
        """The plan in force. Setting one starts its `hang_next` and `fail_next` anew."""
        return self.account.plan

    @mischief.setter
    def mischief(self, plan: Mischief) -> None:
        with self.lock:
            self.account.plan = plan
            self.hangs_left, self.fails_left = plan.hang_next, plan.fail_next

    @property
    def delivered(self) -> Counters:
        """What became of the calls to the webhook so far."""
        return self.deliveries.now()

    def pay(
        self,
        txid: str,
        amount: int | None = None,
        at: datetime | None = None,
        *,
        split: Split | None = None,
        info: str = "",
        payer: Mapping[str, str] | None = None,
        anyway: bool = False,
    ) -> Pix | NotPaid:
        """A payer pays a charge, by default what it costs then. `split` becomes `componentesValor`.

        `anyway`: also one that is concluded, removed or expired, as a payment does that was on its way before. Raises
        `ValueError` for an amount that `split` does not add up to.
        """
        with self.lock:
            at = at or self.now()
            charge = self.ledger.payable(txid, at=at)
            if isinstance(charge, NotPaid):
                if not anyway or charge is NotPaid.UNKNOWN:
                    return charge
                charge = self.ledger.charges[txid]
            paid = [
                self.ledger.pay(charge, at=at, amount=amount, split=split, info=info, payer=payer or {})
                for _ in range(2 if self.mischief.twice else 1)
            ]
            for pix in paid:
                self._tell(pix)
            return paid[0]

    def pay_key(
        self,
        amount: int,
        *,
        at: datetime | None = None,
        key: str | None = None,
        txid: str | None = None,
        info: str = "",
        payer: Mapping[str, str] | None = None,
    ) -> Pix:
        """A transfer to the Pix key, or by a static code (`txid` of up to 25 characters, no charge).

        Without a txid the receiver hears nothing. Raises `ValueError` if there is no amount.
        """
        with self.lock:
            key = key or self.ledger.keys[0]
            pix = self.ledger.receive(
                amount, at=at or self.now(), key=key, txid=txid, info=info, payer=payer or {}
            )
            self._tell(pix)
            return pix

    def give_back(
        self,
        e2eid: str,
        amount: int | None = None,
        *,
        nature: str = "MED_FRAUDE",
        status: str = ledger.RETURNED,
        at: datetime | None = None,
        id: str | None = None,
    ) -> Return:
        """Money goes back without our asking (MED), by default all that is left of the Pix.

        Raises `LookupError` for an unknown Pix, `ValueError` for more than is left, a nature or a status that the
        standard does not know.
        """
        with self.lock:
            pix, at = self.received(e2eid), at or self.now()
            amount = self.ledger.left(pix) if amount is None else amount
            if not 0 < amount <= self.ledger.left(pix):
                raise ValueError(
                    f"{amount} centavos of {e2eid} cannot go back: {self.ledger.left(pix)} are left"
                )
            if nature not in ledger.NATURES:
                raise ValueError(f"{nature!r} is none of {', '.join(ledger.NATURES)}")
            _refuse_status(status)
            found = self.ledger.give_back(pix, id or f"MED{len(pix.returns) + 1:04}", amount, nature, at=at)
            api.end(self.account, pix, found, status, at=at)
            return found

    def settle_return(self, e2eid: str, id: str, status: str, *, at: datetime | None = None) -> Return:
        """A devolução that is EM_PROCESSAMENTO comes to its end. Raises as `give_back`."""
        with self.lock:
            pix = self.received(e2eid)
            found = next((one for one in pix.returns if one.id == id), None)
            if found is None:
                raise LookupError(f"{e2eid} has no devolução {id!r}")
            if found.status != ledger.PROCESSING:
                raise ValueError(f"the devolução {id!r} is {found.status} already, which is final")
            _refuse_status(status)
            api.end(self.account, pix, found, status, at=at or self.now())
            return found

    def foreign(
        self, amount: int, *, txid: str | None = None, key: str = OTHER_KEY, at: datetime | None = None
    ) -> str:
        """Another customer registered our address for his key and pays himself: we are told of money that is not ours.

        Gives the endToEndId, of which our API knows nothing. (bacen/pix-api, issue 239.)
        """
        with self.lock:
            at = at or self.now()
            id = ids.transaction_id("E", at, seed=f"{self.ledger.seed}/foreign", count=next(self._foreign))
            for hook in self.account.hooks.values():
                self.deliveries.tell(f"{hook.url}/pix", Pix(id, amount, at, key, txid))
            return id

    def remove_by_psp(self, txid: str) -> Charge:
        """The PSP takes a charge back by itself. Raises `LookupError` for one it does not know."""
        with self.lock:
            return self.ledger.remove_by_psp(txid)

    def received(self, e2eid: str) -> Pix:
        """A Pix by its id. Raises `LookupError`."""
        with self.lock:
            if e2eid not in self.ledger.pix:
                raise LookupError(f"no Pix {e2eid!r} was received here")
            return self.ledger.pix[e2eid]

    def last_day(self, txid: str) -> date:
        """The last day on which a `cobv` may be paid. Raises `LookupError`."""
        with self.lock:
            return self.ledger.last_day(self.ledger.charges[txid].body)

    def deliver_all(self, timeout: float = _PATIENCE) -> Counters:
        """Lets go of every call that is held, gathered or late, and waits until all are made.

        Do not call it where the receiver needs the same thread to answer. Raises `TimeoutError`.
        """
        self.deliveries.flush()
        return self.deliveries.settle(timeout)

    def misbehave(self, **said: object) -> None:
        """Changes some fields of the plan in force. Raises `ValueError` for those that do not exist."""
        self.mischief = self.mischief.changed(said)

    def behave(self) -> None:
        """Nothing goes wrong any more."""
        self.mischief = NONE

    def _tell(self, pix: Pix) -> None:
        hook = self.account.hooks.get(pix.key)
        if hook is not None and pix.txid is not None:
            self.deliveries.tell(f"{hook.url}/pix", pix)

    def _registered(self, url: str) -> None:
        if self.mischief.test_call:
            self.deliveries.post(f"{url}/pix", {"evento": "teste_webhook"})


def _refuse_status(status: str) -> None:
    known = (ledger.RETURNED, ledger.PROCESSING, ledger.NOT_DONE)
    if status not in known:
        raise ValueError(f"{status!r} is none of {', '.join(known)}")

"""A Pix that can be paid now, always: asked for here, made at the bank, kept in step with its invoice, replaced when it
cannot be paid any more. An old one is still recognised when money comes on it.

The txid is kept before the bank hears of it, so that a call which is repeated after a crash is the same charge.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import repeat
from zoneinfo import ZoneInfo

from django.db import transaction

from religa.actions import evaluate_access
from religa.actions.money import cases
from religa.actions.money.cases import Case
from religa.actions.money.needs import Need, need_of
from religa.actions.money.patience import patient
from religa.domain import balance, txid
from religa.domain.standing import Standing
from religa.ports.money import (
    BankRefused,
    BankUnreachable,
    Capability,
    ChargeKind,
    ChargeRef,
    ChargeSeen,
    ChargeStatus,
    Collector,
    Debtor,
    NotFound,
    Terms,
    WantedCharge,
)
from religa.records import accounts, charges, facts, locks, ordering, raw, secrets
from religa.records.accounts import Account
from religa.records.charges import PAYABLE_DAYS, Wanted
from religa.records.loaded import Ask

CollectorFor = Callable[[Account], Collector]

_WATCHED = timedelta(minutes=15)  # how long somebody who was shown a code is thought to wait for it
_SOON = timedelta(minutes=10)  # a code that ends within this is not worth showing
_WAITS = (5, 15, 60, 300, 900, 3600)


@dataclass(frozen=True, slots=True)
class Payable:
    """A code that can be paid now. `amount` in centavos, as the bank asks for it today."""

    charge: int
    copy_paste: str
    amount: int
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class NotPayable:
    """No code now. `why`: nothing_owed, no_account, not_yet, bank_silent or bank_refuses; `said`: the bank's words."""

    why: str
    said: str = ""


def pay_now(
    *,
    contract_id: int,
    scope: str,
    collector_for: CollectorFor,
    at: datetime,
    invoice: str | None = None,
    amount: int | None = None,
) -> Payable | NotPayable:
    """The code for a page, a second copy or a message: the one that is there if it still fits, else a new one.

    `scope`: "everything" that is owed, what is "late" and not contested (else the next invoice), the "least" that opens
    access, one "invoice", or a "stated" `amount` in centavos. Talks to the bank outside any transaction.
    """
    asked = _ask(contract_id, scope, invoice, amount, at)
    if isinstance(asked, NotPayable):
        return asked
    account, charge, found = asked
    charges.watch(charge, at + _WATCHED)
    if found is not None:
        return found
    said = _make(account, charges.wanted([charge])[0], collector_for(account), at)
    return _shown(charge, at) or NotPayable(*said)


def shown(
    *, contract_id: int, scope: str, at: datetime, invoice: str | None = None, amount: int | None = None
) -> Payable | NotPayable:
    """The code that is there and fits now; `why` not_yet: none does, and `pay_now` would make one. Changes nothing."""
    loaded = facts.load([contract_id], at, ask=Ask(invoices=(invoice,) if invoice else ()))[contract_id]
    account = accounts.collecting(loaded.provider_id)
    if account is None:
        return NotPayable("no_account")
    need = need_of(evaluate_access.standing_of(loaded, at), scope, at, invoice=invoice, amount=amount)
    if need is None:
        return NotPayable("nothing_owed")
    there = _fitting(need, account, at)
    return (_shown(there, at) if there is not None else None) or NotPayable("not_yet")


def _ask(
    contract_id: int, scope: str, invoice: str | None, amount: int | None, at: datetime
) -> tuple[Account, int, Payable | None] | NotPayable:
    """Under the contract's lock: the charge that fits, or a new one on its way."""
    with transaction.atomic():
        locks.lock([contract_id])
        loaded = facts.load([contract_id], at, ask=Ask(invoices=(invoice,) if invoice else ()))[contract_id]
        account = accounts.collecting(loaded.provider_id)
        if account is None:
            return NotPayable("no_account")
        standing = evaluate_access.standing_of(loaded, at)
        need = need_of(standing, scope, at, invoice=invoice, amount=amount)
        if need is None:
            return NotPayable("nothing_owed")
        there = _fitting(need, account, at)
        if there is not None:
            return account, there, _shown(there, at)
        return account, _new(loaded.provider_id, account, need, standing, at), None


def _fitting(need: Need, account: Account, at: datetime) -> int | None:
    """A charge at the bank that asks for the same, and can still be paid.

    A dated one fits late, too: its bank adds what lateness costs.
    """
    found = raw.rows(
        """
        SELECT c.id FROM charge c JOIN invoice i ON i.id = c.invoice_id
         WHERE i.id = %(invoice)s AND c.payment_account_id = %(account)s AND c.status IN ('active', 'new')
           AND (c.expires_at IS NULL OR c.expires_at > %(soon)s)
           AND (c.status = 'active' OR c.due_date IS NULL OR c.due_date >= %(today)s)
           AND ((c.scope = %(scope)s AND c.amount = %(amount)s)
                OR (c.scope = 'invoice' AND c.kind <> 'pix_cob' AND %(whole)s AND c.amount = %(total)s))
         ORDER BY c.status, c.id DESC LIMIT 1
        """,
        {"invoice": need.invoice.key, "account": account.id, "soon": at + _SOON, "scope": need.scope,
         "today": at.astimezone(ZoneInfo(account.zone)).date(),
         "amount": need.amount, "total": need.invoice.total, "whole": need.untouched},
    )  # fmt: skip
    return found[0][0] if found else None


def _new(provider_id: int, account: Account, need: Need, standing: Standing, at: datetime) -> int:
    boleto = account.kind == "efi_cobrancas"
    kind = ChargeKind.BOLETO_PIX if boleto else ChargeKind.PIX_COBV if need.dated else ChargeKind.PIX_COB
    day = standing.calendars.day(at)
    due = max(need.invoice.due_date, day) if kind is not ChargeKind.PIX_COB else None
    tonight = standing.calendars.midnight(day + timedelta(days=1))
    expires = tonight if kind is ChargeKind.PIX_COB else None
    [(key,)] = raw.rows("SELECT nextval('charge_id_seq')")
    raw.run(
        "INSERT INTO charge (id, provider_id, invoice_id, kind, status, account, payment_account_id, scope, txid,"
        " amount, due_date, expires_at, revision, created_at, try_at, copy_paste, payload)"
        " VALUES (%s, %s, %s, %s, 'new', '', %s, %s, %s, %s, %s, %s, 0, %s, %s, '', %s::jsonb)",
        [key, provider_id, need.invoice.key, kind.value, account.id, need.scope,
         txid.derive(realm=secrets.realm(), provider=provider_id, charge=key), need.amount, due, expires, at,
         at + timedelta(seconds=30), json.dumps({} if need.first is None else {"first": list(need.first)})],
    )  # fmt: skip
    return key  # type: ignore[no-any-return]


def _shown(charge: int, at: datetime) -> Payable | None:
    found = raw.rows(
        "SELECT id, copy_paste, amount, expires_at FROM charge WHERE id = %s AND status = 'active' AND copy_paste <> ''"
        " AND (expires_at IS NULL OR expires_at > %s)",
        [charge, at],
    )
    return Payable(*found[0]) if found else None


# -- at the bank ----------------------------------------------------------------------------------------------------


def keep_in_step(
    account: Account, collector: Collector, *, at: datetime, pool: Executor, limit: int = 100
) -> int:
    """Tells a bank what has become of charges: new ones are made, settled ones taken back, changed ones changed.

    Says how many it looked at. May run in any number of processes.
    """
    claimed = charges.claim_to_try(account.id, at, limit)
    ordering.name(claimed)
    plans = _plans(charges.wanted(claimed), at)
    answers = list(pool.map(_Plan.tell, plans, repeat(collector)))
    for plan, answer in zip(plans, answers, strict=True):
        _keep(account, plan.charge, answer, at)
    return len(plans)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the bank is to hear of one charge. `wanted` None: it goes; `same`: nothing is to be changed."""

    charge: Wanted
    wanted: WantedCharge | None
    same: bool = False

    def tell(self, collector: Collector) -> ChargeSeen | NotFound | BankRefused | BankUnreachable | None:
        ref = ChargeRef(ChargeKind(self.charge.kind), self.charge.txid or "", self.charge.bank_id)
        if self.wanted is None:
            return None if self.charge.status == "new" else collector.cancel(ref)
        if self.charge.status == "new":
            return collector.create(self.wanted)
        if self.same:
            return collector.fetch(ref)
        if Capability.UPDATE not in collector.capabilities:
            return collector.cancel(ref)  # what is on paper is wrong now; a new one is made when it is needed
        return collector.update(ref, self.wanted)


def _plans(mine: Sequence[Wanted], at: datetime) -> list[_Plan]:
    contracts = sorted({c.contract_id for c in mine})
    loaded = facts.load(contracts, at, ask=Ask(invoices=[c.invoice for c in mine]))
    return [_plan(c, evaluate_access.standing_of(loaded[c.contract_id], at), at) for c in mine]


def _plan(charge: Wanted, standing: Standing, at: datetime) -> _Plan:
    invoice = standing.facts.invoice(charge.invoice)
    if invoice is None or invoice.closed is not None or balance.open_principal(invoice) <= 0:
        return _Plan(charge, None)
    if charge.kind == ChargeKind.PIX_COB.value:
        gone = charge.status == "active" or (charge.expires_at is not None and charge.expires_at <= at)
        return _Plan(charge, None) if gone else _Plan(charge, _wanted(charge, at))
    if charge.status == "new" and invoice.due_date < standing.calendars.day(at):
        return _Plan(charge, None)  # no bank takes a day gone by: a page asks for today's sum instead
    amount, due = balance.open_principal(invoice), invoice.due_date
    same = amount == charge.amount and due == charge.due_date
    return _Plan(charge, _wanted(replace(charge, amount=amount, due_date=due), at), same)


def _wanted(charge: Wanted, at: datetime) -> WantedCharge:
    dated = charge.kind != ChargeKind.PIX_COB.value
    left = int((charge.expires_at - at).total_seconds()) if charge.expires_at else 86_400
    terms = Terms(
        fine_pct=charge.fine_pct,
        interest_pct_month=charge.interest_pct_month,
        discount=charge.discount or 0,
        discount_until=charge.discount_until,
        payable_days=PAYABLE_DAYS,
    )
    return WantedCharge(
        kind=ChargeKind(charge.kind),
        txid=charge.txid or "",
        amount=charge.amount,
        debtor=Debtor(charge.document, charge.name, charge.email),
        due_date=charge.due_date if dated else None,
        terms=terms if dated else Terms(),
        expires_in=max(60, left),
        description=f"{charge.payee} {charge.reference}".strip()[:140],
    )


def _make(account: Account, charge: Wanted, collector: Collector, at: datetime) -> tuple[str, str]:
    answer = collector.create(_wanted(charge, at))
    _keep(account, charge, answer, at)
    if isinstance(answer, BankUnreachable):
        return "bank_silent", answer.error
    return "bank_refuses", _said(answer) if isinstance(answer, BankRefused) else ""


def _said(answer: BankRefused) -> str:
    return "; ".join((answer.said, *answer.violations))


_STATUS = {
    ChargeStatus.ACTIVE: "active",
    ChargeStatus.PAID: "paid",
    ChargeStatus.REMOVED: "removed",
    ChargeStatus.REMOVED_BY_BANK: "removed",
    ChargeStatus.EXPIRED: "expired",
}


def _keep(
    account: Account,
    charge: Wanted,
    answer: ChargeSeen | NotFound | BankRefused | BankUnreachable | None,
    at: datetime,
) -> None:
    answer = patient(answer)
    if isinstance(answer, BankUnreachable):
        wait = _WAITS[min(charge.tries, len(_WAITS) - 1)]
        charges.try_again(charge.id, at + timedelta(seconds=wait), answer.error)
    elif isinstance(answer, BankRefused):
        said = _said(answer)
        charges.fail(charge.id, said)
        case = Case("charge_failed", f"charge {charge.id}", charge.contract_id, charge=charge.id, account=account.id,
                    detail=f"{answer.code} {said}")  # fmt: skip
        cases.open_cases(account.provider_id, [case], at)
    elif isinstance(answer, ChargeSeen):
        charges.keep_seen(charge.id, answer, status=_STATUS.get(answer.status, "active"))
    else:
        charges.end(charge.id)


def is_anything_shown(account: Account, at: datetime) -> bool:
    """Whether a code of the account has been shown within the last minutes, so that somebody may wait for it."""
    query = """
        SELECT FROM charge WHERE payment_account_id = %s AND status = 'active' AND watched_until > %s LIMIT 1
    """
    return bool(raw.rows(query, [account.id, at]))

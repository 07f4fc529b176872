"""Credits money that a bank says it has received: once, on the right invoice, and opens the door in one transaction.

Whole lists go in one call: a webhook's one payment, a poll's overlap and a file of 100,000 records take the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from django.db import transaction

from religa.actions import evaluate_access
from religa.actions.evaluate_access import Judgement
from religa.actions.messages.thanks import Paid, thank
from religa.actions.money import cases, returns, sightings, twice_told, unidentified
from religa.actions.money.cases import Case
from religa.actions.money.landing import Compared, Credited, Landed, SeenBefore, Unidentified
from religa.domain import balance, bank_money, deeds
from religa.domain.facts import Facts, Invoice, Method, Payment
from religa.domain.standing import Standing
from religa.ports.money import MoneySeen
from religa.records import charges, collecting, facts, locks, raw
from religa.records.accounts import Account
from religa.records.changes import Beside, PaymentDetails
from religa.records.charges import Target
from religa.records.loaded import Ask
from religa.records.queries import closings

_WAIVER = ("invoice_id", "kind", "amount", "at", "reason", "author")
_DATED = ("pix_cobv", "boleto", "boleto_pix", "carne")  # whose bank works out the fine and the interest
_SMALL, _SHARE = (
    2,
    1_000,
)  # a difference to our own sum is told from R$ 0.02 and a thousandth on (payments.md §6)


def credit(
    account: Account, seen: Sequence[MoneySeen], *, at: datetime, author: str = "", of_file: bool = False
) -> list[Landed]:
    """Books what has not landed yet, in the order in which it was paid; one outcome for each of `seen`.

    `of_file`: its records are kept beside the payments (`bank_record`), so that what is credited needs no sighting.
    Everything of the call stands or falls together. Money that names no charge of ours waits for a person. Where
    another system reports the account's payments, it is only written down.
    """
    with transaction.atomic(), collecting.paused():
        fresh = _not_seen(account, seen)
        known, doubtful = targets(account, fresh)
        if not account.is_ours:
            sightings.of_bank(account, seen, known, at=at)
            return [Compared(m.id) for m in seen]
        strange = {m.id: why for m in fresh if (why := _why_strange(account, m, known, doubtful))}
        landed: dict[str, Landed] = {i: Unidentified(i, why) for i, why in strange.items()}
        unidentified.keep(account, [(m, strange[m.id]) for m in fresh if m.id in strange], at=at)
        landed.update(_book(account, [(m, known[m.id]) for m in fresh if m.id not in strange], at, author))
        told = [m for m in seen if not (of_file and isinstance(landed.get(m.id), Credited))]
        sightings.of_bank(account, told, known, at=at)
        returns.take(account, [m for m in seen if m.returns], at=at)
    return [landed.get(m.id) or SeenBefore(m.id) for m in seen]


def _not_seen(account: Account, seen: Sequence[MoneySeen]) -> list[MoneySeen]:
    """Each once, oldest first. Of money of nobody only what is still open may find its contract now."""
    ids = raw.array(m.id for m in seen)
    there = {i for (i,) in raw.rows(_SEEN, {"p": account.provider_id, "a": account.id, "ids": ids})}
    once = {m.id: m for m in seen if m.id not in there and m.amount > 0}
    return sorted(once.values(), key=lambda m: (m.paid_at, m.id))


_SEEN = """
    SELECT external_id FROM payment WHERE provider_id = %(p)s AND external_id = ANY (%(ids)s::text[])
    UNION ALL SELECT external_id FROM unidentified_payment
               WHERE provider_id = %(p)s AND external_id = ANY (%(ids)s::text[]) AND resolved_at IS NOT NULL
    UNION ALL SELECT external_id FROM payment_sighting WHERE payment_account_id = %(a)s AND ledger = 'religa'
                 AND external_id = ANY (%(ids)s::text[]) AND payment_id IS NOT NULL
"""


def targets(account: Account, seen: Sequence[MoneySeen]) -> tuple[dict[str, Target], set[str]]:
    """Whose each is, by its id, and those whose number may be one of several charges'."""
    by_txid = charges.by_txid(account.provider_id, [m.txid for m in seen if m.txid])
    found = {m.id: by_txid[m.txid] for m in seen if m.txid in by_txid}
    titles = {m.id: (m.nosso_numero, _title_amount(m)) for m in seen if m.nosso_numero and m.id not in found}
    by_title, doubtful = charges.by_title(account, titles)
    return found | by_title, doubtful


def _title_amount(money: MoneySeen) -> int | None:
    return money.split.original if money.split is not None else None


def _why_strange(
    account: Account, money: MoneySeen, known: Mapping[str, Target], doubtful: Set[str]
) -> str | None:
    if money.key and account.pix_key and money.key.casefold() != account.pix_key.casefold():
        return "wrong_key"
    if money.id in known:
        return None
    if money.nosso_numero.strip("0"):
        return "ambiguous_title" if money.id in doubtful else "unknown_title"
    if money.method == Method.BOLETO:
        return "no_title"
    return "unknown_txid" if money.txid else "no_txid"


# -- booking --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Work:
    """One contract on its way: the facts as they become, and what is kept beside them."""

    standing: Standing
    details: dict[str, PaymentDetails] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)
    waivers: list[raw.Row] = field(default_factory=list)
    amount: int = 0
    last: str = ""


def _book(
    account: Account, money: Sequence[tuple[MoneySeen, Target]], at: datetime, author: str
) -> dict[str, Landed]:
    if not money:
        return {}
    contracts = sorted({target.contract for _, target in money})
    together = locks.lock(locks.sharing_invoices(contracts))
    unidentified.claim(account.provider_id, [m.id for m, _ in money])
    still = {m.id for m in _not_seen(account, [m for m, _ in money])}  # another worker may have been quicker
    merged = sightings.merge_with_other(account, [(m, t) for m, t in money if m.id in still], at=at)
    money = [(m, target) for m, target in money if m.id in still and m.id not in merged]
    loaded = facts.load(
        contracts, at, ask=Ask(invoices=[name for _, target in money for name in target.first])
    )
    works = {contract: _Work(evaluate_access.standing_of(one, at)) for contract, one in loaded.items()}
    told = twice_told.find(account, money, {c: work.standing.calendars for c, work in works.items()}, at)
    money = [(m, target) for m, target in money if m.id not in told]
    booked_on, had_money = (
        closings.open_day(account.id, "", at),
        charges.paid_before([t.charge for _, t in money]),
    )
    for seen, target in money:
        work = works[target.contract]
        _pay(work, seen, target, at, again=target.charge in had_money)
        work.details[seen.id] = _details(account, seen, target, booked_on)
        had_money.add(target.charge)
    judgements = [
        Judgement(
            loaded[contract],
            work.standing.facts,
            f"payment {work.last}",
            Beside(payments=work.details),
            seen=work.standing,
        )
        for contract, work in works.items()
        if work.details
    ]
    charges.mark_paid(
        [target.charge for _, target in money]
    )  # before their invoices have all others looked at
    written = evaluate_access.write(judgements, at=at, author=author or account.name)
    _decide_again([c for c in together if c not in works], at)
    raw.insert("waiver", _WAIVER, [row for work in works.values() for row in work.waivers])
    unidentified.found(account, {m.id: m.id for m, _ in money}, at=at)
    cases.open_cases(account.provider_id, [case for work in works.values() for case in work.cases], at)
    paid = {c: Paid(c, loaded[c].access, done.decision, works[c].amount) for c, done in written.items()}
    thank(list(paid.values()), at=at)
    return {m.id: Credited(m.id, t.contract, paid[t.contract].opened(at)) for m, t in money}


def _details(account: Account, seen: MoneySeen, target: Target, booked_on: date) -> PaymentDetails:
    return PaymentDetails(
        charge=target.charge,
        account=account.id,
        fee=seen.fee,
        credited_on=seen.credited_on,
        split=asdict(seen.split) if seen.split is not None else None,
        booked_on=booked_on,
    )


def _decide_again(contracts: Sequence[int], at: datetime) -> None:
    """Contracts that share an invoice with one that was paid."""
    if contracts:
        others = facts.load(contracts, at)
        evaluate_access.write([Judgement(o, o.facts, "shared invoice") for o in others.values()], at=at)


def _pay(work: _Work, seen: MoneySeen, target: Target, at: datetime, *, again: bool) -> None:
    """One payment on one contract. The bank's own sum settles what it was asked to settle."""
    standing = work.standing
    invoice = standing.facts.invoice(target.invoice)
    payment = Payment(seen.id, at, seen.paid_at, seen.amount, Method(seen.method))
    after = deeds.pay(standing, payment, first=target.first)
    if not isinstance(after, Facts):
        raise ValueError(f"payment {seen.id} cannot be booked: {after}")
    if invoice is not None and not again and _covers(target, invoice, seen):
        after = bank_money.settle_as_charged(standing.after(after), seen.id, target.invoice)
        work.waivers += _waiver(invoice, after, seen, at)
        work.cases += _difference(standing, invoice, seen, target)
    left = sum(lot.amount for lot in after.lots if lot.source == seen.id)
    work.cases += _left_over(invoice, seen, target, left, again=again)
    work.standing = standing.after(after)
    work.amount, work.last = work.amount + seen.amount, seen.id


def _waiver(before: Invoice, after: Facts, seen: MoneySeen, at: datetime) -> list[raw.Row]:
    """What the bank's sum left of the late charges by ours, as it is kept of every waiver."""
    now = after.invoice(before.id)
    amount = 0 if now is None else now.waived - before.waived
    return [(before.key, "bank_sum", amount, at, f"paid as charged: {seen.id}", "bank")] if amount else []


def _covers(target: Target, invoice: Invoice, seen: MoneySeen) -> bool:
    """Whether the charge asked for all of the invoice, and its bank worked out what lateness adds."""
    least = target.amount - (invoice.discount.amount if invoice.discount else 0) - _SMALL
    asked_for_all = target.amount >= balance.open_principal(invoice) > 0
    return target.kind in _DATED and target.scope == "invoice" and asked_for_all and seen.amount >= least


def _small(amount: int) -> int:
    return max(_SMALL, amount // _SHARE)


def _difference(standing: Standing, invoice: Invoice, seen: MoneySeen, target: Target) -> list[Case]:
    """The bank's sum and ours should agree; if not, somebody looks whose terms are wrong."""
    on = standing.calendars.day(seen.paid_at)
    ours = balance.owed(standing.calendars, standing.policy, invoice, on=on, method=Method(seen.method)).total
    if abs(ours - seen.amount) <= _small(seen.amount):
        return []
    detail = f"invoice {invoice.id}: paid {seen.amount}, by our sum {ours}"
    return [_case("amount_differs", seen, target, seen.amount - ours, detail)]


def _left_over(
    invoice: Invoice | None, seen: MoneySeen, target: Target, left: int, *, again: bool
) -> list[Case]:
    """Money that no invoice took is kept as credit, and somebody decides whether it goes back."""
    if left <= _small(seen.amount):
        return []
    settled = invoice is None or balance.open_principal(invoice) == 0
    if target.status == "removed" and settled:
        return [_case("paid_removed", seen, target, left)]
    return [_case("paid_twice" if again or settled else "overpaid", seen, target, left)]


def _case(kind: str, seen: MoneySeen, target: Target, amount: int, detail: str = "") -> Case:
    return Case(kind, seen.id, target.contract, seen.id, target.charge, amount=amount, detail=detail)


def parts(seen: Sequence[MoneySeen], size: int) -> list[list[MoneySeen]]:
    """A long list in parts, each for a transaction of its own; money on one charge stays together."""
    by_name: dict[str, list[MoneySeen]] = defaultdict(list)
    for money in seen:
        by_name[money.txid or money.nosso_numero or money.id].append(money)
    found: list[list[MoneySeen]] = [[]]
    for together in by_name.values():
        if len(found[-1]) >= size:
            found.append([])
        found[-1] += together
    return [part for part in found if part]

"""Replaces open invoices by instalments (acordo)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from religa.actions.carry_out import Done, carry_out
from religa.domain import balance, deeds, own_agreement
from religa.domain.facts import Facts, Invoice
from religa.domain.instalments import cut
from religa.domain.invoicing import Refused, refused
from religa.domain.own_agreement import Wish
from religa.domain.reasons import Refusal
from religa.domain.standing import Standing
from religa.records import accounts, ordering
from religa.records.loaded import Ask
from religa.records.ordering import Order


def agree(
    *,
    contract_id: int,
    agreement_id: str,
    invoices: Sequence[str],
    instalments: Sequence[tuple[date, int]],
    at: datetime,
    author: str = "",
) -> Done | Refused:
    """`instalments`: (due date, centavos). Access comes back when the first one is paid."""
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause=f"agreement {agreement_id}",
        deed=lambda standing: deeds.agree(standing, agreement_id, invoices, instalments, at),
        author=author,
        ask=Ask(invoices=tuple(invoices)),
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """What is wanted: `count` equal instalments after a down payment (centavos, 0: none), the first part due on a day.

    `late_charges`: the debt as it is today, with fine and interest; otherwise the principal alone.
    """

    count: int
    first_due: date
    down: int = 0
    late_charges: bool = True


@dataclass(frozen=True, slots=True)
class Cut:
    """The debt that is replaced and the parts it becomes."""

    invoices: tuple[str, ...]
    total: int
    parts: tuple[tuple[date, int], ...]


def cut_debt(standing: Standing, offer: Offer, at: datetime) -> Cut | Refused:
    """What an offer makes of everything that is late. Changes nothing."""
    today = standing.calendars.day(at)
    late = [i for i in _owing(standing) if i.due_date < today]
    if not late:
        return refused(Refusal.UNKNOWN_INVOICE)
    owed = [balance.owed(standing.calendars, standing.policy, i, on=today) for i in late]
    total = sum(o.total if offer.late_charges else o.principal for o in owed)
    try:
        parts = cut(total, count=offer.count, first_due=max(offer.first_due, today), down=offer.down)
    except ValueError:
        return refused(Refusal.NO_INSTALMENTS)
    return Cut(tuple(i.id for i in late), total, parts)


def _owing(standing: Standing) -> list[Invoice]:
    return [
        i
        for i in balance.oldest_first(standing.facts.invoices)
        if i.billed_here and i.closed is None and balance.open_principal(i) > 0
    ]


def agree_on_debt(
    *, contract_id: int, agreement_id: str, offer: Offer, at: datetime, author: str = ""
) -> Done | Refused:
    """Everything that is late becomes instalments, each with a charge on its way where an account collects.

    Charges of what is replaced are taken back at the bank by the charging worker; money on them is taken all the same.
    """

    def deed(standing: Standing) -> Facts | Refused:
        found = cut_debt(standing, offer, at)
        if isinstance(found, Refused):
            return found
        return deeds.agree(standing, agreement_id, found.invoices, found.parts, at)

    return _carry_out(contract_id, agreement_id, deed, at, author)


def agree_by_oneself(*, contract_id: int, agreement_id: str, wish: Wish, at: datetime) -> Done | Refused:
    """The subscriber's own agreement, as `domain.own_agreement` allows it; charges as above."""
    return _carry_out(
        contract_id, agreement_id, lambda now: own_agreement.agree(now, agreement_id, wish, at), at, ""
    )


def _carry_out(
    contract_id: int,
    agreement_id: str,
    deed: Callable[[Standing], Facts | Refused],
    at: datetime,
    author: str,
) -> Done | Refused:
    with transaction.atomic():
        cause = f"agreement {agreement_id}"
        done = carry_out(contract_id=contract_id, at=at, cause=cause, deed=deed, author=author)
        if isinstance(done, Done):
            _order_charges(done, agreement_id, at)
    return done


def _order_charges(done: Done, agreement_id: str, at: datetime) -> None:
    account = accounts.of_contract(done.contract_id)
    if account is None:
        return
    parts = [i for i in done.after.invoices if i.agreement == agreement_id and i.closed is None]
    wanted = [
        Order(i.key, balance.open_principal(i), i.due_date)
        for i in parts
        if i.key is not None and balance.open_principal(i) > 0
    ]
    ordering.order(account, wanted, at=at)

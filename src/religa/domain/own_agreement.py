"""An agreement that subscribers make by themselves: what of, in how many instalments, and what is paid at once.

Nobody at the provider looks at it first, so it is narrow: only out of a block, one at a time, within the policy's
numbers, and the first instalment is due today or tomorrow, because access comes back with it (RGC art. 78 § 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from religa.domain import balance, deeds, instalments
from religa.domain.balance import open_dispute, open_principal
from religa.domain.facts import Facts, Invoice, active
from religa.domain.invoicing import Refused, refused
from religa.domain.reasons import Refusal
from religa.domain.standing import Standing

__all__ = ["FEWEST", "LATEST_FIRST", "Plan", "Wish", "agree", "may_agree", "offers"]

FEWEST = 2  # one instalment is a payment
LATEST_FIRST = timedelta(days=1)
_WHOLE = 100_00


@dataclass(frozen=True, slots=True)
class Wish:
    """`count` instalments in all, the first due on a civil day."""

    count: int
    first_due: date


@dataclass(frozen=True, slots=True)
class Plan:
    """The invoices that are replaced, what they come to today, and the parts: (due date, centavos)."""

    invoices: tuple[str, ...]
    total: int
    parts: tuple[tuple[date, int], ...]


def may_agree(standing: Standing, wish: Wish, at: datetime) -> Plan | Refused:
    """What a wish makes of all that is late and not contested, with today's late charges; or every reason why not."""
    alone = _answers_alone(standing, at)
    if alone is not None:
        return refused(alone)
    late = _late(standing, at)
    whys = [*_debt(standing, late), *_wish(standing, wish, at)]
    if whys:
        return Refused(tuple(whys))
    today = standing.calendars.day(at)
    total = sum(balance.owed(standing.calendars, standing.policy, i, on=today).total for i in late)
    plan = _cut(standing, late, total, wish)
    if plan is None or min(amount for _, amount in plan.parts) < standing.policy.own_agreement_min_instalment:
        return refused(Refusal.INSTALMENT_TOO_SMALL)
    return plan


def offers(standing: Standing, first_due: date, at: datetime) -> Sequence[Plan]:
    """Every plan that may be agreed on, fewest instalments first."""
    counts = range(FEWEST, standing.policy.own_agreement_max_instalments + 1)
    found = (may_agree(standing, Wish(count, first_due), at) for count in counts)
    return [plan for plan in found if isinstance(plan, Plan)]


def agree(standing: Standing, agreement_id: str, wish: Wish, at: datetime) -> Facts | Refused:
    """Replaces the debt by instalments, if that is allowed."""
    plan = may_agree(standing, wish, at)
    if isinstance(plan, Refused):
        return plan
    return deeds.agree(standing, agreement_id, plan.invoices, plan.parts, at)


def _answers_alone(standing: Standing, at: datetime) -> Refusal | None:
    facts = standing.facts
    if facts.terminated_at is not None:
        return Refusal.TERMINATED
    if standing.policy.own_agreement_max_instalments < FEWEST:
        return Refusal.AGREEMENT_OFF
    if active(facts.operator_blocks, at):
        return Refusal.OPERATOR_BLOCK
    return Refusal.NOT_SUSPENDED if standing.standing_episode(at) is None else None


def _late(standing: Standing, at: datetime) -> list[Invoice]:
    """Invoices past their effective due date, oldest first, without those that are contested as a whole."""
    owing = {c.invoice.id for c in standing.late(at) if c.principal.undisputed > 0}
    return [
        i
        for i in balance.oldest_first(standing.facts.invoices)
        if i.id in owing and i.billed_here and open_principal(i) > 0
    ]


def _debt(standing: Standing, late: Sequence[Invoice]) -> list[Refusal]:
    unpaid = {i.agreement for i in standing.facts.invoices if i.closed is None and open_principal(i) > 0}
    checks = [
        (not late, Refusal.NOTHING_LATE),
        # what is agreed on is contested no more: nobody gives that up by a tap
        (any(open_dispute(i) is not None for i in late), Refusal.ALREADY_DISPUTED),
        (any(a.id in unpaid for a in standing.facts.agreements), Refusal.AGREEMENT_OPEN),
    ]
    return [why for applies, why in checks if applies]


def _wish(standing: Standing, wish: Wish, at: datetime) -> list[Refusal]:
    today = standing.calendars.day(at)
    checks = [
        (
            not FEWEST <= wish.count <= standing.policy.own_agreement_max_instalments,
            Refusal.TOO_MANY_INSTALMENTS,
        ),
        (not today <= wish.first_due <= today + LATEST_FIRST, Refusal.FIRST_INSTALMENT_DAY),
    ]
    return [why for applies, why in checks if applies]


def _cut(standing: Standing, late: Sequence[Invoice], total: int, wish: Wish) -> Plan | None:
    """The first part is the policy's share of the debt, or an equal part where that is more. None: it cannot be cut."""
    down = -(-total * standing.policy.own_agreement_first_percent // _WHOLE)
    equal = down * wish.count <= total
    try:
        parts = instalments.cut(
            total,
            count=wish.count if equal else wish.count - 1,
            first_due=wish.first_due,
            down=0 if equal else down,
        )
    except ValueError:
        return None
    return Plan(tuple(i.id for i in late), total, parts)

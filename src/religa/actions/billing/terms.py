"""How a provider bills, and from when to when a contract is billed here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from religa.domain.billing import CHARGED_WITHIN, Impossible, Problem, Rule
from religa.domain.facts import Segment
from religa.records import locks
from religa.records.errors import naming
from religa.records.models import BillingRule, Contract, ContractBilling


@dataclass(frozen=True, slots=True)
class Terms:
    """`price` None: the plan's. `discount`: centavos off each month that begins by `discount_until` (None: no end)."""

    since: date
    price: int | None = None
    discount: int = 0
    discount_until: date | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """The contract is billed here; `price` centavos a month before the discount."""

    since: date
    price: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """`until` is the last day charged; what was charged beyond it is given back by the next run after it."""

    until: date


def set_rule(*, provider_id: int, rule: Rule, at: datetime, author: str) -> None:
    """Holds for invoices made from now on. Raises `records.errors.Broken` for numbers beyond the law's limits."""
    with transaction.atomic(), naming():
        BillingRule.objects.update_or_create(
            provider_id=provider_id,
            defaults={**asdict(rule), "author": author},
            create_defaults={**asdict(rule), "author": author, "since": at.date()},
        )


def start(*, contract_id: int, terms: Terms, at: datetime, author: str) -> Started | Impossible:
    """Bills a contract here from a day on, or changes what is asked of it. Months billed already stay as they are."""
    with transaction.atomic():
        contract = _locked(contract_id)
        problems = tuple(_problems(contract, terms, at))
        if problems:
            return Impossible(problems)
        ContractBilling.objects.update_or_create(
            contract_id=contract_id, defaults={**asdict(terms), "until": None, "author": author}
        )
    return Started(terms.since, _price(contract, terms))


def stop(*, contract_id: int, until: date, author: str) -> Stopped | Impossible:
    """Ends the billing here with a day, which is still charged; it may lie behind us."""
    with transaction.atomic():
        locks.lock([contract_id])
        found = ContractBilling.objects.filter(contract_id=contract_id).first()
        if found is None:
            return Impossible((Problem.NOT_BILLED,))
        if until < found.since:
            return Impossible((Problem.BEFORE_START,))
        found.until, found.author = until, author
        found.save(update_fields=["until", "author"])
    return Stopped(until)


def _locked(contract_id: int) -> Contract:
    locks.lock([contract_id])
    return Contract.objects.select_related("plan", "provider").get(pk=contract_id)


def _price(contract: Contract, terms: Terms) -> int:
    of_plan: int = contract.plan.price if contract.plan else 0
    return of_plan if terms.price is None else terms.price


def _problems(contract: Contract, terms: Terms, at: datetime) -> Iterator[Problem]:
    today, price = at.astimezone(ZoneInfo(contract.provider.zone)).date(), _price(contract, terms)
    wrong = {
        Problem.NO_RULE: not BillingRule.objects.filter(provider_id=contract.provider_id).exists(),
        Problem.NO_DUE_DAY: contract.due_day is None,
        Problem.NO_PRICE: price <= 0,
        Problem.COURTESY: contract.segment == Segment.COURTESY.value,
        Problem.TERMINATED: contract.terminated_at is not None,
        Problem.TOO_EARLY: terms.since < today - CHARGED_WITHIN,
        Problem.DISCOUNT_TOO_LARGE: terms.discount >= price > 0,
    }
    return (problem for problem, holds in wrong.items() if holds)

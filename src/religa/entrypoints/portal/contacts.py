"""Whom to call: the provider's numbers with their real hours, some of them for companies or for homes alone."""

from __future__ import annotations

from dataclasses import dataclass

from religa.domain.facts import Segment
from religa.records.models import Contract, Provider

_COMPANY = (Segment.COMPANY.value, Segment.PUBLIC.value)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as it is printed, and the hours in which somebody answers. `always`: day and night."""

    number: str
    hours: str
    always: bool


def is_company(contract: Contract) -> bool:
    """Whether its pages are "para empresas"; public bodies read them, too."""
    return contract.segment in _COMPANY


def phones(provider: Provider | None, *, company: bool) -> list[Phone]:
    """Those for this kind of contract before those for all, and of each the one that is answered day and night first.

    A number of `provider.phones` may say `"for": "company"` or `"home"`; without it, it is everybody's.
    """
    own, other = ("company", "home") if company else ("home", "company")
    kept = [p for p in (provider.phones if provider else []) if p.get("for") != other]
    found = [
        (p.get("for") != own, Phone(str(p["number"]), str(p.get("hours", "")), _is_always(p))) for p in kept
    ]
    return [phone for _, phone in sorted(found, key=lambda one: (one[0], not one[1].always))]


def _is_always(phone: dict[str, str]) -> bool:
    return "24" in phone.get("hours", "")

"""The provider's numbers: typed, frozen, validated against the hard limits of the chosen preset.

Amounts are integer centavos, percentages hundredths of a percent, hours minutes of the civil day. A policy is never
edited: `change` makes the next version, or says which limits refuse it and by which article.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from religa.domain import policy_fields as reading
from religa.domain.facts import Channel, Role, UnlockKind, WaiverKind
from religa.domain.instalments import MOST as MOST_INSTALMENTS
from religa.domain.policy_fields import Hours, Unreadable

__all__ = ["Hours", "Policy", "PolicyRefused", "Preset", "Violation", "change", "preset"]


class Preset(StrEnum):
    """`anatel-rgc-2025-ppp5k` is for providers of up to 5,000 accesses; `custom` has no hard limits."""

    RGC_2025 = "anatel-rgc-2025"
    PPP5K = "anatel-rgc-2025-ppp5k"
    CUSTOM = "custom"


class PartialPayment(StrEnum):
    """Which payment leaves `blocked`."""

    ALL_NOTIFIED = "all_notified"
    ALL_LATE = "all_late"
    ALL_OPEN = "all_open"
    PERCENT = "percent"
    BELOW_TRIGGER = "below_trigger"


class ClockStart(StrEnum):
    """What starts the notice's days."""

    DELIVERED_OR_SENT = "delivered_or_sent"
    DELIVERED = "delivered"


class TrustWhen(StrEnum):
    BLOCKED = "blocked"
    LATE_OR_BLOCKED = "late_or_blocked"
    OFF = "off"


class BlockPageUnlock(StrEnum):
    """What the block page asks before it answers for trust: it knows an address, not a person."""

    DIGITS = "digits"
    CODE = "code"
    OFF = "off"


_BUSINESS = Hours(9 * 60, 17 * 60)
_WEEKDAY_CONTACT = Hours(9 * 60, 19 * 60)
_SATURDAY_CONTACT = Hours(9 * 60, 13 * 60)


@dataclass(frozen=True, slots=True)
class Policy:
    """Every number of the loop; docs/scenarios.md says what each means."""

    preset: Preset = Preset.RGC_2025
    invoice_lead_days: int = 10
    notice_after_due_days: int = 1
    notice_min_debt: int = 1
    notice_required_for_block: bool = True
    notice_clock_start: ClockStart = ClockStart.DELIVERED_OR_SENT
    reminders: tuple[int, ...] = (-5, -1)
    pre_block_warning_days: int = 1
    block_after_notice_days: int = 15
    block_after_due_days: int | None = None
    block_weekdays: frozenset[int] = frozenset({0, 1, 2, 3})
    block_hours: Hours = _BUSINESS
    block_on_holiday_or_eve: bool = False
    no_business_calendar: bool = False
    contact_hours: tuple[Hours | None, ...] = (*[_WEEKDAY_CONTACT] * 5, _SATURDAY_CONTACT, None)
    min_debt_to_block: int = 20_00
    min_unpaid_invoices_to_block: int = 1
    partial_payment: PartialPayment = PartialPayment.ALL_NOTIFIED
    partial_payment_percent: int | None = None
    restore_tolerance: int = 1_00
    reduced_after_notice_days: int | None = None
    lock_after_due_days: int | None = None
    lock_after_blocked_days: int | None = None
    trust_when: TrustWhen = TrustWhen.BLOCKED
    trust_kinds: frozenset[UnlockKind] = frozenset(UnlockKind)
    trust_channels: frozenset[Channel] = frozenset(Channel)
    trust_unlock_days: int = 3
    trust_paid_already_bank_days: int = 2
    trust_max_promise_days: int = 7
    trust_max_slide_days: int = 7
    trust_max_per_episode: int | None = 1
    trust_max_per_window: int | None = 1
    trust_window_days: int = 30
    trust_cooldown_after_broken_days: int = 90
    trust_cooldown_after_late_days: int = 30
    trust_late_grace_days: int = 3
    trust_requires_previous_paid: bool = True
    trust_debt_ceiling: int | None = None
    trust_max_late_invoices: int | None = None
    trust_min_contract_days: int = 0
    final_block_after_broken_trusts: int | None = 1
    pay_window_minutes: int = 15
    pay_window_per_day: int = 2
    pay_window_per_episode: int = 4
    block_page_shows_amount: bool = True
    block_page_unlock: BlockPageUnlock = BlockPageUnlock.DIGITS
    block_page_digits: int = 4
    bill_while_blocked: bool = False
    dispute_answer_days: int = 30
    part_payment_min: int | None = 20_00
    own_agreement_max_instalments: int = 0
    own_agreement_first_percent: int = 20_00
    own_agreement_min_instalment: int = 20_00
    termination_after_blocked_days: int = 75
    termination_notice_days: int = 15
    fine_pct: int = 200
    interest_pct_month: int = 100
    waiver_ceiling_agent: int = 50_00
    waiver_ceiling_finance: int = 100_00
    waiver_ceiling_manager: int = 100_00
    settlement_discount_ceiling_agent: int = 0
    settlement_discount_ceiling_finance: int = 10_00
    settlement_discount_ceiling_manager: int = 50_00
    payment_feed_max_age_hours: int = 30
    fallback_after_minutes: int = 240

    @property
    def outside_rgc(self) -> bool:
        """Whether pages must carry the banner "outside Anatel's RGC"."""
        return self.preset is Preset.CUSTOM

    def ceiling(self, kind: WaiverKind, role: Role) -> int:
        """How much of an invoice's late charges, or of its open principal, a person may forgive; hundredths of a
        percent."""
        field = "settlement_discount_ceiling" if kind is WaiverKind.SETTLEMENT else "waiver_ceiling"
        return int(getattr(self, f"{field}_{role.value}"))


@dataclass(frozen=True, slots=True)
class Violation:
    """One number beyond its limit: `field`, the reader's `value`, the `limit` in words and its `source`."""

    field: str
    value: str
    limit: str
    source: str

    def __str__(self) -> str:
        return f"{self.field}: {self.value} is not allowed, must be {self.limit} ({self.source})"


@dataclass(frozen=True, slots=True)
class PolicyRefused:
    violations: tuple[Violation, ...]


def preset(name: Preset) -> Policy:
    return Policy(preset=name)


def change(policy: Policy, overrides: Mapping[str, Any]) -> Policy | PolicyRefused:
    """The next version of a policy, or every reason why it is refused.

    `overrides` are the fields as people write them (amounts in reais, hours as "09:00-17:00"); `preset` may be
    among them and then the other values are judged by its limits.
    """
    values, violations = _read(overrides)
    changed = replace(policy, **values)
    violations += _impossible(changed) + _beyond_limits(changed)
    return PolicyRefused(tuple(violations)) if violations else changed


def _read(overrides: Mapping[str, Any]) -> tuple[dict[str, Any], list[Violation]]:
    values: dict[str, Any] = {}
    violations = []
    for name, written in overrides.items():
        reader = _READERS.get(name)
        if reader is None:
            violations.append(
                Violation(name, repr(written), f"one of {', '.join(_READERS)}", "unknown field")
            )
            continue
        try:
            values[name] = reader(written)
        except Unreadable as why:
            violations.append(Violation(name, repr(written), str(why), "docs/scenarios.md"))
    return values, violations


_WAIVER_CEILINGS = tuple(f"waiver_ceiling_{role.value}" for role in Role)
_DISCOUNT_CEILINGS = tuple(f"settlement_discount_ceiling_{role.value}" for role in Role)
_PERCENTAGES = ("fine_pct", "interest_pct_month", *_WAIVER_CEILINGS, *_DISCOUNT_CEILINGS,
                "own_agreement_first_percent")  # fmt: skip
_READERS: dict[str, reading.Reader] = {
    "preset": reading.choice(Preset),
    "block_hours": reading.hours,
    "block_weekdays": reading.weekdays,
    "contact_hours": reading.contact_hours,
    "reminders": reading.whole_list,
    "notice_clock_start": reading.choice(ClockStart),
    "partial_payment": reading.choice(PartialPayment),
    "trust_when": reading.choice(TrustWhen),
    "block_page_unlock": reading.choice(BlockPageUnlock),
    "trust_kinds": reading.choices(UnlockKind),
    "trust_channels": reading.choices(Channel),
    **dict.fromkeys(_PERCENTAGES, reading.percent),
    **dict.fromkeys(
        ("notice_min_debt", "min_debt_to_block", "restore_tolerance", "own_agreement_min_instalment"), reading.amount
    ),
    **dict.fromkeys(("trust_debt_ceiling", "part_payment_min"), reading.optional(reading.amount)),
    **dict.fromkeys(
        (
            "block_after_due_days", "reduced_after_notice_days", "lock_after_due_days", "lock_after_blocked_days",
            "partial_payment_percent", "trust_max_per_episode", "trust_max_per_window", "trust_max_late_invoices",
            "final_block_after_broken_trusts",
        ),
        reading.optional(reading.whole),
    ),
}  # fmt: skip
_READERS |= {
    f.name: reading.truth if f.type == "bool" else reading.whole
    for f in fields(Policy)
    if f.name not in _READERS
}


def _impossible(policy: Policy) -> list[Violation]:
    """Values that make no sense under any preset."""
    rules = [
        (bool(policy.block_weekdays), "block_weekdays", "at least one weekday"),
        (
            policy.block_on_holiday_or_eve or bool(policy.block_weekdays & {0, 1, 2, 3}),
            "block_weekdays",
            "a day that is neither closed nor the eve of a closed day (mon to thu), or block_on_holiday_or_eve",
        ),
        (any(policy.contact_hours), "contact_hours", "open on at least one day"),
        (
            policy.partial_payment is not PartialPayment.PERCENT
            or 0 < (policy.partial_payment_percent or 0) <= 100,
            "partial_payment_percent",
            "1 to 100 where partial_payment is percent",
        ),
        (all(offset < 0 for offset in policy.reminders), "reminders", "days before the due date, as -5"),
        (policy.trust_unlock_days >= 1, "trust_unlock_days", "at least 1"),
        (3 <= policy.block_page_digits <= 8, "block_page_digits", "3 to 8"),
        (
            policy.own_agreement_max_instalments <= MOST_INSTALMENTS,
            "own_agreement_max_instalments",
            f"at most {MOST_INSTALMENTS}",
        ),
        (policy.own_agreement_first_percent < 100_00, "own_agreement_first_percent", "less than 100.00"),
        (policy.own_agreement_min_instalment >= 1, "own_agreement_min_instalment", "at least 0.01"),
        *((getattr(policy, name) <= 100_00, name, "at most 100.00") for name in _WAIVER_CEILINGS),
        *((getattr(policy, name) <= 100_00, name, "at most 100.00") for name in _DISCOUNT_CEILINGS),
    ]
    broken = [(name, limit) for holds, name, limit in rules if not holds]
    return [Violation(name, str(_shown(policy, name)), limit, "cannot work") for name, limit in broken]


def _shown(policy: Policy, name: str) -> object:
    value = getattr(policy, name)
    if name in _PERCENTAGES:
        return f"{value // 100}.{value % 100:02}"
    return sorted(value) if isinstance(value, frozenset) else value


def _beyond_limits(policy: Policy) -> list[Violation]:
    if policy.preset is Preset.CUSTOM:
        return []
    small = policy.preset is Preset.PPP5K
    own = "Religa's prudence"
    days_to_block, days_to_end = (5, 30) if small else (15, 60)
    block_source = "prior notice, RGC art. 4 VIII" if small else "RGC art. 70"
    end_source = own if small else "RGC art. 73"
    limits = [
        ("invoice_lead_days", policy.invoice_lead_days >= 5, "at least 5", "RGC art. 54 § 1"),
        ("notice_after_due_days", policy.notice_after_due_days >= 1, "at least 1", "RGC art. 70"),
        ("notice_required_for_block", policy.notice_required_for_block, "true", "RGC arts. 4 VIII and 70"),
        (
            "block_after_notice_days",
            policy.block_after_notice_days >= days_to_block,
            f"at least {days_to_block}",
            block_source,
        ),
        ("trust_unlock_days", policy.trust_unlock_days <= 7, "1 to 7", own),
        (
            "termination_after_blocked_days",
            policy.termination_after_blocked_days >= days_to_end,
            f"at least {days_to_end}",
            end_source,
        ),
        ("own_agreement_max_instalments", policy.own_agreement_max_instalments <= 12, "0 to 12", own),
        ("own_agreement_first_percent", policy.own_agreement_first_percent >= 10_00, "at least 10.00", own),
        ("fine_pct", policy.fine_pct <= 200, "at most 2.00", "RGC art. 78 § 1, CDC art. 52 § 1"),
        ("interest_pct_month", policy.interest_pct_month <= 100, "at most 1.00", "RGC art. 78 § 1"),
        *(
            (name, getattr(policy, name) <= most * 100, f"at most {most}.00", own)
            for name, most in zip(_DISCOUNT_CEILINGS, (20, 50, 90), strict=True)
        ),
    ]
    return [
        Violation(name, str(_shown(policy, name)), limit, source)
        for name, holds, limit, source in limits
        if not holds
    ]

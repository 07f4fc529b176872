"""The provider's numbers: what may be written, what is refused, and by which article."""

from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest

from religa.domain import policy as policies
from religa.domain.facts import Channel, UnlockKind
from religa.domain.policy import Hours, PartialPayment, Policy, PolicyRefused, Preset, TrustWhen

RGC, SMALL, CUSTOM = (policies.preset(name) for name in Preset)

# A value that is not the default, as people write it, and what it is read as.
WRITTEN: dict[str, tuple[Any, Any]] = {
    "preset": ("custom", Preset.CUSTOM),
    "invoice_lead_days": (7, 7),
    "notice_after_due_days": (3, 3),
    "notice_min_debt": ("5.00", 5_00),
    "notice_required_for_block": (True, True),
    "notice_clock_start": ("delivered", policies.ClockStart.DELIVERED),
    "reminders": ([-1, -3, -7], (-7, -3, -1)),
    "pre_block_warning_days": (2, 2),
    "block_after_notice_days": (20, 20),
    "block_after_due_days": (30, 30),
    "block_weekdays": (["mon", "wed-thu"], frozenset({0, 2, 3})),
    "block_hours": ("08:30-12:00", Hours(510, 720)),
    "block_on_holiday_or_eve": (True, True),
    "no_business_calendar": (True, True),
    "fallback_after_minutes": (60, 60),
    "contact_hours": ({"mon-tue": "10:00-24:00"}, (Hours(600, 1440), Hours(600, 1440), *[None] * 5)),
    "min_debt_to_block": ("50.00", 50_00),
    "min_unpaid_invoices_to_block": (2, 2),
    "partial_payment": ("all_late", PartialPayment.ALL_LATE),
    "partial_payment_percent": (50, 50),
    "restore_tolerance": ("0.05", 5),
    "reduced_after_notice_days": (5, 5),
    "lock_after_due_days": (60, 60),
    "lock_after_blocked_days": (30, 30),
    "trust_when": (False, TrustWhen.OFF),
    "trust_kinds": (["promise"], frozenset({UnlockKind.PROMISE})),
    "trust_channels": (["ura", "agent"], frozenset({Channel.URA, Channel.AGENT})),
    "trust_unlock_days": (7, 7),
    "trust_paid_already_bank_days": (3, 3),
    "trust_max_promise_days": (10, 10),
    "trust_max_slide_days": (2, 2),
    "trust_max_per_episode": (None, None),
    "trust_max_per_window": (2, 2),
    "trust_window_days": (60, 60),
    "trust_cooldown_after_broken_days": (30, 30),
    "trust_cooldown_after_late_days": (10, 10),
    "trust_late_grace_days": (5, 5),
    "trust_requires_previous_paid": (False, False),
    "trust_debt_ceiling": ("500.00", 500_00),
    "trust_max_late_invoices": (2, 2),
    "trust_min_contract_days": (90, 90),
    "final_block_after_broken_trusts": (None, None),
    "pay_window_minutes": (30, 30),
    "pay_window_per_day": (1, 1),
    "pay_window_per_episode": (8, 8),
    "block_page_shows_amount": (False, False),
    "block_page_unlock": ("code", policies.BlockPageUnlock.CODE),
    "block_page_digits": (6, 6),
    "bill_while_blocked": (True, True),
    "dispute_answer_days": (20, 20),
    "part_payment_min": (None, None),
    "own_agreement_max_instalments": (4, 4),
    "own_agreement_first_percent": ("33.00", 33_00),
    "own_agreement_min_instalment": ("50.00", 50_00),
    "termination_after_blocked_days": (90, 90),
    "termination_notice_days": (20, 20),
    "fine_pct": ("1.50", 150),
    "interest_pct_month": ("0.99", 99),
    "payment_feed_max_age_hours": (48, 48),
    "waiver_ceiling_agent": ("20.00", 20_00),
    "waiver_ceiling_finance": ("80.00", 80_00),
    "waiver_ceiling_manager": ("99.99", 99_99),
    "settlement_discount_ceiling_agent": ("5.00", 5_00),
    "settlement_discount_ceiling_finance": (0, 0),
    "settlement_discount_ceiling_manager": ("30.00", 30_00),
}


def test_every_field_of_a_policy_has_a_way_to_be_written() -> None:
    assert set(WRITTEN) == {f.name for f in fields(Policy)}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_written_value_is_read_and_nothing_else_changes(name: str) -> None:
    written, value = WRITTEN[name]
    changed = policies.change(RGC, {name: written})
    assert isinstance(changed, Policy)
    assert getattr(changed, name) == value
    assert all(getattr(changed, f.name) == getattr(RGC, f.name) for f in fields(Policy) if f.name != name)


def test_a_policy_is_never_edited() -> None:
    with pytest.raises(FrozenInstanceError):
        RGC.fine_pct = 0  # type: ignore[misc]
    before = policies.preset(Preset.RGC_2025)
    policies.change(RGC, {"fine_pct": "1.00"})
    assert before == RGC


def test_the_defaults_are_those_of_the_documentation() -> None:
    defaults = {
        "invoice_lead_days": 10, "notice_after_due_days": 1, "notice_min_debt": 1, "reminders": (-5, -1),
        "pre_block_warning_days": 1, "block_after_notice_days": 15, "block_after_due_days": None,
        "block_weekdays": frozenset({0, 1, 2, 3}), "block_hours": Hours(540, 1020), "min_debt_to_block": 20_00,
        "partial_payment": PartialPayment.ALL_NOTIFIED, "restore_tolerance": 1_00, "trust_unlock_days": 3,
        "trust_paid_already_bank_days": 2, "trust_max_promise_days": 7, "trust_max_slide_days": 7,
        "trust_max_per_episode": 1, "trust_max_per_window": 1, "trust_window_days": 30,
        "trust_cooldown_after_broken_days": 90, "trust_cooldown_after_late_days": 30, "trust_late_grace_days": 3,
        "final_block_after_broken_trusts": 1, "pay_window_minutes": 15, "pay_window_per_day": 2,
        "pay_window_per_episode": 4, "block_page_shows_amount": True, "block_page_digits": 4,
        "block_page_unlock": policies.BlockPageUnlock.DIGITS, "dispute_answer_days": 30, "termination_after_blocked_days": 75,
        "termination_notice_days": 15, "fine_pct": 200, "interest_pct_month": 100, "payment_feed_max_age_hours": 30,
        "fallback_after_minutes": 240,
        "min_unpaid_invoices_to_block": 1, "notice_required_for_block": True, "block_on_holiday_or_eve": False,
        "no_business_calendar": False, "trust_requires_previous_paid": True, "bill_while_blocked": False,
        "notice_clock_start": policies.ClockStart.DELIVERED_OR_SENT, "trust_when": TrustWhen.BLOCKED,
        "trust_kinds": frozenset(UnlockKind), "trust_channels": frozenset(Channel),
        "waiver_ceiling_agent": 50_00, "waiver_ceiling_finance": 100_00, "waiver_ceiling_manager": 100_00,
        "settlement_discount_ceiling_agent": 0, "settlement_discount_ceiling_finance": 10_00,
        "settlement_discount_ceiling_manager": 50_00,
        "part_payment_min": 20_00, "own_agreement_max_instalments": 0, "own_agreement_first_percent": 20_00,
        "own_agreement_min_instalment": 20_00,
    }  # fmt: skip
    unset = {"partial_payment_percent", "reduced_after_notice_days", "lock_after_due_days", "lock_after_blocked_days",
             "trust_debt_ceiling", "trust_max_late_invoices", "block_after_due_days"}  # fmt: skip
    assert {name: getattr(RGC, name) for name in defaults} == defaults
    assert {name for name in WRITTEN if getattr(RGC, name) is None} == unset
    assert set(WRITTEN) - set(defaults) - unset == {"preset", "contact_hours", "trust_min_contract_days"}
    assert RGC.trust_min_contract_days == 0
    assert [str(h) for h in RGC.contact_hours if h] == ["09:00-19:00"] * 5 + ["09:00-13:00"]
    assert RGC.contact_hours[6] is None


@pytest.mark.parametrize("name", Preset)
def test_presets_differ_in_their_limits_and_not_in_their_values(name: Preset) -> None:
    assert policies.preset(name) == replace(RGC, preset=name)
    assert policies.change(policies.preset(name), {}) == policies.preset(name)


# -- hard limits ------------------------------------------------------------------------------------------------

LIMITS = [
    # field, the last value allowed, the first refused, the article; for the two presets with limits
    (RGC, "invoice_lead_days", 5, 4, "RGC art. 54"),
    (RGC, "notice_after_due_days", 1, 0, "RGC art. 70"),
    (RGC, "notice_required_for_block", True, False, "RGC arts. 4 VIII and 70"),
    (RGC, "block_after_notice_days", 15, 14, "RGC art. 70"),
    (SMALL, "block_after_notice_days", 5, 4, "RGC art. 4 VIII"),
    (RGC, "trust_unlock_days", 7, 8, "prudence"),
    (RGC, "termination_after_blocked_days", 60, 59, "RGC art. 73"),
    (SMALL, "termination_after_blocked_days", 30, 29, "prudence"),
    (RGC, "fine_pct", "2.00", "2.01", "CDC art. 52"),
    (RGC, "interest_pct_month", "1.00", "1.01", "RGC art. 78"),
    (SMALL, "fine_pct", "2.00", "2.01", "CDC art. 52"),
    (SMALL, "notice_required_for_block", True, False, "RGC arts. 4 VIII and 70"),
    (SMALL, "invoice_lead_days", 5, 4, "RGC art. 54"),
    (SMALL, "notice_after_due_days", 1, 0, "RGC art. 70"),
    (SMALL, "trust_unlock_days", 7, 8, "prudence"),
    (SMALL, "interest_pct_month", "1.00", "1.01", "RGC art. 78"),
    (RGC, "settlement_discount_ceiling_agent", "20.00", "20.01", "prudence"),
    (SMALL, "settlement_discount_ceiling_finance", "50.00", "50.01", "prudence"),
    (RGC, "settlement_discount_ceiling_manager", "90.00", "90.01", "prudence"),
]


@pytest.mark.parametrize(("policy", "name", "allowed", "refused", "article"), LIMITS)
def test_beyond_a_hard_limit_a_policy_is_refused_with_its_article(
    policy: Policy, name: str, allowed: Any, refused: Any, article: str
) -> None:
    assert isinstance(policies.change(policy, {name: allowed}), Policy)
    answer = policies.change(policy, {name: refused})
    assert isinstance(answer, PolicyRefused)
    [violation] = answer.violations
    assert violation.field == name
    assert article in violation.source
    assert name in str(violation) and violation.limit in str(violation)


@pytest.mark.parametrize(("policy", "name", "allowed", "refused", "article"), LIMITS)
def test_custom_has_no_hard_limits_and_a_banner(
    policy: Policy, name: str, allowed: Any, refused: Any, article: str
) -> None:
    changed = policies.change(policy, {"preset": "custom", name: refused})
    assert isinstance(changed, Policy) and changed.outside_rgc
    assert not RGC.outside_rgc and not SMALL.outside_rgc


def test_going_back_to_a_preset_is_judged_by_its_limits() -> None:
    lenient = policies.change(CUSTOM, {"block_after_notice_days": 2})
    assert isinstance(lenient, Policy)
    back = policies.change(lenient, {"preset": "anatel-rgc-2025"})
    assert isinstance(back, PolicyRefused)
    assert [v.field for v in back.violations] == ["block_after_notice_days"]


def test_every_violation_is_said_at_once() -> None:
    answer = policies.change(RGC, {"fine_pct": "5.00", "block_after_notice_days": 1, "unheard_of": 1})
    assert isinstance(answer, PolicyRefused)
    assert {v.field for v in answer.violations} == {"fine_pct", "block_after_notice_days", "unheard_of"}


def test_a_violation_is_told_in_the_units_people_write() -> None:
    answer = policies.change(RGC, {"fine_pct": "2.05", "block_after_notice_days": 14})
    assert isinstance(answer, PolicyRefused)
    assert sorted(str(v) for v in answer.violations) == [
        "block_after_notice_days: 14 is not allowed, must be at least 15 (RGC art. 70)",
        "fine_pct: 2.05 is not allowed, must be at most 2.00 (RGC art. 78 § 1, CDC art. 52 § 1)",
    ]


# -- what cannot be read, or cannot work ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("min_debt_to_block", 20, 20_00),
        ("min_debt_to_block", 20.5, 20_50),
        ("min_debt_to_block", "0.01", 1),
        ("min_debt_to_block", "0", 0),
        ("fine_pct", 2, 200),
        ("fine_pct", "0.5", 50),
        ("block_hours", "9:00 - 17:00", Hours(540, 1020)),
        ("block_hours", "00:00-24:00", Hours(0, 1440)),
        ("block_weekdays", "mon-wed", frozenset({0, 1, 2})),
        ("trust_when", "off", TrustWhen.OFF),
        ("trust_debt_ceiling", None, None),
    ],
)
def test_amounts_are_read_as_centavos_percentages_as_hundredths_and_hours_as_minutes(
    name: str, written: Any, value: Any
) -> None:
    changed = policies.change(RGC, {name: written})
    assert isinstance(changed, Policy) and getattr(changed, name) == value


def test_an_unknown_field_is_refused_with_the_names_there_are() -> None:
    answer = policies.change(CUSTOM, {"block_after_day": 3})
    assert isinstance(answer, PolicyRefused)
    [violation] = answer.violations
    assert (violation.field, violation.value, violation.source) == ("block_after_day", "3", "unknown field")
    assert "block_after_due_days" in violation.limit


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("trust_unlock_days", "3"),
        ("trust_unlock_days", True),
        ("trust_unlock_days", -1),
        ("trust_unlock_days", 1.5),
        ("trust_unlock_days", None),
        ("no_business_calendar", "yes"),
        ("no_business_calendar", 1),
        ("min_debt_to_block", "20,00"),
        ("min_debt_to_block", "20.001"),
        ("min_debt_to_block", "-1.00"),
        ("min_debt_to_block", True),
        ("min_debt_to_block", "NaN"),
        ("min_debt_to_block", "Infinity"),
        ("block_hours", "17:00-09:00"),
        ("block_hours", "09:00-09:00"),
        ("block_hours", "09:60-17:00"),
        ("block_hours", "09:00-24:01"),
        ("block_hours", "9-17"),
        ("block_hours", 9),
        ("block_weekdays", ["monday"]),
        ("block_weekdays", ["fri-mon"]),
        ("block_weekdays", 1),
        ("contact_hours", "09:00-17:00"),
        ("contact_hours", {"mon": "late"}),
        ("reminders", [-1, "x"]),
        ("reminders", [True]),
        ("reminders", -1),
        ("partial_payment", "some"),
        ("trust_kinds", ["promise", "hope"]),
        ("trust_kinds", "promise"),
        ("preset", "anatel"),
    ],
)
def test_a_value_of_another_form_is_refused_with_the_form_it_should_have(name: str, written: Any) -> None:
    answer = policies.change(CUSTOM, {name: written})
    assert isinstance(answer, PolicyRefused)
    [violation] = answer.violations
    assert violation.field == name and violation.limit and violation.value == repr(written)


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"block_weekdays": []}, "block_weekdays"),
        ({"block_weekdays": ["fri", "sat", "sun"]}, "block_weekdays"),  # never a slot
        ({"contact_hours": {}}, "contact_hours"),
        ({"partial_payment": "percent"}, "partial_payment_percent"),
        ({"partial_payment": "percent", "partial_payment_percent": 0}, "partial_payment_percent"),
        ({"partial_payment": "percent", "partial_payment_percent": 101}, "partial_payment_percent"),
        ({"reminders": [0]}, "reminders"),
        ({"trust_unlock_days": 0}, "trust_unlock_days"),
    ],
)
def test_what_cannot_work_is_refused_even_in_custom(overrides: dict[str, Any], field: str) -> None:
    answer = policies.change(CUSTOM, overrides)
    assert isinstance(answer, PolicyRefused)
    assert field in [v.field for v in answer.violations]
    assert {v.source for v in answer.violations} == {"cannot work"}


def test_what_could_not_work_alone_may_work_with_more() -> None:
    fridays = policies.change(RGC, {"block_weekdays": ["fri"], "block_on_holiday_or_eve": True})
    half = policies.change(RGC, {"partial_payment": "percent", "partial_payment_percent": 100})
    assert isinstance(fridays, Policy) and isinstance(half, Policy)


def test_all_stands_for_every_channel_and_an_empty_list_for_none() -> None:
    everything = policies.change(RGC, {"trust_channels": "all"})
    nothing = policies.change(RGC, {"trust_channels": []})
    assert isinstance(everything, Policy) and everything.trust_channels == frozenset(Channel)
    assert isinstance(nothing, Policy) and not nothing.trust_channels

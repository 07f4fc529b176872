"""Random but plausible stories of one contract, and the strategies that make them.

A story is a policy, a calendar and moves. A move says how long to wait and what then happens, with small numbers in
place of exact fields: "pay most of the second invoice by boleto, two days ago". What they mean is settled while the
story is played (`playing.py`), so that targets exist, and waits can aim at the instants that matter: the next change
of the answer, a second before it, the next look of the engine.

Everything becomes an event of the scenario language, so a failing story is printed as a scenario file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from religa import wiring
from religa.domain import policy as policies
from religa.domain.calendar import Calendars
from religa.domain.policy import Policy

# -- places and days --------------------------------------------------------------------------------------------

YEARS = range(2025, 2030)
LOCAL = (date(2026, 1, 21), date(2026, 3, 19), date(2026, 6, 24), date(2026, 11, 19), date(2026, 12, 18))


def _place(zone: str, **options: object) -> Calendars:
    return wiring.calendars(ZoneInfo(zone), YEARS, **options)  # type: ignore[arg-type]


PLACES: dict[str, Calendars] = {
    "America/Sao_Paulo": _place("America/Sao_Paulo"),
    "America/Fortaleza": _place("America/Fortaleza", local=LOCAL),
    "America/Noronha": _place("America/Noronha", national=False),
    "America/Santiago": _place("America/Santiago", local=LOCAL),  # has summer time: days of 23 and 25 hours
}
STARTS = (date(2026, 9, 8), date(2026, 10, 20), date(2026, 12, 1), date(2026, 1, 26), date(2026, 3, 2))

# -- policies ---------------------------------------------------------------------------------------------------

OVERRIDES: tuple[dict[str, object], ...] = (
    {"partial_payment": "all_late"},
    {"partial_payment": "all_open"},
    {"partial_payment": "percent", "partial_payment_percent": 50},
    {"partial_payment": "below_trigger"},
    {"no_business_calendar": True},
    {"preset": "anatel-rgc-2025-ppp5k", "block_after_notice_days": 5},
    {"preset": "custom", "block_after_notice_days": 2},
    {"preset": "custom", "notice_required_for_block": False},
    {"preset": "custom", "notice_required_for_block": False, "block_after_due_days": 5},
    {"preset": "custom", "invoice_lead_days": 0, "notice_after_due_days": 0},
    {"block_after_notice_days": 20},
    {"block_after_due_days": 30},
    {"notice_clock_start": "delivered"},
    {"notice_after_due_days": 3},
    {"notice_min_debt": "60.00"},
    {"reminders": []},
    {"pre_block_warning_days": 3},
    {"block_weekdays": ["tue"], "block_hours": "10:00-11:00"},
    {"block_weekdays": "mon-sun", "block_on_holiday_or_eve": True, "block_hours": "00:00-24:00"},
    {"min_debt_to_block": "120.00"},
    {"min_unpaid_invoices_to_block": 2},
    {"restore_tolerance": "0.00"},
    {"restore_tolerance": "25.00"},
    {"reduced_after_notice_days": 5},
    {"lock_after_due_days": 30},
    {"lock_after_blocked_days": 5},
    {"lock_after_due_days": 45, "lock_after_blocked_days": 20},
    {"trust_when": "late_or_blocked"},
    {"trust_unlock_days": 1},
    {"trust_unlock_days": 7, "trust_max_slide_days": 0},
    {"trust_max_promise_days": 30},
    {"trust_max_per_episode": 2, "trust_max_per_window": None, "trust_requires_previous_paid": False},
    {"trust_max_per_episode": None, "trust_max_per_window": 2, "trust_window_days": 10},
    {"trust_cooldown_after_broken_days": 5, "trust_cooldown_after_late_days": 2, "trust_late_grace_days": 1},
    {"trust_debt_ceiling": "150.00", "trust_max_late_invoices": 1, "trust_min_contract_days": 60},
    {"final_block_after_broken_trusts": None},
    {"final_block_after_broken_trusts": 2, "trust_max_per_episode": None, "trust_max_per_window": None},
    {"pay_window_minutes": 30, "pay_window_per_day": 1},
    {"dispute_answer_days": 10},
    {"termination_after_blocked_days": 60, "termination_notice_days": 10},
    {"fine_pct": 0, "interest_pct_month": "0.50"},
)  # fmt: skip


def with_overrides(policy: Policy, chosen: list[dict[str, object]]) -> tuple[Policy, list[dict[str, object]]]:
    """The policy after as many of the overrides as its hard limits let through, and which these were."""
    kept = []
    for overrides in chosen:
        changed = policies.change(policy, overrides)
        if isinstance(changed, Policy):
            policy = changed
            kept.append(overrides)
    return policy, kept


# -- moves ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Move:
    """After a wait of a kind and a span, `deed` happens; three digits pick its fields, 0 the plainest."""

    wait: tuple[str, int]
    deed: str
    digits: int = 0

    @property
    def a(self) -> int:
        return self.digits // 100

    @property
    def b(self) -> int:
        return self.digits // 10 % 10

    @property
    def c(self) -> int:
        return self.digits % 10


@dataclass(frozen=True)
class Story:
    zone: str
    start: date
    overrides: tuple[dict[str, object], ...]
    age_days: int
    auto_notices: str
    feed: str
    segment: str
    moves: tuple[Move, ...] = field(default=())


# minutes | days, to a telling hour | the next look of the engine | the next change of the answer
WAITS = [("at_once", 0)] * 10 + [
    (kind, span)
    for kind in ["minutes", "days", "days", "look", "change", "change", "change", "weeks"]
    for span in range(10)
]

MONEY_IN = ["pay"] * 12 + ["credit"]
MONEY_BACK = (
    ["reverse_payment"] * 4 + ["adjust_invoice"] * 2 + ["cancel_invoice", "write_off", "undo_write_off"]
)
TRUSTING = ["unlock"] * 8 + ["revoke_unlock", "pay_window", "pay_window", "bar_unlock", "lift_bar"]
CONTESTING = ["dispute"] * 3 + ["answer_dispute"] * 2 + ["agreement"] * 3
KEEPING = ["hold"] * 2 + ["release_hold", "enforcement", "enforcement", "operator_block", "operator_unblock"]
TELLING = ["notice"] * 2 + ["notice_result"] * 2
RUNNING = ["engine", "engine", "payment_feed", "payment_feed", "approve_run", "policy", "policy"]
RUNNING += ["incident", "incident", "end_incident"]
RARE = ["pause", "resume", "resume", "change_holder", "suspension", "terminate"]
NOTHING = ["nothing"] * 3
DEEDS = (
    NOTHING + ["invoice"] * 8 + MONEY_IN + MONEY_BACK + TRUSTING + CONTESTING + KEEPING + TELLING + RUNNING + RARE
)  # fmt: skip


def moves(deeds: list[str] = DEEDS) -> st.SearchStrategy[Move]:
    return st.builds(Move, st.sampled_from(WAITS), st.sampled_from(deeds), st.integers(0, 999))


# Most contracts are of interest only once an invoice is late: half of all stories begin there.
_INVOICE = Move(("at_once", 0), "invoice")
_LATE = _NOTIFIED = _BLOCKED = Move(("change", 0), "nothing")
_PROMISE = Move(("days", 0), "unlock")
ANYHOW: tuple[tuple[Move, ...], ...] = (
    (),
    (_INVOICE,),
    (_INVOICE, _LATE),
    (_INVOICE, _LATE, _NOTIFIED, _BLOCKED),
    (_INVOICE, _INVOICE, _LATE, _NOTIFIED, _BLOCKED),
    (_INVOICE, _LATE, _NOTIFIED, _BLOCKED, _PROMISE),
)
BLOCKED, TRUSTED = ANYHOW[3:], ANYHOW[5:]


@st.composite
def stories(
    draw: st.DrawFn,
    *,
    beginnings: tuple[tuple[Move, ...], ...] = ANYHOW,
    deeds: list[str] = DEEDS,
    least: int = 4,
    most: int = 14,
) -> Story:
    """A story with some moves after its beginning; where it shrinks, nothing comes of them."""
    beginning = draw(st.sampled_from(beginnings))
    rest = draw(st.lists(moves(deeds), min_size=least, max_size=most))
    return Story(
        zone=draw(st.sampled_from(sorted(PLACES))),
        start=draw(st.sampled_from(STARTS)),
        overrides=tuple(draw(st.lists(st.sampled_from(OVERRIDES), max_size=3))),
        age_days=draw(st.sampled_from([900, 45, 0])),
        auto_notices=draw(st.sampled_from(["delivered", "delivered", "delivered", "sent", "failed", "off"])),
        feed=draw(st.sampled_from(["fresh"] * 5 + ["stale"])),
        segment=draw(st.sampled_from(["home"] * 9 + ["courtesy"])),
        moves=(*beginning, *rest),
    )

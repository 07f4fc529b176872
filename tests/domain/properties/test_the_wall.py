"""Who may be walled, and since when: never the settled, never without evidence, never outside a slot."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from playing import RANK, Life, living
from stories import TRUSTED, Story, stories

from religa.domain import balance
from religa.domain.calendar import Calendars, effective_due
from religa.domain.facts import Access, Evidence, Facts, Invoice, Method, Notice, NoticeKind, Segment, active
from religa.domain.policy import PartialPayment, Policy, Preset
from religa.domain.reasons import Why
from religa.entrypoints.commands.scenario.files import Event

_DAY = timedelta(days=1)
LEAST_FULL_DAYS = {Preset.RGC_2025: 15, Preset.PPP5K: 5, Preset.CUSTOM: 0}
"""RGC art. 70; for up to 5,000 accesses Religa's own least."""


def is_walled_for_debt(life: Life, at: datetime) -> bool:
    walled = life.situation(at).access is Access.WALLED
    return walled and not active(life.facts.operator_blocks, at)


@given(stories())
def test_who_has_settled_is_not_walled(story: Story) -> None:
    with living(story) as life:
        for at in life.live(each_event=True):
            if is_walled_for_debt(life, at) and not _waits_for_first_instalment(life):
                assert any(_justifies(life, i, at) for i in life.facts.invoices), f"{at}"


def _justifies(life: Life, invoice: Invoice, at: datetime) -> bool:
    """Undisputed connection debt above the tolerance that is late (`all_open`: or issued)."""
    due = effective_due(life.calendars, life.policy, invoice.due_date)
    late = life.calendars.day(at) > due or life.policy.partial_payment is PartialPayment.ALL_OPEN
    return late and balance.principal(invoice).suspendable > life.policy.restore_tolerance


def _waits_for_first_instalment(life: Life) -> bool:
    """An agreement made behind the wall opens with its first instalment, due or not."""
    suspension = life.facts.open_suspension
    return suspension is not None and any(
        a.made_at >= suspension.opened_at
        and balance.open_principal(_invoice(life.facts, a.first_instalment)) > life.policy.restore_tolerance
        for a in life.facts.agreements
    )


def _invoice(facts: Facts, invoice_id: str) -> Invoice:
    found = facts.invoice(invoice_id)
    assert found is not None
    return found


@given(stories())
def test_nobody_is_walled_without_evidence_of_a_notice(story: Story) -> None:
    with living(story) as life:
        for at in life.live(each_event=True):
            if is_walled_for_debt(life, at) and life.policy.notice_required_for_block:
                suspension = life.facts.open_suspension
                assert suspension is not None
                told = [n for n in life.facts.notices if set(n.invoices) & set(suspension.invoices)]
                assert any(_proven_on(life, n, at) for n in told), f"{at}"


def _proven_on(life: Life, notice: Notice, at: datetime) -> date | None:
    """The civil day a debt notice's evidence dates from, as docs/scenarios.md says it."""
    known = sorted((s for s in notice.evidence if s[0] <= at), key=lambda s: s[0])
    delivered = [when for when, state in known if state is Evidence.DELIVERED]
    if notice.kind is not NoticeKind.DEBT or not known:
        return None
    if delivered:
        return life.calendars.day(delivered[0])
    when, state = known[-1]
    counts = state is Evidence.SENT and life.policy.notice_clock_start.value == "delivered_or_sent"
    return life.calendars.day(when) if counts else None


@given(stories())
def test_a_block_opens_only_in_a_slot(story: Story) -> None:
    with living(story) as life:
        for at in _openings(life):
            assert _is_slot(life.calendars, life.policy, at), f"{at}"


def _openings(life: Life):  # type: ignore[no-untyped-def]
    """The instants at which the engine opens a block, just after it has."""
    opened = 0
    for at in life.live():
        last = life.facts.suspensions[-1] if life.facts.suspensions else None
        grown = len(life.facts.suspensions) > opened
        if grown and last is not None and last.opened_at == at and not last.imported:
            yield at
        opened = len(life.facts.suspensions)


def _is_slot(calendars: Calendars, policy: Policy, at: datetime) -> bool:
    """Written down again from docs/scenarios.md."""
    local = at.astimezone(calendars.zone)
    minutes = local.hour * 60 + local.minute

    def shut(day: date) -> bool:
        return day.weekday() >= 5 or day in calendars.bank_holidays | calendars.local_holidays

    inside = policy.block_hours.start <= minutes < policy.block_hours.end
    open_day = not shut(local.date()) and not shut(local.date() + _DAY)
    return policy.no_business_calendar or (
        inside and local.weekday() in policy.block_weekdays and (policy.block_on_holiday_or_eve or open_day)
    )


@given(stories())
def test_a_block_opens_after_all_days_of_each_notice_have_passed(story: Story) -> None:
    with living(story) as life:
        for at in _openings(life):
            if not life.policy.notice_required_for_block:
                continue
            full_days = max(life.policy.block_after_notice_days, LEAST_FULL_DAYS[life.policy.preset])
            for invoice_id in life.facts.suspensions[-1].invoices:
                about = [n for n in life.facts.notices if invoice_id in n.invoices]
                proven = [day for n in about if (day := _proven_on(life, n, at)) is not None]
                assert proven, f"{at}: no notice of {invoice_id}"
                assert (life.calendars.day(at) - min(proven)).days > full_days, (
                    f"{at}: {invoice_id}, {proven}"
                )


@given(stories())
def test_a_block_opens_over_nothing_that_keeps_the_contract_online(story: Story) -> None:
    with living(story) as life:
        for at in _openings(life):
            facts = life.facts
            for periods in (facts.holds, facts.enforcement_off, facts.pauses, facts.operator_blocks):
                assert not active(periods, at)
            assert life.standing.open_unlock(at) is None
            assert facts.segment is not Segment.COURTESY
            own = [_invoice(facts, i) for i in facts.suspensions[-1].invoices]
            assert sum(balance.principal(i).suspendable for i in own) >= life.policy.min_debt_to_block
            assert len(own) >= life.policy.min_unpaid_invoices_to_block


@given(stories())
def test_nothing_new_is_blocked_while_the_books_are_behind(story: Story) -> None:
    with living(story) as life:
        approved = False
        for at in life.live():
            hold = life.facts.guard_hold
            opened = life.facts.suspensions and life.facts.suspensions[-1].opened_at == at
            if opened and not life.facts.suspensions[-1].imported and life.facts.feed_stale:
                assert approved or life.told[-1].at == at, f"{at}"
            approved = hold is not None and hold.approved_at is not None


@given(stories())
def test_nothing_new_is_blocked_where_a_fault_is_open(story: Story) -> None:
    """Save what a person released knowing of it."""
    with living(story) as life:
        released = False
        for at in life.live():
            hold = life.facts.guard_hold
            opened = life.facts.suspensions and life.facts.suspensions[-1].opened_at == at
            if opened and not life.facts.suspensions[-1].imported and life.facts.incident:
                assert released or life.told[-1].at == at, f"{at}"
            released = hold is not None and hold.reason == "incident" and hold.approved_at is not None


@given(stories())
def test_the_end_of_a_fault_frees_what_waited_for_it(story: Story) -> None:
    """Nothing waits for a person, and nothing for ever: a life without the fault is as late as one after it."""
    with living(story) as life:
        at = life.finish()
        over = life.left_alone()
        while over.faults:
            over.do(Event(at, 0, "end_incident", {}))
        over.step(at)
        for later in over.run(over.ends):
            assert over.situation(later).why is not Why.INCIDENT, f"{later}"


PAYMENTS = st.fixed_dictionaries(
    {
        "amount": st.sampled_from([1, 10_00, 49_95, 99_90, 101_92, 105_00, 250_00, 1_000_00]),
        "method": st.sampled_from([Method.PIX, Method.BOLETO, Method.CASH]),
    },
    optional={"invoice": st.sampled_from(["I1", "I2", "I3", "A1/1", "A1/2"])},
)


@given(stories(), PAYMENTS, st.sampled_from([0, 0, 1, 4, 30]))
def test_another_payment_never_worsens_access_now_or_later(
    story: Story, paid: dict[str, Any], days_ago: int
) -> None:
    with living(story) as life:
        at = life.finish()
        without, with_it = life.left_alone(), life.left_alone()
        with_it.do(Event(at, 0, "pay", paid | {"id": "more", "paid_at": at - days_ago * _DAY}))
        for one in (without, with_it):
            one.step(at)
        assert _rank(with_it, at) <= _rank(without, at)
        life.told.append(with_it.told[-1])
        for later in with_it.run(with_it.ends):
            for _ in without.run(later):
                pass
            without.step(later)
            assert _rank(with_it, later) <= _rank(without, later), f"{later}"


def _rank(life: Life, at: datetime) -> int:
    return RANK[life.situation(at).access]


@given(stories(beginnings=TRUSTED, least=0, most=4))
def test_a_kept_trust_still_gives_access_to_its_granted_end(story: Story) -> None:
    with living(story) as life:
        at = life.finish()
        unlock = life.standing.open_unlock(at)
        if unlock is None or life.situation(at).access is not Access.FULL:
            return
        ahead = life.left_alone()
        ahead.do(Event(at, 0, "pay", {"amount": None, "id": "all of it"}))
        for later in ahead.run(unlock.until):
            assert ahead.situation(later).access is Access.FULL, f"{later}"

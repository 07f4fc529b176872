"""What people and imports do to a contract, where a story would say too little: what is refused, and what is kept."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from bills import CALENDARS, DUE, POLICY, facts, invoice, noon

from religa.domain import deeds, dunning, messages
from religa.domain.facts import (
    Agreement,
    Channel,
    Dispute,
    Evidence,
    Facts,
    GuardHold,
    Lot,
    Method,
    Notice,
    NoticeKind,
    Outcome,
    Payment,
    Period,
    Suspension,
    TrustUnlock,
    UnlockKind,
)
from religa.domain.invoicing import Refused
from religa.domain.policy import Policy, Preset
from religa.domain.reasons import Refusal
from religa.domain.standing import Standing

BLOCKED_AT = noon(date(2027, 1, 5))  # a Tuesday
LATER = BLOCKED_AT + timedelta(days=10)
NEXT = invoice(50_00, id="I2", due_date=date(2026, 12, 21))


def standing(known: Facts, policy: Policy = POLICY) -> Standing:
    return Standing(known, policy, CALENDARS)


# -- taking over a block ----------------------------------------------------------------------------------------


def take_over(
    known: Facts,
    *invoices: str,
    since: datetime = BLOCKED_AT,
    notice_on: date | None = None,
    policy: Policy = POLICY,
) -> Facts | Refused:
    return deeds.import_suspension(standing(known, policy), invoices, since, notice_on, LATER)


SUSPENDED = replace(facts(invoice()), suspensions=(Suspension(BLOCKED_AT, ("I1",), 99_90),))
ON_PAPER = date(2026, 12, 14)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (take_over(SUSPENDED, "I1", notice_on=ON_PAPER), Refusal.ALREADY_SUSPENDED),
        (take_over(facts(invoice()), notice_on=ON_PAPER), Refusal.UNKNOWN_INVOICE),
        (take_over(facts(invoice()), "I1", "I9", notice_on=ON_PAPER), Refusal.UNKNOWN_INVOICE),
        (take_over(facts(invoice()), "I9", notice_on=ON_PAPER), Refusal.UNKNOWN_INVOICE),
        (
            take_over(facts(invoice()), "I1", since=LATER + timedelta(seconds=1), notice_on=ON_PAPER),
            Refusal.END_IN_THE_PAST,
        ),
        (take_over(facts(invoice()), "I1"), Refusal.NO_EVIDENCE),
    ],
)
def test_a_block_that_cannot_stand_is_not_taken_over(answer: Facts | Refused, why: Refusal) -> None:
    assert answer == Refused((why,))


def test_a_block_taken_over_keeps_what_was_late_and_the_notice_on_which_it_stands() -> None:
    known = take_over(facts(invoice(), NEXT), "I1", "I2", since=LATER, notice_on=ON_PAPER)
    assert isinstance(known, Facts)
    assert known.suspensions == (Suspension(LATER, ("I1", "I2"), 149_90, imported=True),)
    [notice] = known.notices
    assert (notice.sent_at, notice.invoices) == (CALENDARS.midnight(ON_PAPER), ("I1", "I2"))
    assert (notice.evidence[0][1], notice.automatic) == (Evidence.DELIVERED, False)


def proof(*invoices: str, kind: NoticeKind = NoticeKind.DEBT, evidence: Evidence = Evidence.SENT) -> Notice:
    sent_at = noon(date(2026, 12, 22))
    return Notice(kind, invoices, sent_at, ((sent_at, evidence),))


@pytest.mark.parametrize(
    ("notices", "policy", "stands"),
    [
        ((proof("I1", "I2"),), POLICY, True),
        ((proof("I1"), proof("I2")), POLICY, True),
        ((proof("I1"),), POLICY, False),  # each invoice needs its own
        ((proof("I1", "I2", evidence=Evidence.FAILED),), POLICY, False),
        ((proof("I1", "I2", kind=NoticeKind.WARNING),), POLICY, False),
        ((), Policy(preset=Preset.CUSTOM, notice_required_for_block=False), True),
    ],
)
def test_a_block_is_taken_over_on_notices_known_here(
    notices: tuple[Notice, ...], policy: Policy, stands: bool
) -> None:
    known = replace(facts(invoice(), NEXT), notices=notices)
    answer = take_over(known, "I1", "I2", policy=policy)
    assert isinstance(answer, Facts) is stands


# -- holds and the guard ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("until", [LATER, LATER - timedelta(seconds=1)])
def test_a_hold_that_is_over_is_refused(until: datetime) -> None:
    assert deeds.hold(facts(), until, "", LATER) == Refused((Refusal.END_IN_THE_PAST,))


@pytest.mark.parametrize("held", [None, GuardHold(BLOCKED_AT, "budget", approved_at=BLOCKED_AT)])
def test_only_a_block_that_is_held_back_is_approved(held: GuardHold | None) -> None:
    known = replace(facts(), guard_hold=held)
    assert deeds.approve_block(known, LATER) == Refused((Refusal.NOT_HELD_BY_GUARD,))


# -- another holder ---------------------------------------------------------------------------------------------


def kept_since(at: datetime) -> Facts:
    """One of each thing that belongs to a holder, all of one instant."""
    unlock = TrustUnlock(UnlockKind.PROMISE, Channel.PORTAL, at, at + timedelta(days=3), (("I1", 99_90),))
    return replace(
        facts(invoice(issued_at=at)),
        payments=(Payment("P1", at, at, 10_00, Method.PIX),),
        lots=(Lot("P1", at, 10_00),),
        notices=(replace(proof("I1"), sent_at=at),),
        suspensions=(Suspension(at, ("I1",), 99_90),),
        unlocks=(unlock,),
        agreements=(Agreement("A1", at, ("I1",), "A1/1"),),
    )


OWN = ("invoices", "payments", "lots", "notices", "suspensions", "unlocks", "agreements")


@pytest.mark.parametrize(
    ("seconds", "kept"), [(-1, set()), (0, set(OWN)), (1, set(OWN))], ids=["before", "at once", "after"]
)
def test_debt_and_history_stay_with_the_holder_who_had_them(seconds: int, kept: set[str]) -> None:
    known = replace(kept_since(LATER + timedelta(seconds=seconds)), holder_since=LATER)
    present = deeds.of_present_holder(known)
    assert {name for name in OWN if getattr(present, name)} == kept
    first = replace(known, holder_since=None)
    assert deeds.of_present_holder(first) == first


def test_with_the_old_holder_end_his_block_his_trust_and_what_was_decided_for_him() -> None:
    before = kept_since(LATER - timedelta(days=1))
    other, over = Period(BLOCKED_AT, None, "for him"), Period(BLOCKED_AT, LATER - timedelta(days=2))
    before = replace(
        before, holds=(over, other), bars=(other,), guard_hold=GuardHold(LATER, "x"), reduced_since=BLOCKED_AT
    )
    after = deeds.change_holder(before, LATER, date(2027, 1, 15))
    assert (after.suspensions[0].closed_at, after.suspensions[0].why_closed) == (LATER, "holder_changed")
    assert (after.unlocks[0].until, after.unlocks[0].outcome) == (LATER, Outcome.SUPERSEDED)
    ended = replace(other, until=LATER)
    assert (after.holds, after.bars) == ((over, ended), (ended,))
    assert (after.guard_hold, after.reduced_since) == (None, None)
    assert (after.since, after.holder_since) == (date(2027, 1, 15), LATER)


# -- notices ----------------------------------------------------------------------------------------------------


def next_notice(
    *tried: tuple[date, Evidence], at: datetime, automatic: bool = True
) -> dunning.DueNotice | None:
    notices = tuple(
        Notice(NoticeKind.DEBT, ("I1",), noon(day), ((noon(day), state),), automatic=automatic)
        for day, state in tried
    )
    known = replace(facts(invoice()), notices=notices)
    return dunning.next_debt_notice(known, POLICY, CALENDARS, standing(known).claims, at)


FRIDAY, SATURDAY, MONDAY = date(2026, 12, 11), date(2026, 12, 12), date(2026, 12, 14)


@pytest.mark.parametrize(
    ("tried", "on"),
    [
        ([], FRIDAY),
        ([(FRIDAY, Evidence.FAILED)], SATURDAY),  # not twice on one day
        ([(FRIDAY, Evidence.NONE)], SATURDAY),
        ([(FRIDAY, Evidence.FAILED), (SATURDAY, Evidence.FAILED)], MONDAY),
        ([(FRIDAY, Evidence.SENT)], None),
    ],
)
def test_a_notice_that_failed_is_tried_again_on_another_day(
    tried: list[tuple[date, Evidence]], on: date | None
) -> None:
    due = next_notice(*tried, at=noon(tried[-1][0] if tried else DUE))
    assert (due and due.at) == (on and CALENDARS.instant(on, 9 * 60))


def test_after_a_letter_that_did_not_arrive_the_notice_goes_out_at_once() -> None:
    due = next_notice((FRIDAY, Evidence.FAILED), at=noon(FRIDAY), automatic=False)
    assert due is not None and due.at == noon(FRIDAY)


def test_a_notice_on_its_way_is_not_sent_again() -> None:
    queued = Notice(NoticeKind.DEBT, ("I1",), noon(FRIDAY), ())
    known = replace(facts(invoice()), notices=(queued,))
    at = noon(MONDAY)
    assert dunning.next_debt_notice(known, POLICY, CALENDARS, standing(known).claims, at) is None


@pytest.mark.parametrize(
    ("evidence", "opens"),
    [(Evidence.DELIVERED, True), (Evidence.SENT, True), (Evidence.FAILED, False), (Evidence.NONE, False)],
)
def test_a_letter_that_proves_something_keeps_the_day_it_announced(evidence: Evidence, opens: bool) -> None:
    known = deeds.notify(standing(facts(invoice())), ("I1",), evidence, noon(MONDAY))
    assert isinstance(known, Facts)
    announced = CALENDARS.instant(date(2026, 12, 30), 9 * 60)
    assert known.notices[0].opens_at == (announced if opens else None)
    assert deeds.notify(standing(facts()), ("I1",), evidence, LATER) == Refused((Refusal.UNKNOWN_INVOICE,))


@pytest.mark.parametrize(
    ("invoices", "policy", "opens"),
    [
        (("I1",), POLICY, date(2026, 12, 30)),  # sixteen days after the 14th
        (("I1",), Policy(block_after_due_days=30), date(2027, 1, 11)),  # the 9th is a Saturday
        (("I1", "I2"), Policy(block_after_due_days=30), date(2027, 1, 11)),  # of the earliest due date
        (("I2",), Policy(block_after_due_days=30), date(2027, 1, 20)),
        (("I1",), Policy(preset=Preset.CUSTOM, notice_required_for_block=False), None),
    ],
)
def test_a_notice_announces_the_slot_at_which_a_block_may_come(
    invoices: tuple[str, ...], policy: Policy, opens: date | None
) -> None:
    sent_at = CALENDARS.instant(MONDAY, 9 * 60)
    announced = messages.announced(standing(facts(invoice(), NEXT), policy), invoices, sent_at)
    assert announced == (opens and CALENDARS.instant(opens, 9 * 60))


def test_a_letter_of_two_invoices_announces_the_later_day_while_one_is_contested() -> None:
    contested = invoice(disputes=(Dispute(noon(MONDAY)),))
    known = facts(contested, NEXT)
    announced = messages.announced(standing(known), ("I1", "I2"), noon(MONDAY))
    assert announced == CALENDARS.instant(date(2026, 12, 30), 9 * 60)


def termination_notice(sent_at: datetime, state: Evidence) -> Notice:
    return Notice(NoticeKind.TERMINATION, ("I1",), sent_at, ((sent_at, state),))


@pytest.mark.parametrize(
    ("notices", "at", "due"),
    [
        ((), noon(date(2027, 3, 8)), noon(date(2027, 3, 8))),
        (
            (termination_notice(noon(date(2027, 3, 8)), Evidence.FAILED),),
            noon(date(2027, 3, 8)),
            None,
        ),  # not again today
        (
            (termination_notice(noon(date(2027, 3, 8)), Evidence.FAILED),),
            noon(date(2027, 3, 9)),
            noon(date(2027, 3, 9)),
        ),
        ((termination_notice(noon(date(2027, 3, 8)), Evidence.SENT),), noon(date(2027, 3, 9)), None),
        # a debt notice that failed today is another matter
        (
            (replace(proof("I1", evidence=Evidence.FAILED), sent_at=noon(date(2027, 3, 8))),),
            noon(date(2027, 3, 8)),
            noon(date(2027, 3, 8)),
        ),
        # one that speaks of an earlier block does not count
        (
            (termination_notice(BLOCKED_AT - timedelta(days=1), Evidence.SENT),),
            noon(date(2027, 3, 8)),
            noon(date(2027, 3, 8)),
        ),
    ],
)
def test_a_termination_notice_that_failed_is_tried_again_on_another_day(
    notices: tuple[Notice, ...], at: datetime, due: datetime | None
) -> None:
    known = replace(SUSPENDED, notices=(proof("I1"), *notices))
    planned = messages.planned(standing(known), at)
    found = [when for when, message in planned if isinstance(message, messages.SendTerminationNotice)]
    assert found == ([due] if due else [])

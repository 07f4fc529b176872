"""What is decided on facts that the engine has not put in order yet."""

from dataclasses import replace
from datetime import date, timedelta

from bills import CALENDARS, POLICY, facts, invoice, noon, paid

from religa.domain.access import decide_access
from religa.domain.facts import Access, Evidence, Notice, NoticeKind, Status, Suspension
from religa.domain.policy import PartialPayment
from religa.domain.reasons import Why


def test_a_block_that_nothing_justifies_any_more_walls_nobody_and_the_next_is_foreseen() -> None:
    sent_at, opened_at, paid_on = noon(date(2026, 12, 22)), noon(date(2027, 1, 4)), date(2027, 1, 5)
    delivered = ((sent_at, Evidence.DELIVERED),)
    settled = invoice(settlements=(paid(99_90, paid_on),))
    known = replace(
        facts(settled, invoice(50_00, id="I2", due_date=date(2026, 12, 21))),
        notices=(Notice(NoticeKind.DEBT, ("I1", "I2"), sent_at, delivered),),
        suspensions=(Suspension(opened_at, ("I1",), 99_90),),
    )
    policy = replace(POLICY, partial_payment=PartialPayment.BELOW_TRIGGER)
    decision = decide_access(known, policy, CALENDARS, noon(paid_on) + timedelta(hours=1))
    assert (decision.status, decision.access, decision.why) == (Status.LATE, Access.FULL, Why.LATE_DEBT)
    # The other invoice may block sixteen days after its notice.
    assert decision.until == CALENDARS.instant(date(2027, 1, 7), 9 * 60)

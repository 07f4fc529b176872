"""A notice given by hand counts from the day it was received, and not without every piece of its proof."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from bills import CALENDARS, DUE, POLICY, facts, invoice, noon
from hypothesis import given
from hypothesis import strategies as st

from religa.domain import contacts, deeds, dunning, proofs
from religa.domain.contacts import About, Account, Caller, ContactFault, Means
from religa.domain.facts import Dispute, Evidence, Facts, NoticeKind
from religa.domain.proofs import NotProven, Proof, ProofFault, ProofKind
from religa.domain.standing import Standing

GIVEN = noon(date(2026, 12, 21))
NOW = GIVEN + timedelta(days=4)
LETTER = Proof(ProofKind.LETTER, GIVEN, "Maria", tracking_code="BR123456785BR", statement="disse tudo")
SIGNATURE = Proof(ProofKind.SIGNATURE, GIVEN, "Maria", reference="pasta 7", statement="disse tudo")
CALL = Proof(
    ProofKind.CALL, GIVEN, "Maria", protocol="20261221000001", recording="R1", statement="disse tudo"
)


def standing(known: Facts) -> Standing:
    return Standing(known, POLICY, CALENDARS)


def give(proof: Proof, known: Facts | None = None, invoices=("I1",), at: datetime = NOW) -> Facts | NotProven:
    return proofs.give(standing(facts(invoice()) if known is None else known), invoices, proof, at)


@pytest.mark.parametrize("proof", [LETTER, SIGNATURE, CALL], ids=lambda p: p.kind)
def test_its_clock_runs_from_the_day_it_was_received_however_late_it_is_entered(proof):
    known = give(proof)
    assert isinstance(known, Facts)
    [notice] = known.notices
    assert (notice.kind, notice.sent_at, notice.automatic) == (NoticeKind.DEBT, GIVEN, False)
    assert notice.evidence == ((GIVEN, Evidence.DELIVERED),)
    [claim] = standing(known).claims
    assert claim.notified
    sent_then = deeds.notify(standing(facts(invoice())), ("I1",), Evidence.DELIVERED, GIVEN)
    assert isinstance(sent_then, Facts)
    assert notice == sent_then.notices[0]


def test_it_takes_its_place_among_notices_by_the_day_it_was_given():
    later = deeds.notify(standing(facts(invoice())), ("I1",), Evidence.FAILED, GIVEN + timedelta(days=1))
    assert isinstance(later, Facts)
    known = give(LETTER, later)
    assert isinstance(known, Facts)
    assert [n.sent_at for n in known.notices] == sorted(n.sent_at for n in known.notices)


@pytest.mark.parametrize(
    ("proof", "why"),
    [
        (replace(LETTER, tracking_code=""), ProofFault.NO_TRACKING_CODE),
        (replace(LETTER, tracking_code="BR123456784BR"), ProofFault.WRONG_TRACKING_CODE),
        (replace(LETTER, received_by=""), ProofFault.NO_RECEIVER),
        (replace(LETTER, statement=""), ProofFault.NO_STATEMENT),
        (replace(LETTER, scan_sha256="ab"), ProofFault.WRONG_SCAN),
        (replace(LETTER, given_at=NOW + timedelta(seconds=1)), ProofFault.GIVEN_IN_THE_FUTURE),
        (replace(LETTER, given_at=noon(DUE)), ProofFault.GIVEN_BEFORE_LATE),
        (replace(SIGNATURE, reference=""), ProofFault.NO_REFERENCE),
        (replace(CALL, protocol=""), ProofFault.NO_PROTOCOL),
        (replace(CALL, recording=""), ProofFault.NO_RECORDING),
    ],
)
def test_without_one_piece_of_its_proof_it_is_no_notice(proof, why):
    assert give(proof) == NotProven((why,))


def test_everything_that_is_wrong_is_said_at_once():
    bare = Proof(ProofKind.CALL, NOW + timedelta(days=1), "")
    assert give(bare, invoices=()) == NotProven(
        (ProofFault.GIVEN_IN_THE_FUTURE, ProofFault.NO_RECEIVER, ProofFault.NO_STATEMENT, ProofFault.NO_PROTOCOL,
         ProofFault.NO_RECORDING, ProofFault.NO_INVOICE)
    )  # fmt: skip


def test_only_late_invoices_can_be_notified():
    fresh = invoice(50_00, id="I2", due_date=date(2027, 2, 1))
    contested = replace(invoice(), disputes=(Dispute(filed_at=GIVEN),))
    for known, name in ((facts(invoice(), fresh), "I2"), (facts(contested), "I1"), (facts(invoice()), "I9")):
        assert give(LETTER, known, (name,)) == NotProven((ProofFault.NOT_LATE,))


def test_an_invoice_that_came_back_to_life_needs_a_notice_of_after():
    reopened = replace(invoice(), reopened_at=GIVEN + timedelta(hours=1))
    assert give(LETTER, facts(reopened)) == NotProven((ProofFault.GIVEN_BEFORE_LATE,))


def test_the_announced_day_is_the_one_that_a_notice_of_that_day_names():
    known = give(LETTER)
    assert isinstance(known, Facts)
    opens = proofs.announced(standing(facts(invoice())), ("I1",), GIVEN)
    assert known.notices[0].opens_at == opens is not None
    ripe = dunning.block_ripe(known, POLICY, CALENDARS, standing(known).claims)
    assert ripe is not None and ripe.since <= opens


@given(st.integers(0, 99_999_999))
def test_one_check_digit_of_ten_is_right(serial):
    made = [f"AA{serial:08}{digit}BR" for digit in range(10)]
    assert sum(map(proofs.is_tracking_code, made)) == 1
    right = next(filter(proofs.is_tracking_code, made))
    assert not proofs.is_tracking_code(right.lower()) and not proofs.is_tracking_code(right[1:])


def test_a_day_that_is_over_counts_from_its_noon_and_today_from_now():
    assert proofs.given_on(date(2026, 12, 21), standing(facts()), NOW) == GIVEN
    assert proofs.given_on(CALENDARS.day(NOW), standing(facts()), NOW) == NOW


# -- contacts ---------------------------------------------------------------------------------------------------

TODAY = date(2026, 12, 21)
SAID = Account(Means.PHONE, Caller.HOLDER, About.DEBT, "vai pagar", promised_on=TODAY, promised_amount=99_90)


@pytest.mark.parametrize(
    ("written", "whys"),
    [
        (SAID, ()),
        (replace(SAID, notes=""), (ContactFault.NO_NOTES,)),
        (replace(SAID, promised_amount=0), (ContactFault.AMOUNT_NOT_POSITIVE,)),
        (replace(SAID, promised_on=None), (ContactFault.AMOUNT_WITHOUT_DAY,)),
        (replace(SAID, promised_on=TODAY - timedelta(days=1)), (ContactFault.DAY_PAST,)),
        (replace(SAID, caller=Caller.OTHER), (ContactFault.NO_NAME, ContactFault.AMOUNT_TO_OTHERS)),
        (replace(SAID, caller=Caller.OTHER, caller_name="João", promised_amount=None), ()),
    ],
)
def test_what_may_be_written_down_of_a_contact(written, whys):
    assert contacts.faults_of(written, today=TODAY) == whys

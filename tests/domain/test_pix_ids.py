"""What the numbers of payments and returns say, and what happens to those that say nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from religa.domain import pix_ids
from religa.domain.pix_ids import NotAPixId, PixId, PixIdProblem

PAID = "E12345678202009091221abcdef12345"
RETURNED = "D12345678202009091000123456789Ab"


def test_a_payment_says_its_bank_and_its_minute():
    minute = datetime(2020, 9, 9, 12, 21, tzinfo=UTC)
    assert pix_ids.read_end_to_end_id(PAID) == PixId(PAID, "12345678", minute)
    assert pix_ids.read_end_to_end_id(f" {PAID}\n") == PixId(PAID, "12345678", minute)


def test_a_return_has_a_number_of_its_own_kind():
    minute = datetime(2020, 9, 9, 10, 0, tzinfo=UTC)
    assert pix_ids.read_return_id(RETURNED) == PixId(RETURNED, "12345678", minute)
    assert pix_ids.read_return_id(PAID) == NotAPixId(PixIdProblem.START)
    assert pix_ids.read_end_to_end_id(RETURNED) == NotAPixId(PixIdProblem.START)


def test_an_ispb_may_have_letters():
    assert pix_ids.read_end_to_end_id("E1234AB7Z" + PAID[9:]).ispb == "1234AB7Z"


def test_capitals_and_small_letters_are_two_numbers():
    assert pix_ids.read_end_to_end_id(PAID) != pix_ids.read_end_to_end_id(PAID[:21] + PAID[21:].upper())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", PixIdProblem.EMPTY),
        ("E1234567820200909122120200808008xy", PixIdProblem.LENGTH),  # as long as the published examples
        (PAID[:-1], PixIdProblem.LENGTH),
        (PAID.lower(), PixIdProblem.START),
        (PAID[:-1] + "-", PixIdProblem.SHAPE),
        (PAID[:-1] + "é", PixIdProblem.SHAPE),
        ("E1234567x" + PAID[9:], PixIdProblem.SHAPE),
        ("E12345678" + "٢" * 12 + PAID[21:], PixIdProblem.SHAPE),
        ("E12345678" + "202013010000" + PAID[21:], PixIdProblem.MINUTE),
        ("E12345678" + "202102290000" + PAID[21:], PixIdProblem.MINUTE),
        ("E12345678" + "202001012400" + PAID[21:], PixIdProblem.MINUTE),
        ("E12345678" + "000001010000" + PAID[21:], PixIdProblem.MINUTE),
    ],
)
def test_what_is_no_number_of_pix_is_told_apart_without_a_fuss(text, problem):
    assert pix_ids.read_end_to_end_id(text) == NotAPixId(problem)


MINUTES = st.integers(0, 4_000_000_000).map(lambda m: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=m))


@given(
    MINUTES, st.from_regex(r"[0-9A-Z]{8}", fullmatch=True), st.from_regex(r"[0-9A-Za-z]{11}", fullmatch=True)
)
def test_every_well_formed_number_is_read(minute, ispb, rest):
    found = pix_ids.read_end_to_end_id(f"E{ispb}{minute:%Y%m%d%H%M}{rest}")
    assert (found.ispb, found.minute) == (ispb, minute)


@given(st.text(max_size=40) | st.from_regex(r"E[0-9]{20}[a-z0-9]{11}", fullmatch=True))
def test_any_text_is_a_number_or_has_a_reason_why_not(text):
    found = pix_ids.read_end_to_end_id(text)
    assert found.text == text.strip() if isinstance(found, PixId) else found.problem.reason

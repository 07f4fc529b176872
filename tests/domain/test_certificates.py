"""When somebody must be told that a certificate ends."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from religa.domain.certificates import (
    CertificateFacts,
    CertificateProblem,
    Expiry,
    InvalidCertificate,
    Urgency,
    expiry,
)

END = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (60 * DAY + INSTANT, None),
        (60 * DAY, Expiry(Urgency.SOON, 60)),
        (30 * DAY + INSTANT, Expiry(Urgency.SOON, 30)),
        (30 * DAY, Expiry(Urgency.DUE, 30)),
        (7 * DAY, Expiry(Urgency.URGENT, 7)),
        (INSTANT, Expiry(Urgency.URGENT, 0)),
        (0 * DAY, Expiry(Urgency.EXPIRED, 0)),
        (-3 * DAY, Expiry(Urgency.EXPIRED, 0)),
    ],
)
def test_the_warning_grows_at_60_30_and_7_days(left: timedelta, expected: Expiry | None):
    assert expiry(END, END - left) == expected


@given(st.integers(-100, 400), st.integers(0, 100))
def test_a_warning_never_becomes_milder(days: int, later: int):
    order = [None, Urgency.SOON, Urgency.DUE, Urgency.URGENT, Urgency.EXPIRED]
    first, second = (expiry(END, END - days * DAY + wait * DAY) for wait in (0, later))
    ranks = [order.index(found.urgency if found else None) for found in (first, second)]
    assert ranks == sorted(ranks)


def test_a_certificate_is_good_from_its_first_instant_to_just_before_its_last():
    facts = CertificateFacts("CN=provider", "CN=bank", END - 365 * DAY, END, "ab" * 32)
    facts.require_valid(END - 365 * DAY)
    facts.require_valid(END - INSTANT)
    with pytest.raises(InvalidCertificate, match="has expired") as late:
        facts.require_valid(END)
    assert late.value.problem is CertificateProblem.EXPIRED
    with pytest.raises(InvalidCertificate, match="not valid yet"):
        facts.require_valid(END - 366 * DAY)

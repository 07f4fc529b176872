"""Phone numbers as people and networks write them."""

import pytest

from religa.domain import phones


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("(81) 99999-0001", "5581999990001"),
        ("+55 81 99999-0001", "5581999990001"),
        ("081 99999 0001", "5581999990001"),
        ("5581999990001", "5581999990001"),
        ("+1 202 555 0100", "12025550100"),
        ("123", ""),
        ("ana", ""),
        ("9" * 16, ""),
    ],
)
def test_a_number_is_read(written, digits):
    assert phones.digits_of(written) == digits


def test_a_mobile_number_is_known_with_and_without_its_ninth_digit():
    assert phones.same_phone("5581999990001") == phones.same_phone("558199990001")
    assert phones.same_phone("5581999990001") == ("5581999990001", "558199990001")


@pytest.mark.parametrize("number", ["558133334444", "12025550100", "55819"])
def test_others_have_one_form(number):
    assert phones.same_phone(number) == (number,)

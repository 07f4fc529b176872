"""A charge's txid is the same on every call, unlike any other's, and known again when it comes back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from religa.domain import txid
from religa.domain.txid import Foreign, Own

REALM = "an installation"
KEY = {"provider": 1, "charge": 4711}

NUMBERS = st.integers(1, 2**63)
KEYS = st.tuples(NUMBERS, NUMBERS, st.integers(1, 99))
MAKERS = st.sampled_from([txid.derive, txid.derive_short])


def made(maker, key: tuple[int, int, int], realm: str = REALM) -> str:
    provider, charge, attempt = key
    return maker(realm=realm, provider=provider, charge=charge, attempt=attempt)


def test_a_txid_never_changes():
    """Charges are at the bank by these; another way to make them would make every open charge a new one."""
    assert txid.derive(realm=REALM, **KEY) == "3zj4al2ebfqxlpft5vijev3arp7rjqjt"
    assert txid.derive_short(realm=REALM, **KEY, attempt=2) == "74xh3jipxn4yrsa3ibonj6el5"


@given(KEYS)
def test_a_txid_has_the_form_that_the_manual_wants(key):
    assert re.fullmatch(r"[a-zA-Z0-9]{26,35}", made(txid.derive, key))
    assert re.fullmatch(r"[a-zA-Z0-9]{1,25}", made(txid.derive_short, key))


@given(MAKERS, KEYS)
def test_our_own_is_known_again_also_in_capitals(maker, key):
    one = made(maker, key)
    assert txid.recognise(one, realm=REALM) == Own(one)
    assert txid.recognise(f" {one.upper()} ", realm=REALM) == Own(one)


@given(MAKERS, KEYS, MAKERS, KEYS)
def test_two_charges_never_share_one(maker, key, other_maker, other_key):
    same = (maker, key) == (other_maker, other_key)
    assert (made(maker, key) == made(other_maker, other_key)) is same


@pytest.mark.parametrize("maker", [txid.derive, txid.derive_short])
def test_provider_charge_and_attempt_do_not_run_into_each_other(maker):
    keys = [(1, 11, 1), (11, 1, 1), (1, 1, 11), (111, 1, 1), (1, 111, 1)]
    assert len({made(maker, k) for k in keys}) == len(keys)


@given(MAKERS, KEYS)
def test_another_installation_makes_another_and_ours_is_foreign_there(maker, key):
    other = "another installation"
    assert made(maker, key) != made(maker, key, other)
    assert txid.recognise(made(maker, key), realm=other) == Foreign()


@given(MAKERS, KEYS, st.integers(0, 24), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_changed_one_is_foreign(maker, key, place, letter):
    one = made(maker, key)
    changed = one[:place] + letter + one[place + 1 :]
    assert changed == one or txid.recognise(changed, realm=REALM) == Foreign()


@pytest.mark.parametrize(
    "other", ["", "***", "RP12345678-2019", "7978c0c97ea847e78e8849634473c1f1", "a" * 32, "a" * 25, "ſ" * 32]
)
def test_other_systems_txids_are_foreign(other):
    assert txid.recognise(other, realm=REALM) == Foreign()


def test_foreign_letters_that_become_ours_in_small_are_no_spelling_of_ours():
    long = next(t for n in range(1, 99) if "k" in (t := txid.derive(realm=REALM, provider=1, charge=n)))
    assert txid.recognise(long.replace("k", "\N{KELVIN SIGN}"), realm=REALM) == Foreign()


@given(st.text(max_size=40))
def test_any_text_is_ours_or_foreign(text):
    assert txid.recognise(text, realm=REALM) == Foreign()


@pytest.mark.parametrize("wrong", [{"provider": 0}, {"charge": 0}, {"charge": -1}, {"attempt": 0}])
def test_a_number_below_one_is_a_mistake_of_the_program(wrong):
    with pytest.raises(ValueError, match="counted from 1"):
        txid.derive(realm=REALM, **KEY | wrong)


def test_a_realm_that_anyone_could_share_is_refused():
    with pytest.raises(ValueError, match="8 characters"):
        txid.derive(realm="", **KEY)

"""Tokens: of one deed, one session, one contract, half an hour; nothing else is one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from religa.domain.facts import Access, Status
from religa.domain.reasons import Why
from religa.entrypoints.block_page import forms
from religa.entrypoints.block_page.forms import Deed, Signed, Stale
from religa.records.queries.who import Found

AT = datetime(2026, 12, 5, 21, 0, tzinfo=UTC)
MARIA = Found(7, 70, 1, Access.WALLED, Status.BLOCKED, Why.DEBT, None, Access.WALLED, Access.WALLED)


def read(token: str, deed=Deed.UNLOCK, found=MARIA, at=AT):
    return forms.read(token, deed, found, at=at)


def test_a_token_is_good_for_its_own_session_and_names_one_request():
    one, other = (read(forms.token(Deed.UNLOCK, MARIA, at=AT)) for _ in range(2))
    assert isinstance(one, Signed) and isinstance(other, Signed) and one != other


@pytest.mark.parametrize("deed", [d for d in Deed if d is not Deed.UNLOCK])
def test_it_is_good_for_no_other_deed(deed):
    assert read(forms.token(deed, MARIA, at=AT)) == Stale()


@pytest.mark.parametrize("stranger", [{"session_id": 8}, {"contract_id": 71}])
def test_it_is_worth_nothing_to_another_session_or_contract(stranger):
    assert read(forms.token(Deed.UNLOCK, MARIA, at=AT), found=replace(MARIA, **stranger)) == Stale()


@pytest.mark.parametrize(
    ("age", "good"), [(0, True), (1799, True), (1800, False), (1801, False), (-4, True), (-60, False)]
)
def test_it_is_good_for_half_an_hour(age, good):
    token = forms.token(Deed.UNLOCK, MARIA, at=AT)
    assert isinstance(read(token, at=AT + timedelta(seconds=age)), Signed) is good


def test_with_another_key_it_is_not_ours(settings):
    token = forms.token(Deed.UNLOCK, MARIA, at=AT)
    settings.SECRET_KEY = "another"
    assert read(token) == Stale()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_token_of_which_any_character_was_changed_is_none(data):
    token = forms.token(Deed.UNLOCK, MARIA, at=AT)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("0123456789abcdef.x").filter(lambda c: c != token[place]))
    assert read(token[:place] + other + token[place + 1 :]) == Stale()


@pytest.mark.parametrize(
    "text", ["", "x", "..", "0.0.0", "f" * 300, "1.\N{ARABIC-INDIC DIGIT ONE}.2", "1\n.2.3\0"]
)
def test_what_is_no_token_is_told_apart_without_an_error(text):
    assert read(text) == Stale()

"""Whatever is written, at whatever step: there is an answer, and nothing of an account before it is known who asks."""

from __future__ import annotations

import itertools

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from religa.records import raw
from religa.records.models import Conversation

from .. import world
from .conftest import DIGITS, world_subscriber
from .talk import Phone

pytestmark = pytest.mark.django_db

_QUICKLY = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_WORDS = st.sampled_from(
    [
        "desbloquear",
        "liberar",
        "pix",
        "boleto",
        "paguei",
        "atendente",
        "parar",
        "menu",
        "oi",
        "sim",
        "não",
        "1",
        "2",
        "3",
        "4",
        "5",
        "0000",
        "situação",
        "obrigada",
    ]
)
_TEXT = _WORDS | st.lists(_WORDS, max_size=4).map(" ".join) | st.text(max_size=60)
_numbers = itertools.count(1)


@pytest.fixture
def moment():
    return world.at("2026-12-01 14:00")


def _never(said: str) -> None:
    """What a number alone may never hear."""
    assert "R$" not in said and "99,90" not in said
    assert "Carla" not in said and "I1" not in said
    assert "bloqueada desde" not in said and "está funcionando" not in said


@_QUICKLY
@given(st.lists(_TEXT, min_size=1, max_size=6))
def test_before_she_is_known_every_text_is_answered_and_nothing_is_told(phone, carla, moment, texts):
    with transaction.atomic():
        for text in texts:
            said = phone.talk(text)
            assert said and len(said) <= 1024
            _never(said)
        assert world.row(carla)[1] == "blocked"
        transaction.set_rollback(True)


@_QUICKLY
@given(st.sampled_from(["open", "digits", "contract", "menu", "confirm"]), st.sampled_from(["", "status", "unlock", "paid", "pix"]),
       st.booleans(), st.booleans(), _TEXT)  # fmt: skip
@example("confirm", "status", True, True, "1")
def test_every_text_is_answered_at_every_step(phone, carla, moment, step, wish, is_known, is_chosen, text):
    person = world_subscriber(carla)
    with transaction.atomic():
        Conversation.objects.create(
            provider_id=person.provider_id, channel="whatsapp", sender=phone.number, step=step, wish=wish,
            subscriber=person if is_known else None, identified_at=moment if is_known else None,
            contract_id=carla if is_chosen else None, last_at=moment, expires_at=moment + world.DAY / 24,
        )  # fmt: skip
        said = phone.talk(text)
        assert said and len(said) <= 1024
        assert "R$" not in said and "Carla" not in said
        if not is_known and DIGITS not in text:
            _never(said)
        transaction.set_rollback(True)


@_QUICKLY
@given(st.text(max_size=30), _TEXT)
def test_a_stranger_is_answered_whatever_his_number_looks_like(carla, moment, sender, text):
    with transaction.atomic():
        sender = sender.replace("\0", "").encode(errors="replace").decode() or "x"
        said = Phone(sender, moment).talk(text, f"any.{next(_numbers)}")
        assert said
        _never(said)
        assert raw.rows("SELECT count(*) FROM trust_unlock") == [(0,)]
        transaction.set_rollback(True)

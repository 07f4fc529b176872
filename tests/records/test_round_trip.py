"""What is saved is what is loaded."""

from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from religa.domain.access import decide_access
from religa.records import writer
from religa.records.loaded import WHAT_MATTERS

from . import rows, shapes

pytestmark = pytest.mark.django_db


def examples(count):
    """So many per property. Each runs in a transaction that is rolled back: the database starts empty."""
    unhealthy = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=count, deadline=None, suppress_health_check=unhealthy)


class _Undo(Exception):
    pass


def in_a_transaction(body):
    try:
        with transaction.atomic():
            body()
            raise _Undo
    except _Undo:
        pass


@examples(60)
@given(facts=shapes.facts())
def test_facts_come_back_as_they_were_saved(ana, facts):
    def body():
        kept = rows.save(ana, facts)
        again = rows.load(ana).facts
        assert rows.without_keys(again) == facts
        assert again == kept

    in_a_transaction(body)


@examples(20)
@given(first=shapes.facts())
def test_saving_what_was_loaded_writes_nothing(ana, first):
    def body():
        rows.save(ana, first)
        loaded = rows.load(ana)
        before = rows.tables()
        writer.save(writer.Change(loaded, replace(loaded.facts), rows.CALENDARS), at=rows.AT)
        assert rows.tables() == before

    in_a_transaction(body)


@examples(15)
@given(many=st.lists(shapes.facts(), min_size=2, max_size=3))
def test_a_batch_saves_each_contract_as_if_it_were_alone(provider, many):
    """Ids are the provider's own, so each contract gets its letter."""

    def body():
        changes = []
        for n, facts in enumerate(many):
            contract = rows.contract(provider, f"c{n}")
            changes.append(writer.Change(rows.load(contract), shapes.renamed(facts, f"{n}-"), rows.CALENDARS))
        kept = writer.save_all(changes, at=rows.AT)
        for change in changes:
            loaded = rows.load(change.loaded.contract_id).facts
            assert loaded == kept[change.loaded.contract_id]
            assert rows.without_keys(loaded) == change.after

    in_a_transaction(body)


@examples(60)
@given(facts=shapes.facts(), days=st.integers(0, 150))
def test_what_is_left_out_does_not_matter_for_a_decision(ana, facts, days):
    at = shapes.START + days * rows.DAY

    def body():
        rows.save(ana, facts)
        some, whole = rows.load(ana, at, WHAT_MATTERS), rows.load(ana, at)
        assert decide_access(some.facts, some.policy, rows.CALENDARS, at) == decide_access(
            whole.facts, whole.policy, rows.CALENDARS, at
        )

    in_a_transaction(body)

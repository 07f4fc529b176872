"""The domain's guard hold and the candidate row are one."""

from dataclasses import replace

import pytest

from religa.domain.facts import GuardHold, Suspension
from religa.records import models as tables

from . import rows
from .rows import AT, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposed(provider, bruno):
    run = tables.BlockRun.objects.create(provider=provider, started_at=AT)
    return tables.BlockCandidate.objects.create(run=run, contract_id=bruno, proposed_at=AT)


def test_a_hold_takes_the_candidate_that_is_there(bruno, proposed):
    rows.change(bruno, guard_hold=GuardHold(AT, "feed_stale"))
    proposed.refresh_from_db()
    assert (proposed.state, proposed.held_at, proposed.held_reason) == ("held", AT, "feed_stale")
    assert rows.load(bruno).facts.guard_hold == GuardHold(AT, "feed_stale", key=proposed.pk)


def test_a_hold_without_a_candidate_makes_one(bruno):
    kept = rows.change(bruno, guard_hold=GuardHold(AT, "feed_stale"))
    assert tables.BlockCandidate.objects.get().pk == kept.guard_hold.key


def test_an_approval_is_kept_with_its_person(bruno, proposed):
    held = rows.change(bruno, guard_hold=GuardHold(AT, "feed_stale")).guard_hold
    rows.change(bruno, guard_hold=replace(held, approved_at=AT + DAY))
    proposed.refresh_from_db()
    assert (proposed.state, proposed.approved_at, proposed.approved_by) == ("admitted", AT + DAY, "test")
    assert rows.load(bruno).facts.guard_hold.approved_at == AT + DAY


def test_a_hold_that_ends_drops_the_candidate(bruno, proposed):
    rows.change(bruno, guard_hold=GuardHold(AT, "feed_stale"))
    rows.change(bruno, AT + DAY, guard_hold=None)
    proposed.refresh_from_db()
    assert (proposed.state, proposed.dropped_at) == ("dropped", AT + DAY)
    assert rows.load(bruno).facts.guard_hold is None


@pytest.mark.parametrize("held", [True, False])
def test_a_block_that_opens_takes_its_candidate_off_the_list(bruno, proposed, held):
    if held:
        rows.change(bruno, guard_hold=GuardHold(AT, "feed_stale"))
    opened = Suspension(AT + DAY, (), 9990)
    facts = rows.change(bruno, AT + DAY, guard_hold=None, suspensions=(opened,))
    proposed.refresh_from_db()
    assert (proposed.state, proposed.opened_at) == ("opened", AT + DAY)
    assert proposed.suspension_id == facts.suspensions[0].key


def test_a_candidate_that_is_only_proposed_holds_nothing_back(bruno, proposed):
    assert rows.load(bruno).facts.guard_hold is None

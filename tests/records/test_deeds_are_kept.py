"""Deeds through the tables give the same facts as deeds on facts alone, whatever the order."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from religa.domain import deeds, invoicing, policy, steps, trust
from religa.domain.facts import (
    Channel,
    Evidence,
    Facts,
    Invoice,
    Line,
    Method,
    Payment,
    UnlockKind,
)
from religa.domain.standing import Standing
from religa.records import writer

from . import rows
from .rows import CALENDARS

pytestmark = pytest.mark.django_db
POLICY = policy.preset(policy.Preset.RGC_2025)
INVOICES, PAYMENTS = ("I1", "I2", "I3"), ("E0", "E1", "E2")

invoices, payments = st.sampled_from(INVOICES), st.sampled_from(PAYMENTS)
amounts = st.integers(1, 15_000) | st.sampled_from([500, 9990, 5000, 12_000])


def _issue(name, suspendable, other):
    def deed(s, at):
        lines = (Line(suspendable), Line(other, suspendable=False)) if other else (Line(suspendable),)
        new = Invoice(name, at, CALENDARS.day(at) + timedelta(days=8), lines)
        return invoicing.issue(s.facts, s.policy, s.calendars, new)

    return deed


def _pay(name, amount, first):
    return lambda s, at: deeds.pay(s, Payment(name, at, at, amount, Method.PIX), first=first)


def _sweep(s, at):
    """What Religa does by itself: opens, closes, judges."""
    facts = s.facts
    for _ in range(5):
        step = next(iter(steps.silent_steps(Standing(facts, s.policy, s.calendars), at)), None)
        if step is None:
            return facts
        facts = steps.apply(Standing(facts, s.policy, s.calendars), step, at)
    return facts


SWITCHES = st.sampled_from(["enforcement_off", "operator_block", "pause", "bar"]).map(deeds.Switch)
deed = st.one_of(
    st.builds(_issue, invoices, amounts, st.integers(0, 500)),
    st.builds(_pay, payments, amounts, st.lists(invoices, max_size=1)),
    payments.map(lambda p: lambda s, at: deeds.reverse(s, p, at)),
    st.tuples(invoices, amounts).map(lambda x: lambda s, at: invoicing.adjust(s, x[0], x[1], at)),
    invoices.map(lambda i: lambda s, at: invoicing.cancel(s, i, at)),
    invoices.map(lambda i: lambda s, at: invoicing.write_off(s, i, at)),
    invoices.map(lambda i: lambda s, at: invoicing.undo_write_off(s, i, at)),
    st.tuples(invoices, st.none() | amounts).map(lambda x: lambda s, at: invoicing.contest(s, x[0], at, x[1])),
    st.tuples(invoices, st.booleans()).map(lambda x: lambda s, at: invoicing.answer(s, x[0], at, upheld=x[1])),
    invoices.map(lambda i: lambda s, at: deeds.notify(s, [i], Evidence.DELIVERED, at)),
    invoices.map(lambda i: lambda s, at: deeds.learn_of_notice(s.facts, i, Evidence.FAILED, at)),
    st.sampled_from(UnlockKind).map(
        lambda k: lambda s, at: deeds.unlock(s, trust.Request(k, Channel.PORTAL, receipt=f"R{at}"), at)
    ),
    st.booleans().map(lambda now: lambda s, at: deeds.revoke_unlock(s, at, now=now)),
    st.just(lambda s, at: deeds.open_pay_window(s, at)),
    st.just(lambda s, at: deeds.hold(s.facts, at + 3 * rows.DAY, "pediu prazo", at)),
    SWITCHES.map(lambda w: lambda s, at: deeds.switch_on(s.facts, w, at, "motivo")),
    SWITCHES.map(lambda w: lambda s, at: deeds.switch_off(s.facts, w, at)),
    st.just(lambda s, at: deeds.import_suspension(s, [i.id for i in s.facts.invoices][:2], at, at.date(), at)),
    st.lists(invoices, min_size=1, max_size=2, unique=True).map(
        lambda names: lambda s, at: deeds.agree(s, f"A{at:%j%H%M}", names, [(date(2027, 3, 1), 5000)], at)
    ),
    st.just(_sweep),
    st.just(_sweep),
)  # fmt: skip
# Two months are owed before anything else, and the credit of one payment lies ready in half of the stories.
START = [(1, _issue("I1", 8990, 1000)), (1, _issue("I2", 5000, 0)), (1, _pay("E0", 40_000, []))]
prologues = st.sampled_from([START[:2], START])
stories = st.lists(st.tuples(st.integers(1, 20 * 24 * 60), deed), min_size=3, max_size=14)


def as_learnt(facts: Facts) -> Facts:
    """Credit has no order of its own: oldest money first."""
    return replace(facts, lots=tuple(sorted(facts.lots, key=lambda lot: (lot.paid_at, lot.source))))


class _Undo(Exception):
    pass


@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(prologue=prologues, story=stories)
def test_a_story_through_the_tables_is_the_story(ana, prologue, story):
    def body():
        pure, at = rows.load(ana).facts, rows.AT
        for minutes, do in [*prologue, *story]:
            at += timedelta(minutes=minutes)
            loaded = rows.load(ana, at)
            kept = do(Standing(loaded.facts, POLICY, CALENDARS), at)
            told = do(Standing(pure, POLICY, CALENDARS), at)
            if not isinstance(told, Facts):
                assert kept == told
                continue
            writer.save(writer.Change(loaded, kept, CALENDARS), at=at)
            pure = as_learnt(told)
            assert rows.without_keys(rows.load(ana, at).facts) == pure

    try:
        with transaction.atomic():
            body()
            raise _Undo
    except _Undo:
        pass

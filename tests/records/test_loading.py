"""What the loader brings, and what it costs."""

from dataclasses import replace
from datetime import UTC, date, datetime

import psycopg
import pytest
from django.db import connection

from people import everybody
from religa.domain import deeds
from religa.domain.facts import Evidence, Line, Notice, NoticeKind, Settlement, Suspension
from religa.domain.policy import PartialPayment, Preset
from religa.records import facts as loader
from religa.records import locks, raw, writer
from religa.records import models as tables
from religa.records.changes import Beside
from religa.records.loaded import WHAT_MATTERS, WHOLE_HISTORY, Ask, Place

from . import rows
from .rows import AT, CALENDARS, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def statements(monkeypatch):
    """Every query that the loader and the writer send."""
    sent = []

    class Counting(psycopg.Cursor):
        def execute(self, statement, *args, **more):
            sent.append(statement)
            return super().execute(statement, *args, **more)

        def copy(self, statement, *args, **more):
            sent.append(statement)
            return super().copy(statement, *args, **more)

    monkeypatch.setattr(raw, "_cursor", lambda: Counting(connection.connection))
    return sent


def people(provider, count):
    """Contracts with an invoice, a notice and an open block each."""
    contracts = [rows.contract(provider, f"c{n}") for n in range(count)]
    loaded = loader.load(contracts, AT)
    changes = []
    for n, contract in enumerate(contracts):
        name = f"I{n}"
        notice = Notice(NoticeKind.DEBT, (name,), AT - 20 * DAY, ((AT - 20 * DAY, Evidence.SENT),))
        paid = Settlement(f"E{n}", AT, AT, date(2026, 12, 1), (10,))
        after = replace(
            loaded[contract].facts,
            invoices=(rows.invoice(name, settlements=(paid,)),),
            payments=(rows.payment(f"E{n}", 10),),
            notices=(notice,),
            suspensions=(Suspension(AT - DAY, (name,), 9990),),
        )
        changes.append(writer.Change(loaded[contract], after, CALENDARS))
    return contracts, changes


def test_a_batch_takes_hardly_more_queries_than_one_contract(provider, statements):
    contracts, changes = people(provider, 30)
    writer.save_all(changes, at=AT)
    counts = []
    for batch in (contracts[:1], contracts):
        del statements[:]
        assert len(loader.load(batch, AT)) == len(batch)
        counts.append(len(statements))
    assert counts[0] < counts[1] <= 15  # of a few it is asked first which tables hold nothing


def test_the_whole_history_takes_no_more_queries(provider, statements):
    contracts, changes = people(provider, 10)
    writer.save_all(changes, at=AT)
    del statements[:]
    loader.load(contracts, AT, ask=WHOLE_HISTORY)
    assert len(statements) <= 15


def test_a_batch_is_saved_in_as_many_statements_as_one_contract(provider, statements):
    _, changes = people(provider, 30)
    counts = []
    for batch in (changes[:1], changes[1:]):
        del statements[:]
        writer.save_all(batch, at=AT)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 16


def test_a_contract_that_does_not_exist_is_left_out(ana):
    assert list(loader.load([ana, 404_404], AT)) == [ana]
    assert loader.load([], AT) == {}


def test_the_policy_is_the_version_valid_then(provider, ana):
    for number, day, days in ((1, 1, 20), (2, 15, 25)):
        tables.PolicyVersion.objects.create(
            provider=provider, number=number, valid_from=datetime(2026, 11, day, tzinfo=UTC),
            preset="anatel-rgc-2025", values={"block_after_notice_days": days}, author="Rita",
        )  # fmt: skip
    found = [rows.load(ana, datetime(2026, m, d, tzinfo=UTC)) for m, d in ((10, 31), (11, 1), (11, 15))]
    assert [f.policy.block_after_notice_days for f in found] == [15, 20, 25]
    assert [f.policy_version is None for f in found] == [True, False, False]


def test_a_stored_policy_is_read_as_people_wrote_it(provider, ana):
    values = {"partial_payment": "percent", "partial_payment_percent": 50, "block_hours": "08:00-12:00"}
    tables.PolicyVersion.objects.create(
        provider=provider, number=1, valid_from=AT, preset="custom", values=values, author="Rita"
    )
    policy = rows.load(ana).policy
    assert (policy.preset, policy.partial_payment) == (Preset.CUSTOM, PartialPayment.PERCENT)
    assert policy.block_hours.start == 8 * 60


def test_a_stored_policy_beyond_its_limits_is_never_used(provider, ana):
    tables.PolicyVersion.objects.create(
        provider=provider, number=1, valid_from=AT, preset="anatel-rgc-2025",
        values={"block_after_notice_days": 3}, author="Rita",
    )  # fmt: skip
    with pytest.raises(ValueError, match="RGC art. 70"):
        rows.load(ana)


@pytest.mark.parametrize(
    ("hours", "stale"), [((), False), ((1,), False), ((31,), True), ((1, 31), True), ((None,), True)]
)
def test_a_silent_feed_makes_the_books_stale(provider, ana, hours, stale):
    """30 hours by default; every configured feed must have been heard."""
    for n, age in enumerate(hours):
        tables.FeedHeartbeat.objects.create(
            provider=provider, name=f"feed {n}", kind="poll",
            last_completed_at=None if age is None else AT - age * DAY / 24,
        )  # fmt: skip
    tables.FeedHeartbeat.objects.create(provider=provider, name="old bank", kind="file", configured=False)
    assert rows.load(ana).facts.feed_stale is stale


def test_the_place_is_the_customers_and_else_the_providers(provider, ana):
    assert rows.load(ana).place == Place("America/Fortaleza", "CE", "2304400")
    tables.Contract.objects.filter(pk=ana).update(uf="PI", ibge_code="2211001")
    assert rows.load(ana).place == Place("America/Fortaleza", "PI", "2211001")


def test_an_earlier_holders_debt_is_not_seen_unless_asked_for(ana):
    rows.change(ana, invoices=(rows.invoice("I1"),), payments=(rows.payment("E1", at=AT - 40 * DAY),))
    rows.save(ana, deeds.change_holder(rows.load(ana).facts, AT, date(2026, 12, 1)))
    assert rows.load(ana).facts.invoices == ()
    assert rows.load(ana).facts.payments == ()
    past = rows.load(ana, ask=Ask(everything=True, earlier_holders=True)).facts
    assert [i.id for i in past.invoices] == ["I1"]


def test_a_shared_invoice_is_seen_from_both_sides(ana, bruno):
    """Ana's bill carries a line of Bruno's contract, say of the same household."""
    shared = replace(rows.invoice("I1"), lines=(Line(6000), Line(3990, own=False)))
    notice = Notice(NoticeKind.DEBT, ("I1",), AT, ((AT, Evidence.DELIVERED),))
    after = replace(rows.load(ana).facts, invoices=(shared,), notices=(notice,))
    rows.save(ana, after, beside=Beside(owners={"I1": (ana, bruno)}))
    both = loader.load([ana, bruno], AT)
    assert [[line.own for line in both[c].facts.invoices[0].lines] for c in (ana, bruno)] == [
        [True, False],
        [False, True],
    ]
    assert both[bruno].facts.notices == both[ana].facts.notices
    alone = loader.load([bruno], AT)[bruno]
    assert alone.facts == both[bruno].facts


def test_whose_line_it_is_must_be_said(ana):
    shared = replace(rows.invoice("I1"), lines=(Line(6000), Line(3990, own=False)))
    with pytest.raises(ValueError, match="owners"):
        rows.change(ana, invoices=(shared,))


def test_a_notice_names_invoices_that_are_not_loaded(ana):
    two = (rows.invoice("I1"), rows.invoice("I2"))
    notice = Notice(NoticeKind.DEBT, ("I2", "I1"), AT, ((AT, Evidence.SENT),))
    facts = rows.change(ana, invoices=two, notices=(notice,))
    paid = replace(facts.invoices[0], settlements=(Settlement("E1", AT, AT, date(2026, 11, 9), (9990,)),))
    rows.save(ana, replace(facts.with_invoice(paid), payments=(rows.payment(),)))
    found = rows.load(ana, ask=WHAT_MATTERS).facts
    assert [i.id for i in found.invoices] == ["I2"]
    assert found.notices[0].invoices == ("I2", "I1")


def test_old_suspensions_are_history(ana):
    old = Suspension(AT - 900 * DAY, (), 100, AT - 500 * DAY, "settled")
    recent = Suspension(AT - 100 * DAY, (), 100, AT - 90 * DAY, "settled")
    rows.change(ana, suspensions=(old, recent))
    matters = rows.load(ana, ask=WHAT_MATTERS).facts.suspensions
    assert [s.opened_at for s in matters] == [recent.opened_at]
    assert len(rows.load(ana).facts.suspensions) == 2


def test_a_receipt_asked_for_is_known_if_anybody_used_it(ana, bruno):
    tables.ReceiptUsed.objects.create(
        provider=tables.Contract.objects.get(pk=ana).provider, contract_id=bruno, receipt="R1", at=AT
    )
    asked = loader.load([ana], AT, ask=Ask(receipts=["R1", "R2"]))[ana]
    assert asked.facts.receipts_used == {"R1"}


def test_the_loader_leaves_no_trace(ana):
    rows.change(ana, invoices=(rows.invoice(),))
    before = rows.tables()
    loader.load([ana], AT, ask=WHOLE_HISTORY)
    assert rows.tables() == before


def test_a_few_are_read_like_many(db):
    """Of a few it is asked first what there is; whoever is where, the facts are the same."""
    made = [contract.pk for contract in everybody(locks.database_now()).values()]
    at = locks.database_now()
    many = loader.load(made, at)
    assert len(made) > 8 and {key: loader.load([key], at)[key] for key in made} == many


def test_what_is_asked_of_a_few_is_planned_once(db):
    """A plan with the keys in it is made anew each time, and costs more than what it finds."""
    made = everybody(locks.database_now())
    at = locks.database_now()
    raw.run("DEALLOCATE ALL")  # what other tests have planned, with tables of other sizes
    for _ in range(12):  # three times until a statement is prepared, five until its plan is kept
        for contract in made.values():
            loader.load([contract.pk], at)
    kept = raw.rows(
        "SELECT custom_plans, statement FROM pg_prepared_statements WHERE statement LIKE %s",
        ["%)::bigint[])%"],
    )
    assert len(kept) > 5 and [(n, s) for n, s in kept if n > 5] == []

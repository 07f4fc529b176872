"""The database itself refuses what must not be, and says so by name."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection, transaction

from religa.domain.facts import (
    Channel,
    Dispute,
    Lot,
    Settlement,
    Suspension,
    TrustUnlock,
    UnlockKind,
)
from religa.records import errors
from religa.records import models as tables
from religa.records.errors import (
    AlreadySuspended,
    LoginTaken,
    MoneyUsedTwice,
    ReceiptAlreadyUsed,
    SeenBefore,
    TrustOverlaps,
)

from . import rows
from .rows import AT, DAY

pytestmark = pytest.mark.django_db


@contextmanager
def refused(constraint, kind=errors.Broken):
    """The block breaks this very promise; what was written before it stands."""
    with pytest.raises(kind) as caught, errors.naming(), transaction.atomic():
        yield
        connection.check_constraints()  # foreign keys are checked at the end of a transaction
    assert caught.value.constraint == constraint


def suspension(start=AT, end=None):
    return Suspension(start, (), 9990, end, "settled" if end else None)


def unlock(start, days, **more):
    return TrustUnlock(UnlockKind.PROMISE, Channel.PORTAL, start, start + days * DAY, (), **more)


def test_a_contract_has_one_open_suspension(ana):
    rows.change(ana, suspensions=(suspension(),))
    with refused("suspension_one_open", AlreadySuspended):
        tables.Suspension.objects.create(contract_id=ana, opened_at=AT, late_at_opening=1)


def test_a_closed_suspension_may_be_followed_by_another(ana):
    rows.change(ana, suspensions=(suspension(AT - 5 * DAY, AT - DAY), suspension()))
    assert rows.load(ana).facts.open_suspension.opened_at == AT


def test_a_suspension_does_not_end_before_it_begins(ana):
    with refused("suspension_closed_at_not_before_opened_at"):
        rows.change(ana, suspensions=(suspension(AT, AT - DAY),))


def test_the_end_of_a_suspension_has_a_reason(ana):
    with refused("suspension_end_whole"):
        rows.change(ana, suspensions=(replace(suspension(AT, AT + DAY), why_closed=None),))


def test_trust_unlocks_cannot_overlap(ana):
    rows.change(ana, unlocks=(unlock(AT, 3),))
    with refused("trust_unlock_no_overlap", TrustOverlaps):
        kept = rows.load(ana).facts.unlocks
        rows.change(ana, unlocks=(*kept, unlock(AT + 2 * DAY, 3)))


def test_a_trust_unlock_that_is_cut_short_makes_room_for_the_next(ana):
    (first,) = rows.change(ana, unlocks=(unlock(AT, 3),)).unlocks
    shortened = replace(first, until=AT + DAY)
    rows.change(ana, unlocks=(shortened, unlock(AT + DAY, 5)))
    assert [u.until for u in rows.load(ana).facts.unlocks] == [AT + DAY, AT + 6 * DAY]
    assert tables.TrustUnlock.objects.get(pk=first.key).granted_until == AT + 3 * DAY


def test_two_contracts_may_be_trusted_at_once(ana, bruno):
    for contract in (ana, bruno):
        rows.change(contract, unlocks=(unlock(AT, 3),))
    assert tables.TrustUnlock.objects.count() == 2


def test_a_receipt_counts_once_for_the_whole_provider(ana, bruno):
    rows.change(ana, unlocks=(unlock(AT, 1, receipt="R1"),), receipts_used=frozenset({"R1"}))
    with refused("receipt_used_once", ReceiptAlreadyUsed):
        rows.change(bruno, unlocks=(unlock(AT, 1, receipt="R1"),), receipts_used=frozenset({"R1"}))


def test_a_payment_is_credited_once_per_provider(ana, bruno):
    rows.change(ana, payments=(rows.payment("E1"),))
    with refused("payment_external_id_once", SeenBefore):
        rows.change(bruno, payments=(rows.payment("E1"),))


def test_another_provider_may_have_the_same_ids(ana):
    other = rows.contract(rows.provider("A87HBZHB000161"), "ana")
    for contract in (ana, other):
        rows.change(contract, payments=(rows.payment("E1"),), invoices=(rows.invoice("I1"),))
    assert tables.Payment.objects.filter(external_id="E1").count() == 2


def test_an_invoice_number_is_used_once_per_provider(ana, bruno):
    rows.change(ana, invoices=(rows.invoice("I1"),))
    with refused("invoice_external_id_once", SeenBefore):
        rows.change(bruno, invoices=(rows.invoice("I1"),))


def test_a_network_login_belongs_to_one_contract(ana, bruno):
    tables.AccessRecord.objects.create(contract_id=ana, username="ana@religa")
    with refused("access_record_username_once", LoginTaken):
        tables.AccessRecord.objects.create(contract_id=bruno, username="ana@religa")


def settled(amount, **more):
    return Settlement("E1", AT, AT, date(2026, 12, 1), (amount,), **more)


def test_a_line_takes_no_more_than_it_asks_for(ana):
    paid = rows.invoice("I1", 9990, settlements=(settled(9991),))
    with refused("allocation_within_line", MoneyUsedTwice):
        rows.change(ana, invoices=(paid,), payments=(rows.payment("E1", 20000),))


def test_one_line_among_many_that_takes_too_much_is_found(ana):
    paid = [rows.invoice(f"I{n}", 100, settlements=(settled(100 + (n == 150)),)) for n in range(300)]
    with refused("allocation_within_line", MoneyUsedTwice):
        rows.change(ana, invoices=paid, payments=(rows.payment("E1", 40000),))


def test_an_invoice_is_not_adjusted_below_what_is_settled_of_it(ana):
    paid = rows.invoice("I1", 9990, settlements=(settled(9990),))
    (kept,) = rows.change(ana, invoices=(paid,), payments=(rows.payment(),)).invoices
    smaller = replace(kept, lines=(replace(kept.lines[0], amount=5000),))
    with refused("allocation_within_line", MoneyUsedTwice):
        rows.change(ana, invoices=(smaller,))


def test_a_payment_settles_no_more_than_was_paid(ana):
    paid = rows.invoice("I1", 9990, settlements=(settled(9000),))
    with refused("payment_spent_once", MoneyUsedTwice):
        rows.change(ana, invoices=(paid,), payments=(rows.payment("E1", 8999),))


def test_what_settled_an_invoice_is_not_credit_too(ana):
    paid = rows.invoice("I1", 9990, settlements=(settled(9000),))
    with refused("payment_spent_once", MoneyUsedTwice):
        rows.change(ana, invoices=(paid,), payments=(rows.payment("E1", 9990),), lots=(Lot("E1", AT, 991),))


def test_forgiven_principal_is_no_money(ana):
    paid = rows.invoice("I1", 9990, settlements=(settled(9990, discount=990),))
    rows.change(ana, invoices=(paid,), payments=(rows.payment("E1", 9000),))
    assert rows.load(ana).facts.invoices[0].settlements[0].money == 9000


def test_a_reversed_payment_has_no_use_left(ana):
    paid = rows.invoice("I1", 9990, settlements=(settled(9990),))
    facts = rows.change(ana, invoices=(paid,), payments=(rows.payment(),))
    with refused("payment_spent_once", MoneyUsedTwice):
        rows.change(ana, payments=(replace(facts.payments[0], reversed_at=AT),))


def test_an_invoice_has_one_open_dispute(ana):
    rows.change(ana, invoices=(rows.invoice(disputes=(Dispute(AT),)),))
    invoice = tables.Invoice.objects.get()
    with refused("dispute_one_open"):
        tables.Dispute.objects.create(invoice=invoice, filed_at=AT)


def test_words_are_those_of_the_glossary(ana):
    with refused("contract_access_access_known"):
        tables.ContractAccess.objects.filter(contract_id=ana).update(access="slow")


def test_what_is_named_must_exist(ana):
    with refused("suspension_invoice_invoice_fk", errors.StillReferenced):
        made = tables.Suspension.objects.create(contract_id=ana, opened_at=AT, late_at_opening=1)
        tables.SuspensionInvoice.objects.create(suspension=made, invoice_id=404, position=0)


def test_a_candidate_for_a_first_block_is_on_one_list(provider, ana):
    run = tables.BlockRun.objects.create(provider=provider, started_at=AT)
    tables.BlockCandidate.objects.create(run=run, contract_id=ana, proposed_at=AT)
    with refused("block_candidate_one_live", AlreadySuspended):
        tables.BlockCandidate.objects.create(run=run, contract_id=ana, proposed_at=AT)


def test_a_held_run_names_its_reason(provider):
    with refused("block_run_held_names_reason"):
        tables.BlockRun.objects.create(provider=provider, started_at=AT, state="held")


def test_a_release_names_its_person(provider):
    with refused("block_run_approval_names_person"):
        tables.BlockRun.objects.create(provider=provider, started_at=AT, approved_at=AT)


def test_session_records_are_kept_for_twelve_months():
    with refused("session_log_kept_12_months"), connection.cursor() as cursor:
        cursor.execute("SELECT drop_session_partition(date '2026-01-01', %s)", [AT])


def test_every_contract_has_its_access_row(ana):
    row = tables.ContractAccess.objects.get(contract_id=ana)
    assert (row.access, row.status) == ("full", "current")
    assert row.next_look_at is not None


def test_every_promise_has_a_name_and_a_sentence():
    """A constraint that is broken at night must be readable in the morning."""
    names = [m._meta.db_table for m in tables.Provider._meta.apps.get_app_config("records").get_models()]
    plain = [n for n in names if '"' not in n] + ["network_password", "nas_secret"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid"
            " WHERE t.relname = ANY (%s) AND contype IN ('c', 'f', 'u', 'x')"
            " UNION SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
            " JOIN pg_class t ON t.oid = x.indrelid"
            " WHERE t.relname = ANY (%s) AND x.indisunique AND NOT x.indisprimary",
            [plain, plain],
        )
        promises = [name for (name,) in cursor.fetchall()]
    assert len(promises) > 150
    assert [name for name in promises if errors.broken(name) is None] == []

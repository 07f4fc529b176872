"""What pages read."""

from dataclasses import replace
from datetime import date

import pytest

from religa.domain.facts import Dispute, Evidence, Lot, Notice, NoticeKind, Period, Settlement, Suspension
from religa.records import answers, queries
from religa.records import models as tables

from . import rows
from .rows import AT, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def carla(provider):
    """Carla was trusted: a name with accents, two phones, a company's CNPJ, an address and a log-in."""
    contract = rows.contract(provider, "carla")
    subscriber = tables.Contract.objects.get(pk=contract).subscriber
    tables.Subscriber.objects.filter(pk=subscriber.pk).update(
        name="Carla Conceição Araújo", document="12ABC34501DE35", kind="company", email="carla@exemplo.com.br"
    )
    tables.SubscriberPhone.objects.create(subscriber=subscriber, number="5585999887766", position=1)
    tables.Contract.objects.filter(pk=contract).update(address="Rua São João, 100% esquina")
    tables.AccessRecord.objects.create(contract_id=contract, username="carla.araujo@religa")
    return contract


@pytest.mark.parametrize(
    "text",
    [
        "Conceição", "conceicao araujo", "ARAÚJO carla", "12.ABC.345/01DE-35", "12abc34501de35", "99988-7766",
        "(85) 99988-7766", "carla.araujo", "Carla.Araujo@religa", "rua sao joao", "100%", "carla",
        "CARLA@exemplo.com.br",
    ],
)  # fmt: skip
def test_a_contract_is_found_by_what_people_say(provider, ana, bruno, carla, text):
    assert [f.contract_id for f in queries.search(text, provider_ids=[provider.pk])] == [carla]


@pytest.mark.parametrize("text", ["", "   ", "zz", "conceicao bezerra", "100%%", "_____", "00000000000000"])
def test_nothing_is_found_by_what_fits_nobody(provider, ana, carla, text):
    assert queries.search(text, provider_ids=[provider.pk]) == []


def test_search_stays_with_the_provider(provider, carla):
    other = rows.provider("A87HBZHB000161")
    assert queries.search("conceicao", provider_ids=[other.pk]) == []


def test_a_contract_number_comes_first(provider, carla):
    """A contract numbered like another's name stands before it."""
    numbered = rows.contract(provider, "Araújo")
    tables.Subscriber.objects.filter(external_id="Araújo").update(name="Zuleide")
    found = queries.search("Araújo", provider_ids=[provider.pk])
    assert [f.contract_id for f in found] == [numbered, carla]


def test_a_found_contract_says_what_the_list_shows(provider, carla):
    (found,) = queries.search("conceicao", provider_ids=[provider.pk])
    assert (found.name, found.logins, found.status) == (
        "Carla Conceição Araújo",
        ("carla.araujo@religa",),
        "current",
    )


def test_every_contract_of_a_document_is_found(provider, ana, bruno):
    found = queries.contracts_of_document("11144477735", provider_ids=[provider.pk])
    assert {f.contract_id for f in found} == {ana, bruno}


def test_the_head_of_a_contract(carla):
    head = queries.head(carla)
    assert (head.name, head.phones, head.access) == ("Carla Conceição Araújo", ("5585999887766",), "full")
    assert queries.head(404_404) is None


def test_invoices_show_what_is_paid_and_how_to_pay(provider, bruno):
    paid = Settlement("E1", AT, AT, date(2026, 12, 1), (4000,))
    rows.change(
        bruno,
        invoices=(rows.invoice("I1", settlements=(paid,)), rows.invoice("I2", 5000, due=date(2026, 12, 10))),
        payments=(rows.payment("E1", 4000),),
    )
    invoice = tables.Invoice.objects.get(external_id="I1")
    tables.Charge.objects.create(
        provider=provider,
        invoice=invoice,
        kind="boleto",
        amount=9990,
        created_at=AT,
        linha_digitavel="0019...",
    )
    second, first = queries.invoices_of(bruno)
    assert (first.external_id, first.total, first.paid, first.linha_digitavel) == (
        "I1",
        9990,
        4000,
        "0019...",
    )
    assert (second.external_id, second.paid, second.linha_digitavel) == ("I2", 0, None)


def test_history_tells_all_that_happened_latest_first(bruno):
    paid = Settlement("E1", AT, AT, date(2026, 12, 1), (4000,))
    disputed = (Dispute(AT - 8 * DAY, None, AT - 7 * DAY, False),)
    facts = rows.change(
        bruno,
        invoices=(rows.invoice("I1", settlements=(paid,), disputes=disputed),),
        payments=(rows.payment("E1", 5000),),
        lots=(Lot("E1", AT, 1000),),
        notices=(Notice(NoticeKind.DEBT, ("I1",), AT - 20 * DAY, ((AT - 20 * DAY, Evidence.SENT),)),),
        suspensions=(Suspension(AT - 2 * DAY, ("I1",), 9990, AT, "settled"),),
        holds=(Period(AT - 6 * DAY, AT - 5 * DAY, "pediu prazo"),),
    )
    line = replace(facts.invoices[0].lines[0], amount=9000)
    rows.save(bruno, facts.with_invoice(replace(facts.invoices[0], lines=(line,))), AT + DAY)
    story = queries.history(bruno)
    assert [h.what for h in story] == [
        "adjustment", "payment", "suspension_closed", "suspension", "hold_ended", "hold", "dispute_answered",
        "dispute", "notice", "invoice",
    ]  # fmt: skip
    assert story[0].detail == {"invoice": "I1", "amount": -990}
    assert story[0].by == "test"
    assert [h.what for h in queries.history(bruno, limit=2)] == ["adjustment", "payment"]


def test_a_reversal_is_told_with_its_payment(bruno):
    rows.change(bruno, payments=(rows.payment("E1", 100, reversed_at=AT + DAY),))
    assert [(h.what, h.detail["payment"]) for h in queries.history(bruno)] == [
        ("payment_reversed", "E1"),
        ("payment", "E1"),
    ]


def test_a_payment_is_known_by_its_id(provider, bruno):
    rows.change(bruno, payments=(rows.payment("E1"),))
    assert queries.payment_contract(provider_id=provider.pk, external_id="E1") == bruno
    assert queries.payment_contract(provider_id=provider.pk, external_id="E2") is None


def test_runs_count_their_candidates_as_they_are_now(provider, ana, bruno):
    run = tables.BlockRun.objects.create(
        provider=provider, started_at=AT, state="held", reason="feed_stale", held_at=AT
    )
    for contract, state in ((ana, "held"), (bruno, "dropped")):
        tables.BlockCandidate.objects.create(
            run=run, contract_id=contract, proposed_at=AT, state=state, held_at=AT, held_reason="feed_stale"
        )
    (found,) = queries.block_runs(provider.pk, state="held")
    assert (found.proposed, found.held, found.dropped, found.reason) == (2, 1, 1, "feed_stale")
    assert queries.block_runs(provider.pk, state="open") == []
    assert {c.contract_id: c.state for c in queries.run_contracts(run.pk)} == {ana: "held", bruno: "dropped"}


def test_a_feed_says_since_when_it_is_silent(provider):
    tables.FeedHeartbeat.objects.create(
        provider=provider, name="banco", kind="poll", last_completed_at=AT - 2 * DAY
    )
    (feed,) = queries.feeds(provider.pk, at=AT, max_age_hours=30)
    assert (feed.name, feed.stale) == ("banco", True)
    assert queries.feeds(provider.pk, at=AT - DAY, max_age_hours=30)[0].stale is False


def test_what_was_set_aside_waits_to_be_seen(provider, ana, bruno):
    tables.SweepFailure.objects.create(contract_id=ana, at=AT, step="judge", error="boom")
    tables.SweepFailure.objects.create(contract_id=bruno, at=AT, step="judge", error="boom", resolved_at=AT)
    assert [f.external_id for f in queries.failures([provider.pk])] == ["ana"]


def test_contracts_are_counted_where_they_stand(provider, ana, bruno):
    tables.ContractAccess.objects.filter(contract_id=ana).update(status="late")
    assert queries.counts_by_status(provider.pk) == {"late": 1, "current": 1}


def test_the_outbox_shows_the_latest_message_first(provider):
    for n in (1, 2):
        tables.Message.objects.create(
            provider=provider, kind="code", channel="console", address="x", text=f"código {n}", created_at=AT
        )
    assert [m.text for m in queries.outbox([provider.pk])] == ["código 2", "código 1"]


def test_a_request_is_answered_once(db):
    asked = {"contract": 7, "kind": "promise"}
    this = {"scope": "api/1", "key": "k1", "question": asked}
    assert answers.remembered(**this) == answers.New()
    answers.remember(**this, answer={"granted_until": "2026-12-07"}, at=AT)
    assert answers.remembered(**this) == answers.Before({"granted_until": "2026-12-07"})
    assert answers.remembered(**{**this, "question": {**asked, "contract": 8}}) == answers.OtherQuestion()
    assert answers.remembered(**{**this, "scope": "api/2"}) == answers.New()


def test_protocol_numbers_are_never_given_twice(provider, ana):
    given = {
        answers.protocol(
            provider_id=provider.pk,
            contract_id=ana,
            subject="trust_unlock",
            day="20261201",
            at=AT,
            author="Lia",
        )
        for _ in range(3)
    }
    assert len(given) == 3
    assert all(number.startswith("20261201-") and len(number) == 15 for number in given)

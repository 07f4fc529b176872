"""A fault of ours holds first blocks where it is, each by itself; its end lets them go without anybody."""

import threading

import pytest
from django.db import connection, transaction

from religa.actions import approve_run, evaluate_access, hold, record_payment, stop_blocks
from religa.actions.guard.run import run_guard
from religa.actions.incident import Closed, close_incident, open_incident
from religa.actions.look import look
from religa.actions.sweep import sweep
from religa.domain.facts import Method
from religa.domain.invoicing import Refused
from religa.domain.reasons import Refusal, Why
from religa.records import facts, locks, raw
from religa.records.incidents import at_open
from religa.records.models import BlockCandidate, BlockRun, Incident, Provider, SessionLive

from . import faults, world

MORNING = world.at("2026-11-30 08:10")
TUESDAY = world.at("2026-12-01 10:00")


@pytest.fixture
def provider(db):
    return world.provider()


def another(provider) -> Provider:
    """A provider of the same town."""
    return Provider.objects.create(name="Outra", cnpj="11222333000181", ibge_code=provider.ibge_code)


def late(provider, name="", **more) -> int:
    """A contract whose block is due on Monday, 30 November, at 09:00."""
    contract = world.contract(provider, name, **more)
    world.bill(contract)
    return contract


def close(provider, incident, at=TUESDAY):
    return close_incident(provider_id=provider.pk, incident_id=incident, by="Rede", at=at)


def candidates(*contracts) -> list[tuple[str, str]]:
    found = BlockCandidate.objects.filter(contract_id__in=contracts).order_by("contract_id", "id")
    return list(found.values_list("state", "held_reason"))


def opened() -> int:
    return world.count("SELECT count(*) FROM suspension")


class TestTheGuard:
    @pytest.fixture
    def fortaleza(self, provider):
        return late(provider, "bruno")

    @pytest.fixture
    def elsewhere(self, provider):
        return late(provider, "davi", ibge_code="2303709", uf="CE")

    def test_those_at_a_fault_are_held_and_the_others_of_the_run_go_on(self, provider, fortaleza, elsewhere):
        faults.fault(provider, MORNING)
        world.play(world.BLOCKED)
        assert world.row(fortaleza) == ("full", "held", None)
        assert world.row(elsewhere)[:2] == ("walled", "blocked")
        assert candidates(fortaleza, elsewhere) == [("held", "incident"), ("opened", "")]
        run = BlockRun.objects.get()
        assert (run.state, run.reason, run.proposed, run.admitted, run.held) == ("open", "", 2, 1, 1)

    def test_pages_guard_and_row_say_the_same(self, provider, fortaleza):
        faults.fault(provider, MORNING)
        world.play(world.BLOCKED)
        view = look(contract_id=fortaleza, at=world.BLOCKED)
        assert (view.decision.why, view.standing.facts.incident) == (Why.INCIDENT, True)
        why = raw.rows("SELECT why, cause FROM access_change WHERE status = 'held'")
        assert why == [("incident", "held by guard: incident")]

    def test_its_end_lets_them_go_at_the_next_slot_without_anybody(self, provider, fortaleza):
        incident = faults.fault(provider, MORNING)
        world.play(world.BLOCKED)
        evening = world.at("2026-12-03 22:00")  # a Thursday
        assert close(provider, incident, evening) == Closed(incident)
        world.play(evening)
        assert world.row(fortaleza) == ("full", "late", world.at("2026-12-07 09:00"))
        world.play(world.at("2026-12-07 09:00"))
        assert world.row(fortaleza)[:2] == ("walled", "blocked")
        assert candidates(fortaleza) == [("dropped", "incident"), ("opened", "")]
        assert {r.state for r in BlockRun.objects.all()} == {"done"}

    def test_its_end_within_the_hours_blocks_in_the_same_turn(self, provider, fortaleza):
        incident = faults.fault(provider, MORNING)
        world.play(world.BLOCKED)
        close(provider, incident)
        world.play(TUESDAY)
        assert world.row(fortaleza)[:2] == ("walled", "blocked")

    def test_of_two_faults_the_last_to_end_lets_them_go(self, provider, fortaleza):
        nas = faults.router(provider)
        faults.online(fortaleza, nas)
        region, router = faults.fault(provider, MORNING), faults.fault(provider, MORNING, nas_id=nas)
        world.play(world.BLOCKED)
        close(provider, region)
        world.play(TUESDAY)
        assert world.row(fortaleza)[:2] == ("full", "held")
        close(provider, router)
        world.play(TUESDAY)
        assert world.row(fortaleza)[:2] == ("walled", "blocked")

    def test_what_was_admitted_and_waits_for_its_slot_is_not_opened(self, provider, fortaleza):
        """Admitted on Friday evening, say: the fault comes before Monday's slot."""
        world.play(world.at("2026-11-29 12:00"))
        raw.run(
            "INSERT INTO block_candidate (contract_id, state, proposed_at, admitted_at, held_reason, approved_by,"
            " dropped_why) VALUES (%s, 'admitted', %s, %s, '', '', '')",
            [fortaleza, MORNING, MORNING],
        )
        faults.fault(provider, MORNING)
        world.play(world.BLOCKED)
        assert opened() == 0
        assert candidates(fortaleza) == [("held", "incident")]
        assert world.row(fortaleza) == ("full", "held", None)

    def test_what_was_approved_for_another_reason_is_held_again(self, provider, fortaleza):
        stop_blocks.stop(provider_id=provider.pk, by="Gestora", at=MORNING)
        world.play(world.BLOCKED)
        [run] = BlockRun.objects.filter(state="held")
        incident = faults.fault(provider, world.BLOCKED)
        stop_blocks.resume(provider_id=provider.pk)
        approve_run.approve(run_id=run.pk, by="Gestora", at=world.BLOCKED)
        world.play(world.BLOCKED)
        assert candidates(fortaleza) == [("held", "incident")]
        close(provider, incident)
        world.play(TUESDAY)
        assert world.row(fortaleza)[:2] == ("walled", "blocked")

    def test_a_person_may_release_one_knowing_of_the_fault(self, provider, fortaleza):
        faults.fault(provider, MORNING)
        world.play(world.BLOCKED)
        approve_run.release_one(contract_id=fortaleza, by="Gestora", at=TUESDAY)
        world.play(TUESDAY)
        assert world.row(fortaleza)[:2] == ("walled", "blocked")

    def test_a_held_run_keeps_its_own_reason_beside_those_at_a_fault(self, provider, fortaleza, elsewhere):
        stop_blocks.stop(provider_id=provider.pk, by="Gestora", at=MORNING)
        incident = faults.fault(provider, MORNING)
        world.play(world.BLOCKED)
        assert candidates(fortaleza, elsewhere) == [("held", "incident"), ("held", "enforcement_off")]
        close(provider, incident)
        world.play(TUESDAY)
        assert candidates(fortaleza) == [("dropped", "incident"), ("held", "enforcement_off")]
        assert world.row(fortaleza)[:2] == ("full", "held")

    def test_those_at_a_fault_use_no_budget(self, provider):
        there = [late(provider) for _ in range(52)]
        other = late(provider, ibge_code="2303709")
        faults.fault(provider, MORNING)
        world.play(world.at("2026-11-29 12:00"))
        raw.run("UPDATE notice SET opens_at = opens_at - interval '3 days'")  # announced for another day
        world.play(world.BLOCKED)
        assert world.row(other)[:2] == ("walled", "blocked")
        assert {world.row(c)[:2] for c in there} == {("full", "held")}

    def test_blocks_that_stand_stay_and_restores_go_on(self, provider, fortaleza):
        world.play(world.BLOCKED)
        faults.fault(provider, TUESDAY)
        world.play(TUESDAY)
        assert world.row(fortaleza)[:2] == ("walled", "blocked")
        record_payment.record(
            contract_id=fortaleza, payment_id="E1", amount=150_00, method=Method.PIX, paid_at=TUESDAY, at=TUESDAY
        )  # fmt: skip
        assert world.row(fortaleza)[:2] == ("full", "current")

    def test_who_pays_while_held_leaves_the_list(self, provider, fortaleza):
        incident = faults.fault(provider, MORNING)
        world.play(world.BLOCKED)
        record_payment.record(
            contract_id=fortaleza, payment_id="E1", amount=150_00, method=Method.PIX, paid_at=TUESDAY, at=TUESDAY
        )  # fmt: skip
        world.play(TUESDAY)
        assert candidates(fortaleza) == [("dropped", "incident")]
        close(provider, incident)
        world.play(TUESDAY)
        assert (world.row(fortaleza)[:2], opened()) == (("full", "current"), 0)

    def test_a_promise_not_to_block_goes_on_after_the_fault(self, provider, fortaleza):
        incident = faults.fault(provider, MORNING)
        world.play(world.BLOCKED)
        hold.hold(contract_id=fortaleza, until=world.at("2026-12-15 12:00"), reason="saúde", at=TUESDAY)
        close(provider, incident)
        world.play(TUESDAY)
        assert world.row(fortaleza) == ("full", "held", world.at("2026-12-15 12:00"))

    def test_nobody_is_slowed_down_and_the_end_of_the_fault_is_enough(self, db):
        provider = world.provider(reduced_after_notice_days=5)
        contract = late(provider)
        incident = faults.fault(provider, world.at("2026-11-16 10:00"))
        world.play(world.at("2026-11-18 10:00"))
        assert world.row(contract)[:2] == ("full", "late")
        close(provider, incident, world.at("2026-11-18 10:00"))
        world.play(world.at("2026-11-18 10:00"))
        assert world.row(contract)[:2] == ("reduced", "late")


class TestWhoIsThere:
    """By router: the live sessions, else the last session of 30 days. By municipality: the contract's, else ours."""

    @pytest.fixture
    def nas(self, provider):
        return faults.router(provider)

    @pytest.fixture
    def other(self, provider):
        return faults.router(provider, "CE-02")

    @pytest.fixture
    def contract(self, provider):
        return late(provider)

    def is_there(self, contract, at=MORNING):
        return look(contract_id=contract, at=at).standing.facts.incident

    def test_by_a_live_session(self, provider, nas, contract):
        faults.online(contract, nas)
        faults.fault(provider, MORNING, nas_id=nas)
        world.play(world.BLOCKED)
        assert world.row(contract)[:2] == ("full", "held")

    def test_by_the_last_session_if_there_is_none(self, provider, nas, other, contract):
        faults.was_online(contract, other, MORNING - 2 * world.DAY)
        faults.was_online(contract, nas, MORNING - world.DAY)
        faults.fault(provider, MORNING, nas_id=nas)
        world.play(world.BLOCKED)
        assert world.row(contract)[:2] == ("full", "held")

    @pytest.mark.parametrize("days", [29, 31])
    def test_a_session_older_than_30_days_says_nothing(self, provider, nas, contract, days):
        faults.was_online(contract, nas, MORNING - days * world.DAY)
        faults.fault(provider, MORNING, nas_id=nas)
        assert self.is_there(contract) is (days == 29)

    def test_who_is_online_through_another_router_is_not_there(self, provider, nas, other, contract):
        faults.was_online(contract, nas, MORNING)
        faults.online(contract, other)
        faults.fault(provider, MORNING, nas_id=nas)
        assert not self.is_there(contract)

    def test_one_log_in_of_several_is_enough(self, provider, nas, other, contract):
        faults.online(contract, other)
        faults.online(contract, nas)
        faults.fault(provider, MORNING, nas_id=nas)
        assert self.is_there(contract)

    def test_who_moves_to_another_router_is_let_go(self, provider, nas, other, contract):
        session = faults.online(contract, nas)
        faults.fault(provider, MORNING, nas_id=nas)
        world.play(world.BLOCKED)
        SessionLive.objects.filter(pk=session.pk).update(nas_id=other)
        world.play(TUESDAY)
        assert world.row(contract)[:2] == ("walled", "blocked")

    def test_a_contract_never_seen_is_at_no_router(self, provider, nas, contract):
        faults.fault(provider, MORNING, nas_id=nas)
        assert not self.is_there(contract)

    def test_the_contracts_municipality_counts_before_the_providers(self, provider, contract):
        sobral = late(provider, ibge_code="2312908")
        faults.fault(provider, MORNING, ibge_code="2312908")
        assert (self.is_there(sobral), self.is_there(contract)) == (True, False)

    def test_faults_of_one_provider_hold_nothing_of_another(self, provider, contract, nas):
        neighbour = another(provider)
        world.contract(neighbour)
        shared = faults.router(None, "POP")
        faults.online(contract, shared)
        faults.fault(neighbour, MORNING)
        faults.fault(neighbour, MORNING, nas_id=shared)
        assert not self.is_there(contract)

    def test_a_fault_holds_from_its_beginning_on(self, provider, contract):
        faults.fault(provider, MORNING)
        assert not self.is_there(contract, at=MORNING - world.DAY / 24)
        assert at_open([contract], MORNING) == {contract}


class TestOpeningAndClosing:
    def open(self, provider, **more):
        values = {"reason": "queda de energia", "by": "Rede", "at": MORNING, "ibge_code": "2304400"} | more
        return open_incident(provider_id=provider.pk, **values)

    @pytest.mark.parametrize(
        ("values", "why"),
        [
            ({"reason": "  "}, Refusal.NO_REASON),
            ({"ibge_code": ""}, Refusal.NO_PLACE),
            ({"ibge_code": "", "nas_id": 4711}, Refusal.UNKNOWN_PLACE),
            ({"ibge_code": "3550308"}, Refusal.UNKNOWN_PLACE),
            ({"since": MORNING + world.DAY}, Refusal.BEGINS_IN_THE_FUTURE),
        ],
    )
    def test_a_no_is_a_value_and_writes_nothing(self, provider, values, why):
        world.contract(provider)
        assert self.open(provider, **values) == Refused((why,))
        assert Incident.objects.count() == 0

    def test_a_router_of_another_provider_is_unknown(self, provider):
        theirs = faults.router(another(provider))
        assert self.open(provider, ibge_code="", nas_id=theirs) == Refused((Refusal.UNKNOWN_PLACE,))

    def test_it_may_have_begun_before_it_was_told(self, provider):
        world.contract(provider)
        self.open(provider, since=MORNING - world.DAY)
        assert Incident.objects.get().since == MORNING - world.DAY

    def test_it_is_closed_once_by_a_name(self, provider):
        world.contract(provider)
        incident = faults.fault(provider, MORNING)
        assert close(provider, incident) == Closed(incident)
        assert close(provider, incident) == Refused((Refusal.INCIDENT_CLOSED,))
        kept = Incident.objects.get()
        assert (kept.until, kept.ended_by, kept.author) == (TUESDAY, "Rede", "Rede")

    def test_another_providers_is_unknown(self, provider):
        world.contract(provider)
        incident = faults.fault(provider, MORNING)
        assert close(another(provider), incident) == Refused((Refusal.UNKNOWN_INCIDENT,))
        assert Incident.objects.get().until is None


# -- two at once ----------------------------------------------------------------------------------------------------


def in_background(work) -> threading.Thread:
    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
class TestRaces:
    @pytest.fixture
    def people(self):
        """30 contracts whose block is admitted, and not yet opened."""
        provider = world.provider()
        contracts = world.contracts(provider, 30)
        world.bill_many(contracts)
        world.play(world.BLOCKED - world.DAY / 24)
        return provider, contracts

    def test_a_fault_waits_for_the_batch_that_is_opening_and_none_opens_after_it(self, people):
        """Whoever opens has taken the provider's row in share before it loads its facts."""
        provider, contracts = people
        done = threading.Event()
        with transaction.atomic():
            locks.claim(contracts)
            raw.rows("SELECT FROM provider WHERE id = %s FOR SHARE", [provider.pk])
            telling = in_background(lambda: (faults.fault(provider, world.BLOCKED), done.set()))
            assert not done.wait(0.5), "the fault was told before the batch was through"
        telling.join()
        assert done.is_set()

    def test_the_batch_waits_for_a_fault_that_is_being_told(self, people):
        provider, contracts = people
        sweep(at=world.BLOCKED)
        with transaction.atomic():
            raw.rows("SELECT FROM provider WHERE id = %s FOR NO KEY UPDATE", [provider.pk])
            opening = in_background(lambda: run_guard(at=world.BLOCKED))
            opening.join(0.5)
            Incident.objects.create(
                provider=provider, ibge_code="2304400", since=world.BLOCKED, reason="x", author="x"
            )
        opening.join()
        assert opened() == 0
        assert set(candidates(*contracts)) == {("held", "incident")}

    def test_the_end_of_a_fault_races_with_the_guard_and_nothing_is_left_behind(self, people):
        provider, contracts = people
        incident = faults.fault(provider, MORNING)
        threads = [in_background(lambda: world.play(world.BLOCKED)) for _ in range(2)]
        close(provider, incident, world.BLOCKED)
        for thread in threads:
            thread.join()
        world.play(world.BLOCKED)
        assert {world.row(c)[:2] for c in contracts} == {("walled", "blocked")}
        assert world.count("SELECT count(*) FROM suspension") == len(contracts)

    def test_a_fault_told_in_the_middle_leaves_each_contract_in_one_of_two_states(self, people):
        provider, contracts = people
        told = in_background(lambda: faults.fault(provider, world.BLOCKED))
        world.play(world.BLOCKED)
        told.join()
        before = opened()
        world.play(world.BLOCKED)
        assert opened() == before, "a block was opened after the fault had been told"
        assert {world.row(c)[:2] for c in contracts} <= {("walled", "blocked"), ("full", "held")}


def test_a_batch_of_evaluations_knows_who_is_there(provider):
    there, elsewhere = late(provider), late(provider, ibge_code="2303709")
    faults.fault(provider, MORNING)
    loaded = facts.load([there, elsewhere], MORNING)
    assert [loaded[c].facts.incident for c in (there, elsewhere)] == [True, False]
    with transaction.atomic():
        evaluate_access.evaluate_many([there, elsewhere], at=MORNING, cause="test")

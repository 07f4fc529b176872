"""The five steps through the real actions, and what must be said twice without harm."""

import pytest

from religa.actions import approve_run as approving
from religa.actions import (
    hold,
    login_code,
    record_payment,
    redecide,
    reverse_payment,
    stop_blocks,
    switches,
    unlock_on_trust,
)
from religa.actions.carry_out import Done, UnknownContract
from religa.actions.look import look
from religa.actions.once import KeyUsedForSomethingElse
from religa.actions.unlock_on_trust import NotUnlocked, Unlocked
from religa.domain.facts import Channel, Method, UnlockKind
from religa.domain.invoicing import Refused
from religa.domain.reasons import Refusal, TrustRefusal
from religa.domain.trust import Request
from religa.records import raw
from religa.records.chain import Intact, verify
from religa.records.models import Contract, Message, PolicyVersion, Provider

from . import world

PROMISE = Request(UnlockKind.PROMISE, Channel.PORTAL)


@pytest.fixture
def provider(db):
    return world.provider()


@pytest.fixture
def bruno(provider):
    """Bruno's invoice of November is late."""
    contract = world.contract(provider, "bruno")
    world.bill(contract, "F1")
    return contract


@pytest.fixture
def carla(bruno):
    """Carla is blocked since Monday, 30 November, 09:00."""
    world.play(world.BLOCKED)
    return bruno


def pay(contract, name="E1", amount=99_90, at="2026-12-03 20:15", **more):
    moment = world.at(at)
    return record_payment.record(
        contract_id=contract,
        payment_id=name,
        amount=amount,
        method=Method.PIX,
        paid_at=moment,
        at=moment,
        **more,
    )


def test_a_late_invoice_is_notified_warned_and_blocked_at_the_slot(carla):
    assert world.row(carla) == ("walled", "blocked", None)
    kinds = list(
        Message.objects.filter(contract_id=carla, state="sent").order_by("id").values_list("kind", flat=True)
    )
    assert kinds == ["reminder", "reminder", "debt_notice", "block_warning", "blocked"]
    opened = raw.rows("SELECT opened_at FROM suspension WHERE contract_id = %s", [carla])
    assert opened == [(world.BLOCKED,)]


def test_the_notice_holds_what_the_law_asks_for(carla):
    text = Message.objects.get(contract_id=carla, kind="debt_notice").text
    for item in (
        "novembro de 2026", "R$\xa099,90", "segunda-feira, 30 de novembro de 2026", "75 dias", "órgãos de proteção ao crédito",
        "24 horas", "Religa Net Ltda", "CNPJ 12.ABC.345/01DE-35", "Rua das Flores, 10, Fortaleza",
    ):  # fmt: skip
        assert item in text


def test_a_payment_opens_in_the_same_transaction_without_any_sweep(carla):
    done = pay(carla)
    assert isinstance(done, Done)
    assert done.decision.status == "current"
    assert world.row(carla)[:2] == ("full", "current")
    assert (
        world.count("SELECT count(*) FROM suspension WHERE contract_id = %s AND closed_at IS NULL", carla)
        == 0
    )


def test_a_payment_seen_before_has_no_effect(carla):
    pay(carla)
    again = pay(carla)
    assert again == Refused((Refusal.PAYMENT_SEEN_BEFORE,))
    assert world.count("SELECT count(*) FROM payment") == 1


def test_trust_opens_until_its_exact_end_and_a_broken_one_locks(carla):
    answer = unlock_on_trust.unlock(
        contract_id=carla, request=PROMISE, at=world.at("2026-12-01 14:00"), key="k1"
    )
    assert isinstance(answer, Unlocked)
    assert answer.until == world.at("2026-12-07 09:00")
    assert world.row(carla) == ("full", "trusted", world.at("2026-12-07 09:00"))
    world.play(world.at("2026-12-07 09:00"))
    assert world.row(carla)[:2] == ("walled", "locked")


def test_the_same_request_again_gets_the_same_answer_and_grants_once(carla):
    moment = world.at("2026-12-01 14:00")
    first = unlock_on_trust.unlock(contract_id=carla, request=PROMISE, at=moment, key="k1")
    second = unlock_on_trust.unlock(
        contract_id=carla, request=PROMISE, at=world.at("2026-12-01 14:01"), key="k1"
    )
    assert first == second
    assert world.count("SELECT count(*) FROM trust_unlock") == 1
    with pytest.raises(KeyUsedForSomethingElse):
        other = Request(UnlockKind.PAID_ALREADY)
        unlock_on_trust.unlock(contract_id=carla, request=other, at=moment, key="k1")


def test_a_refusal_names_every_reason_and_gets_a_protocol_number(carla):
    unlock_on_trust.unlock(contract_id=carla, request=PROMISE, at=world.at("2026-12-01 14:00"))
    world.play(world.at("2026-12-07 09:00"))
    answer = unlock_on_trust.unlock(
        contract_id=carla, request=PROMISE, at=world.at("2026-12-07 10:00"), key="k2"
    )
    assert isinstance(answer, NotUnlocked)
    assert set(answer.refusal.whys) == {
        TrustRefusal.QUOTA_EPISODE, TrustRefusal.QUOTA_WINDOW, TrustRefusal.BROKEN_PROMISE_COOLDOWN,
        TrustRefusal.PREVIOUS_PROMISE_UNPAID, TrustRefusal.LOCKED,
    }  # fmt: skip
    assert answer.refusal.eligible_at is None
    assert world.count("SELECT count(*) FROM protocol_number WHERE number = %s", answer.protocol) == 1
    assert answer == unlock_on_trust.unlock(
        contract_id=carla, request=PROMISE, at=world.at("2026-12-08 10:00"), key="k2"
    )


def test_a_receipt_counts_once_for_everybody(carla, provider):
    moment = world.at("2026-12-01 14:00")
    request = Request(UnlockKind.PAID_ALREADY, Channel.PORTAL, receipt="R-77")
    assert isinstance(unlock_on_trust.unlock(contract_id=carla, request=request, at=moment), Unlocked)
    other = world.contract(provider, "davi")
    world.bill(other, "F2")
    world.play(moment)
    again = unlock_on_trust.preview(contract_id=other, request=request, at=world.at("2026-12-02 10:00"))
    assert again.whys == (TrustRefusal.RECEIPT_ALREADY_USED,)


def test_a_reversed_payment_reopens_the_invoice_and_never_blocks_without_a_new_notice(carla):
    pay(carla)
    reverse_payment.reverse(contract_id=carla, payment_id="E1", at=world.at("2026-12-04 10:00"), reason="MED")
    assert world.row(carla)[:2] == ("full", "late")
    world.play(world.at("2026-12-18 16:00"))
    assert world.row(carla)[:2] == ("full", "late")
    world.play(world.at("2026-12-31 12:00"))
    assert world.row(carla)[:2] == ("walled", "blocked")


def test_a_hold_opens_a_blocked_contract_until_it_ends(carla):
    hold.hold(
        contract_id=carla,
        until=world.at("2026-12-02 12:00"),
        reason="ouvidoria",
        at=world.at("2026-12-01 10:00"),
        author="Atendente",
    )
    assert world.row(carla) == ("full", "held", world.at("2026-12-02 12:00"))
    world.play(world.at("2026-12-02 12:00"))
    assert world.row(carla)[:2] == ("walled", "blocked")


def test_switches_go_on_and_off_and_say_no_to_what_makes_no_sense(carla):
    moment = world.at("2026-12-01 10:00")
    off = switches.turn_off(contract_id=carla, switch="pause", at=moment)
    assert off == Refused((Refusal.NOTHING_ACTIVE,))
    switches.turn_on(contract_id=carla, switch="pause", at=moment)
    assert world.row(carla)[:2] == ("closed", "paused")
    switches.turn_off(contract_id=carla, switch="pause", at=world.at("2026-12-01 11:00"))
    assert world.row(carla)[:2] == ("walled", "blocked")


def test_an_unknown_contract_is_an_error_and_nothing_is_written(db):
    with pytest.raises(UnknownContract):
        pay(4711)
    assert world.count("SELECT count(*) FROM payment") == 0


def test_what_is_decided_live_is_what_the_row_says(carla):
    view = look(contract_id=carla, at=world.BLOCKED)
    assert (view.decision.access.value, view.decision.status.value, view.decision.until) == world.row(carla)


def test_a_shared_invoice_walls_only_the_contract_with_the_suspendable_line(provider):
    """Eva's invoice carries the connection of one contract and a rented router of another."""
    from religa.actions import issue_invoice
    from religa.domain.facts import Invoice, Line

    home, shop = world.contract(provider, "eva casa"), world.contract(provider, "eva loja")
    lines = (Line(99_90), Line(30_00, suspendable=False, own=False))
    shared = Invoice("F9", world.ISSUED, world.invoice("x").due_date, lines, "2026-11")
    issue_invoice.issue(contract_id=home, invoice=shared, at=world.ISSUED, line_contracts=[home, shop])
    world.play(world.BLOCKED)
    assert world.row(home)[:2] == ("walled", "blocked")
    assert world.row(shop)[:2] == ("full", "late")
    pay(home, amount=129_90, invoice="F9")
    assert world.row(home)[:2] == ("full", "current")
    assert world.row(shop)[:2] == ("full", "current")


def test_every_change_is_in_the_chain_of_its_contract(carla):
    pay(carla)
    query = "SELECT seq, salt, digest, chain FROM access_change WHERE contract_id = %s ORDER BY seq"
    kept = raw.rows(query, [carla])
    assert len(kept) >= 4
    assert verify((None, seq, None, digest, chain) for seq, _, digest, chain in kept) == Intact(
        len(kept), len(kept)
    )


def test_a_new_policy_is_decided_again_in_the_background(carla, provider):
    PolicyVersion.objects.create(
        provider=provider,
        number=2,
        valid_from=world.at("2026-12-01 00:00"),
        preset="anatel-rgc-2025",
        values={"partial_payment": "percent", "partial_payment_percent": 50},
        author="Gestora",
    )
    assert redecide.redecide(at=world.at("2026-12-01 10:00")) == 1
    assert redecide.redecide(at=world.at("2026-12-01 10:00")) == 0
    pay(carla, amount=50_00)
    assert world.row(carla)[:2] == ("full", "late")


def test_stop_all_blocks_holds_the_run_until_a_named_person_releases_it(bruno, provider):
    stop_blocks.stop(provider_id=provider.pk, by="Gestora", at=world.at("2026-11-29 20:00"))
    world.play(world.BLOCKED)
    assert world.row(bruno) == ("full", "held", None)
    [(run, reason)] = raw.rows("SELECT id, reason FROM block_run WHERE state = 'held'")
    assert reason == "enforcement_off"
    stop_blocks.resume(provider_id=provider.pk)
    world.play(world.at("2026-11-30 10:00"))
    assert world.row(bruno)[0] == "full"
    approving.approve(run_id=run, by="Gestora", at=world.at("2026-11-30 11:00"))
    world.play(world.at("2026-11-30 11:00"))
    assert world.row(bruno)[:2] == ("walled", "blocked")


def test_the_first_run_waits_for_a_person_and_the_next_does_not(bruno, provider):
    Provider.objects.update(first_run_approved_at=None, first_run_approved_by="")
    world.play(world.BLOCKED)
    assert world.row(bruno)[:2] == ("full", "held")
    [(run,)] = raw.rows("SELECT id FROM block_run WHERE state = 'held' AND reason = 'first_run'")
    assert isinstance(approving.approve(run_id=run, by="Gestora", at=world.BLOCKED), approving.Approved)
    assert approving.approve(run_id=run, by="Gestora", at=world.BLOCKED) == approving.NotHeld()
    world.play(world.BLOCKED)
    assert world.row(bruno)[:2] == ("walled", "blocked")
    assert Provider.objects.get().first_run_approved_by == "Gestora"


def test_more_than_the_budget_is_held_unless_it_was_announced(provider):
    contracts = [world.contract(provider) for _ in range(52)]
    for contract in contracts:
        world.bill(contract)
    world.play(world.at("2026-11-29 12:00"))
    raw.run("UPDATE notice SET opens_at = opens_at - interval '3 days'")  # announced for another day
    world.play(world.BLOCKED)
    assert raw.rows("SELECT state, reason, budget, proposed FROM block_run") == [
        ("held", "over_budget", 50, 52)
    ]
    assert {world.row(c)[:2] for c in contracts} == {("full", "held")}


def test_what_notices_announced_for_the_day_passes_the_guard(provider):
    contracts = [world.contract(provider) for _ in range(52)]
    for contract in contracts:
        world.bill(contract)
    world.play(world.BLOCKED)
    assert raw.rows("SELECT state, reason, budget, opened FROM block_run") == [("done", "", 52, 52)]
    assert {world.row(c)[:2] for c in contracts} == {("walled", "blocked")}


def test_a_bad_row_is_set_aside_alone_and_shown(provider, bruno, monkeypatch):
    """Of three contracts due, one cannot be judged."""
    from religa.domain import steps

    others = [world.contract(provider) for _ in range(2)]
    for contract in others:
        world.bill(contract)
    real = steps.due_steps

    def broken(standing, at):
        if any(i.id == "F1" for i in standing.facts.invoices):
            raise ValueError("cannot be judged")
        return real(standing, at)

    monkeypatch.setattr(steps, "due_steps", broken)
    world.play(world.NOTIFIED)
    failures = raw.rows("SELECT contract_id, error FROM sweep_failure")
    assert failures == [(bruno, "ValueError: cannot be judged")]
    assert {world.row(c)[1] for c in others} == {"late"}
    assert world.count("SELECT count(*) FROM notice WHERE kind = 'debt_notice'") == 2


def test_a_sweep_with_nothing_due_writes_nothing(carla):
    before = raw.rows("SELECT sum(n_tup_upd + n_tup_ins) FROM pg_stat_xact_user_tables")
    world.play(world.at("2026-11-30 12:00"))
    assert raw.rows("SELECT sum(n_tup_upd + n_tup_ins) FROM pg_stat_xact_user_tables") == before


class TestLogInCodes:
    DOCUMENT = "11144477735"

    @pytest.fixture
    def code(self, bruno):
        login_code.send(document=self.DOCUMENT, at=world.ISSUED)
        return Message.objects.get(kind="code").text[:6]

    def test_a_code_lets_its_holder_in_once(self, code, bruno):
        first = login_code.check(document=self.DOCUMENT, code=code, at=world.ISSUED)
        assert first == login_code.LoggedIn(Contract.objects.get(pk=bruno).subscriber_id)
        assert (
            login_code.check(document=self.DOCUMENT, code=code, at=world.ISSUED) == login_code.NotAccepted()
        )

    def test_an_expired_code_is_not_accepted(self, code):
        late = world.ISSUED + login_code.LIFETIME
        assert login_code.check(document=self.DOCUMENT, code=code, at=late) == login_code.NotAccepted()

    def test_five_wrong_tries_spend_it(self, code):
        wrong = "000000" if code != "000000" else "111111"
        for _ in range(5):
            login_code.check(document=self.DOCUMENT, code=wrong, at=world.ISSUED)
        assert (
            login_code.check(document=self.DOCUMENT, code=code, at=world.ISSUED) == login_code.NotAccepted()
        )

    def test_an_unknown_document_gets_the_same_answer(self, code):
        known = login_code.send(document=self.DOCUMENT, at=world.ISSUED)
        assert login_code.send(document="52998224725", at=world.ISSUED) == known

    def test_only_its_digest_is_kept_and_its_text_is_forgotten(self, code):
        assert world.count("SELECT count(*) FROM login_code WHERE digest = %s", code.encode()) == 0
        login_code.forget_texts(at=world.ISSUED + login_code.LIFETIME * 2)
        assert Message.objects.get(kind="code").text == ""

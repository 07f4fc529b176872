"""The client against the shipped fake PSP, over real HTTP: two readings of one standard must agree."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from religa.adapters.api_pix import PROFILES, Account, ApiPix, http_client
from religa.adapters.api_pix.profiles import AuthStyle
from religa.adapters.fakes.psp import KEY, FakePsp, Mischief, render
from religa.domain import brcode
from religa.ports.money import (
    BankRefused,
    BankUnreachable,
    ChargeStatus,
    Event,
    Hint,
    Nature,
    NotFound,
    ReturnStatus,
    Terms,
    Webhook,
)

from .bank import AT_ONCE, COB, REF, SHARED, TXID, WANTED

pytestmark = pytest.mark.filterwarnings("ignore:Unsupported scheme type")  # openapi-core and OAuth
NOW = datetime(2026, 12, 1, 15, tzinfo=UTC)
OTHER_TXID = "b" * 32
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def running() -> Iterator[FakePsp]:
    with FakePsp(now=lambda: NOW, specification=SHARED / "openapi.fixed.yaml") as server:
        yield server


@pytest.fixture
def psp(running: FakePsp) -> FakePsp:
    """Nothing is kept from one test to the next but the server itself."""
    running.behave()
    for kept in (running.ledger.charges, running.ledger.pix, running.ledger.arrivals, running.account.hooks):
        kept.clear()
    return running


def client_of(psp: FakePsp, profile: str = "generic", **more) -> ApiPix:
    account = {
        "client_id": "religa",
        "client_secret": "segredo",
        "pix_key": KEY,
        "base_url": psp.url,
        "token_url": psp.token_url,
    }
    settings = Account(profile=PROFILES[profile], **(account | more))
    return ApiPix(settings, http_client(True), now=lambda: NOW, sleep=lambda _: None)


@pytest.fixture
def client(psp: FakePsp) -> Iterator[ApiPix]:
    made = client_of(psp)
    yield made
    made.close()


class TestTheLifeOfACharge:
    def test_made_changed_paid(self, psp: FakePsp, client: ApiPix):
        made = client.create(replace(WANTED, terms=Terms(200, 100), description="Internet"))
        assert (made.status, made.amount, made.revision, made.payments) == (ChargeStatus.ACTIVE, 9990, 0, ())
        assert brcode.decode(made.copy_paste).location == made.location
        changed = client.update(REF, replace(WANTED, amount=12_000))
        assert (changed.amount, changed.revision, changed.location) == (12_000, 1, made.location)
        paid = psp.pay(TXID)
        seen = client.fetch(REF)
        assert seen.status is ChargeStatus.PAID and [money.id for money in seen.payments] == [paid.id]
        assert seen.payments[0].amount == 12_000 and seen.payments[0].key == KEY

    def test_made_twice_it_is_one(self, psp: FakePsp, client: ApiPix):
        assert client.create(WANTED).location == client.create(WANTED).location
        psp.misbehave(refuse_repeats=True)
        assert client.create(WANTED).status is ChargeStatus.ACTIVE
        refused = client.create(replace(WANTED, amount=1))
        assert isinstance(refused, BankRefused) and refused.code == 409
        psp.pay(TXID)
        assert client.create(WANTED).status is ChargeStatus.PAID

    def test_a_txid_belongs_to_one_kind(self, client: ApiPix):
        client.create(WANTED)
        assert isinstance(client.create(AT_ONCE), BankRefused)

    def test_taken_back_or_paid_meanwhile(self, psp: FakePsp, client: ApiPix):
        client.create(AT_ONCE)
        assert client.cancel(COB).status is ChargeStatus.REMOVED
        assert client.cancel(COB).status is ChargeStatus.REMOVED
        client.create(replace(WANTED, txid=OTHER_TXID))
        psp.pay(OTHER_TXID)
        other = replace(REF, txid=OTHER_TXID)
        assert client.cancel(other).status is ChargeStatus.PAID
        assert client.update(other, replace(WANTED, amount=1)).amount == 9990

    def test_what_is_not_there(self, client: ApiPix):
        assert client.fetch(REF) == client.cancel(REF) == client.update(REF, WANTED) == NotFound()
        assert client.truth(Hint(payment_id="E" * 32)) == client.truth(Hint(txid=TXID)) == NotFound()

    def test_a_lost_answer_and_an_envelope_change_nothing(self, psp: FakePsp, client: ApiPix):
        psp.mischief = Mischief(fail_next=2, unknown_fields=True)
        assert client.create(WANTED).status is ChargeStatus.ACTIVE
        psp.mischief = Mischief(fail_next=3)
        assert isinstance(client.fetch(REF), BankUnreachable)

    @pytest.mark.parametrize(
        ("field", "profile"), [("brcode", "sicoob"), ("textoImagemQRcode", "bb"), ("", "inter")]
    )
    def test_a_code_under_another_name_or_none(self, psp: FakePsp, field: str, profile: str, monkeypatch):
        psp.misbehave(copy_paste_as=field)
        if PROFILES[profile].auth is AuthStyle.CLIENT_ID_ONLY:
            monkeypatch.setattr(psp.tokens, "secret", "")
        made = client_of(psp, profile, app_key="k", payee="Provedor", city="Fortaleza").create(WANTED)
        assert brcode.decode(made.copy_paste).location == made.location


class TestMoney:
    def test_the_list_is_whole_over_many_pages(self, psp: FakePsp, client: ApiPix):
        ids = [
            psp.pay_key(100 + number, at=NOW - timedelta(seconds=500 - number)).id for number in range(230)
        ]
        received = client.received(since=NOW - HOUR, until=NOW + HOUR)
        assert [money.id for money in received.payments] == ids and received.unread == ()
        assert sum(money.amount for money in received.payments) == sum(range(100, 330))

    def test_a_bank_that_refuses_the_future_is_not_asked_for_it(self, psp: FakePsp, client: ApiPix):
        psp.misbehave(refuse_future=True, offset=True)
        paid = psp.pay_key(100, at=NOW - HOUR)
        [seen] = client.received(since=NOW - 2 * HOUR, until=NOW + HOUR).payments
        assert (seen.id, seen.paid_at, seen.txid) == (paid.id, NOW - HOUR, None)

    def test_two_payments_of_one_charge_are_told_and_found(self, psp: FakePsp, client: ApiPix):
        psp.misbehave(twice=True)
        client.create(WANTED)
        paid = psp.pay(TXID)
        truth = client.truth(Hint(payment_id=paid.id))
        assert truth.payments[0].id == paid.id and len(truth.charges[0].payments) == 2

    def test_money_of_another_customer_is_not_found(self, psp: FakePsp, client: ApiPix):
        assert client.truth(Hint(payment_id=psp.foreign(100), told=100)) == NotFound()

    def test_a_refund_is_asked_for_once_and_followed(self, psp: FakePsp, client: ApiPix):
        psp.misbehave(returns_end="EM_PROCESSAMENTO")
        paid = psp.pay_key(1000)
        wanted = {"payment_id": paid.id, "refund_id": "r1", "amount": 400, "reason": "Pago duas vezes"}
        assert client.refund(**wanted).status is ReturnStatus.PROCESSING
        psp.settle_return(paid.id, "r1", "DEVOLVIDO")
        assert client.refund(**wanted).status is ReturnStatus.RETURNED
        assert client.fetch_refund(payment_id=paid.id, refund_id="r1").amount == 400
        assert client.refund(**wanted | {"amount": 401}).code == 409
        assert isinstance(client.refund(**wanted | {"refund_id": "r2", "amount": 601}), BankRefused)
        assert client.refund(**wanted | {"payment_id": "E" * 32}) == NotFound()
        [back] = client.truth(Hint(payment_id=paid.id)).payments[0].returns
        assert (back.id, back.amount, back.nature) == ("r1", 400, Nature.ORIGINAL)

    def test_money_taken_back_for_fraud_is_told_as_that(self, psp: FakePsp, client: ApiPix):
        paid = psp.pay_key(1000)
        psp.give_back(paid.id)
        [back] = client.truth(Hint(payment_id=paid.id)).payments[0].returns
        assert (back.nature, back.status, back.amount) == (Nature.MED_FRAUD, ReturnStatus.RETURNED, 1000)


def test_the_address_for_events_is_read_set_and_removed(client: ApiPix):
    url = "https://religa.test/hooks/pix/secret"
    assert client.webhook() == Webhook("")
    assert client.register_webhook(url) == client.webhook() == Webhook(url)
    assert client.remove_webhook() == client.remove_webhook() == client.webhook() == Webhook("")


def test_a_wrong_secret_is_a_refusal(psp: FakePsp):
    refused = client_of(psp, client_secret="wrong").fetch(REF)
    assert isinstance(refused, BankRefused) and refused.said.startswith("no access token")


def test_a_token_that_the_bank_forgot_is_renewed(psp: FakePsp, client: ApiPix):
    client.create(WANTED)
    psp.tokens.forget()
    assert client.fetch(REF).status is ChargeStatus.ACTIVE


@pytest.mark.parametrize(
    "plan",
    [
        Mischief(),
        Mischief(root_array=True),
        Mischief(unknown_fields=True, offset=True),
        Mischief(without_key=True),
        Mischief(foreign_key="of-another"),
    ],
    ids=["object", "array", "sloppy", "without key", "foreign"],
)
def test_what_it_posts_is_understood_and_asked_about(psp: FakePsp, client: ApiPix, plan: Mischief):
    client.create(WANTED)
    paid, plain = psp.pay(TXID), psp.pay_key(100, txid="BALCAO1")
    hints = client.parse_event(Event(json.dumps(render.event([paid, plain], plan)).encode()))
    assert [(hint.payment_id, hint.txid, hint.told) for hint in hints] == [
        (paid.id, TXID, 9990),
        (plain.id, "BALCAO1", 100),
    ]
    key = plan.foreign_key or ("" if plan.without_key else KEY)
    assert {hint.key for hint in hints} == {key}
    psp.mischief = plan
    found = [client.truth(hint) for hint in hints]
    assert [truth.payments[0].amount for truth in found] == [9990, 100]
    assert [len(truth.charges) for truth in found] == [1, 0]

"""Opening, changing and closing payment accounts: who did it is kept, and no secret comes out."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

import people
from religa.actions import save_account
from religa.actions.save_account import Author, Certificate, NewSecrets, NotSaved, Saved, Surroundings
from religa.domain.certificates import CertificateFacts
from religa.domain.payment_accounts import AccountFault, PaymentAccount
from religa.entrypoints.common.banks import Banks, Uncallable
from religa.records import account_rows, accounts, locks, raw
from religa.records.models import (
    AccountChange,
    Charge,
    FeedHeartbeat,
    Invoice,
    Refund,
    UnidentifiedPayment,
)
from religa.records.models import (
    PaymentAccount as Row,
)

pytestmark = pytest.mark.django_db
F = AccountFault
AROUND = Surroundings(banks={"efi", "bb", "generic"}, own="https://banco.test/hooks/")
PIX = PaymentAccount(
    "Pix", "api_pix", profile="efi", pix_key="caixa@provedor.test", client_id="id-1", collects=True
)
SECRET = "the-secret-of-a-bank"


@pytest.fixture
def by(db):
    now = locks.database_now()
    return Author("Helena", now, people.provider(now).pk)


def create(account, by, **new):
    return save_account.create(account, NewSecrets(**new), by=by, around=AROUND)


def change(saved, account, by, **new):
    return save_account.change(saved.account_id, account, NewSecrets(**new), by=by, around=AROUND)


def faults(answer):
    assert isinstance(answer, NotSaved)
    return [(p.fault, p.field) for p in answer.problems]


def log(saved):
    return list(
        AccountChange.objects.filter(payment_account=saved.account_id)
        .order_by("pk")
        .values_list("what", "author")
    )


def charge_at(saved, by, **more):
    contract = people.contract(people.subscriber(people.Provider.objects.get(), "Ana", 1), 1, since=by.at)
    people.bill(contract, due=by.at.date())
    return Charge.objects.create(
        provider_id=by.provider_id, invoice=Invoice.objects.get(), kind="pix_cobv", amount=100,
        payment_account_id=saved.account_id, created_at=by.at, **more,
    )  # fmt: skip


def test_an_account_is_kept_as_it_was_typed_and_its_secrets_are_sealed(by):
    typed = replace(
        PIX, profile="bb", scope="cob.read", payee="ANA NET", hook_check="addresses", hook_addresses=("10.1.0.0/16",),
        relay_url="https://erp.test/pix?token=abc", poll_only=True, reported_by="both",
    )  # fmt: skip
    saved = create(typed, by, client_secret=f" {SECRET}\n", app_key="key-of-bb")
    assert isinstance(saved, Saved)
    assert account_rows.one(by.provider_id, saved.account_id).account == typed
    assert accounts.secret(saved.account_id, "client_secret") == SECRET
    assert accounts.secret(saved.account_id, "app_key") == "key-of-bb"
    assert log(saved) == [("created", "Helena"), ("secret_set", "Helena"), ("secret_set", "Helena")]
    for table in ("payment_account", "account_secret", "account_change"):
        for (row,) in raw.rows(f"SELECT t::text FROM {table} t"):
            assert SECRET not in row and "key-of-bb" not in row


def test_what_was_typed_is_what_the_banks_adapter_is_made_of(by):
    typed = replace(PIX, profile="bb", scope="cob.read", payee="ANA NET", city="RECIFE", poll_only=True)
    saved = create(typed, by, client_secret=SECRET, app_key="key-of-bb")
    made = Banks().of(accounts.get(saved.account_id))
    assert not isinstance(made, Uncallable)
    used = made.account
    assert (used.profile.name, used.client_id, used.client_secret, used.app_key) == (
        "bb",
        "id-1",
        SECRET,
        "key-of-bb",
    )
    assert (used.scope, used.payee, used.city, used.pix_key) == (
        "cob.read",
        "ANA NET",
        "RECIFE",
        typed.pix_key,
    )


def test_an_account_of_efi_that_is_only_read_can_be_called(by):
    boleto = PaymentAccount("Boleto", "efi_cobrancas", client_id="id-1", sandbox=True, poll_only=True)
    saved = create(boleto, by, client_secret=SECRET)
    assert not isinstance(Banks().of(accounts.get(saved.account_id)), Uncallable)
    assert faults(create(replace(boleto, name="B"), by)) == [(F.SECRET_MISSING, "client_secret")]


def test_each_account_that_is_called_gets_an_address_of_its_own(by):
    first, second = create(PIX, by), create(replace(PIX, name="B", collects=False), by)
    one, two = (accounts.secret(s.account_id, accounts.HOOK) for s in (first, second))
    assert one != two and len(one) >= 43
    assert accounts.of_hook(one).id == first.account_id
    desk = create(PaymentAccount("Caixa", "desk"), by)
    assert accounts.secret(desk.account_id, accounts.HOOK) is None


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_kept(by):
    create(PIX, by)
    wrong = replace(PIX, pix_key="x", hook_addresses=("z",))
    assert set(faults(create(wrong, by, client_secret="ç"))) == {
        (F.KEY_FORM, "pix_key"), (F.NETWORK_FORM, "hook_addresses"), (F.SECRET_CHARACTERS, "client_secret"),
        (F.NAME_TAKEN, "name"), (F.COLLECTS_ELSEWHERE, "collects"),
    }  # fmt: skip
    assert Row.objects.count() == 1 and AccountChange.objects.count() == 1


def test_new_charges_are_made_at_one_account_which_the_refusal_names(by):
    create(PIX, by)
    answer = create(replace(PIX, name="B"), by)
    assert [(p.fault, p.detail) for p in answer.problems] == [(F.COLLECTS_ELSEWHERE, "Pix")]


def test_a_change_says_what_it_was_and_what_it_is(by):
    saved = create(PIX, by, client_secret=SECRET)
    changed = replace(PIX, name="Pix Efí", relay_url="https://erp.test/x?token=abc")
    assert change(saved, changed, replace(by, name="Otto")) == saved
    assert account_rows.one(by.provider_id, saved.account_id).account == changed
    last = AccountChange.objects.latest("pk")
    assert (last.what, last.author) == ("changed", "Otto")
    assert last.detail == {"name": ["Pix", "Pix Efí"], "relay_url": ["", "https://erp.test/x?…"]}
    assert accounts.secret(saved.account_id, "client_secret") == SECRET


def test_saving_without_a_change_writes_nothing_down(by):
    saved = create(PIX, by)
    assert change(saved, PIX, by) == saved
    assert log(saved) == [("created", "Helena")]


def test_settings_that_the_form_does_not_know_stay_and_emptied_ones_go(by):
    saved = create(replace(PIX, scope="cob.read", poll_only=True), by)
    raw.run("UPDATE payment_account SET settings = settings || '{\"of_later\": 1}'")
    change(saved, PIX, by)
    assert Row.objects.get().settings == {"of_later": 1}


def test_bank_and_kind_stay_and_the_key_does_once_something_was_charged(by):
    saved = create(PIX, by)
    assert faults(change(saved, replace(PIX, profile="bb"), by)) == [(F.BANK_FIXED, "profile")]
    other = replace(PIX, pix_key="outra@provedor.test")
    assert change(saved, other, by) == saved
    charge_at(saved, by)
    assert faults(change(saved, PIX, by)) == [(F.KEY_IN_USE, "pix_key")]
    assert change(saved, replace(other, name="Outra"), by) == saved


def test_an_account_of_another_provider_is_not_there(by):
    saved = create(PIX, by)
    stranger = replace(by, provider_id=people.Provider.objects.create(name="Outra", cnpj=people.cnpj(9)).pk)
    assert faults(change(saved, replace(PIX, name="Roubada"), stranger)) == [(F.GONE, "")]
    assert faults(save_account.close(saved.account_id, by=stranger)) == [(F.GONE, "")]
    assert Row.objects.get().name == "Pix" and Row.objects.get().closed_at is None


def test_the_certificate_is_sealed_and_what_may_be_shown_of_it_is_kept(by):
    facts = CertificateFacts("CN=Ana", "CN=Banco", by.at, by.at + timedelta(days=9), "ab" * 32)
    saved = create(PIX, by, certificate=Certificate("PEM-AND-KEY", facts))
    row = Row.objects.get()
    assert (row.certificate_subject, row.certificate_expires_at) == ("CN=Ana", facts.expires_at)
    assert accounts.secret(saved.account_id, "certificate") == "PEM-AND-KEY"
    assert log(saved)[-1] == ("certificate_set", "Helena")
    assert "PEM" not in repr(Certificate("PEM-AND-KEY", facts)) + repr(NewSecrets("a", "b"))


def test_closing_forgets_the_secrets_stops_the_address_and_holds_no_block(by):
    saved = create(replace(PIX, collects=False), by, client_secret=SECRET)
    account = accounts.get(saved.account_id)
    accounts.heard(account, until=by.at, at=by.at)
    hook = accounts.secret(saved.account_id, accounts.HOOK)
    assert save_account.close(saved.account_id, by=by) == saved
    assert accounts.secret(saved.account_id, "client_secret") == "" and accounts.of_hook(hook) is None
    assert accounts.get(saved.account_id) is None and not FeedHeartbeat.objects.get().configured
    assert log(saved)[-1] == ("closed", "Helena")
    assert faults(save_account.close(saved.account_id, by=by)) == [(F.GONE, "")]
    assert faults(change(saved, PIX, by)) == [(F.GONE, "")]


def test_an_account_whose_payments_another_system_reports_holds_no_block_by_its_silence(by):
    saved = create(PIX, by)
    accounts.heard(accounts.get(saved.account_id), until=by.at, at=by.at)
    change(saved, replace(PIX, reported_by="other"), by)
    assert not FeedHeartbeat.objects.get().configured
    change(saved, PIX, by)
    assert FeedHeartbeat.objects.get().configured


def test_an_account_that_still_collects_or_owes_money_back_is_not_closed(by):
    saved = create(PIX, by)
    assert faults(save_account.close(saved.account_id, by=by)) == [(F.STILL_COLLECTS, "")]
    change(saved, replace(PIX, collects=False), by)
    money = UnidentifiedPayment.objects.create(
        provider_id=by.provider_id, payment_account_id=saved.account_id, external_id="E1", why="no_txid", method="pix",
        amount=100, known_at=by.at, paid_at=by.at,
    )  # fmt: skip
    Refund.objects.create(
        provider_id=by.provider_id, unidentified_payment=money, refund_id="r", external_id="E1", amount=100,
        asked_at=by.at,
    )  # fmt: skip
    for anyway in (False, True):
        assert faults(save_account.close(saved.account_id, by=by, anyway=anyway)) == [(F.STILL_REFUNDING, "")]


def test_open_charges_keep_an_account_open_unless_a_person_gives_them_up(by):
    saved = create(replace(PIX, collects=False), by)
    charge_at(saved, by, status="active")
    answer = save_account.close(saved.account_id, by=by)
    assert [(p.fault, p.detail) for p in answer.problems] == [(F.STILL_CHARGED, "1")]
    assert save_account.close(saved.account_id, by=by, anyway=True) == saved


def test_the_pages_role_may_do_all_of_it_and_change_no_line_of_the_log(by):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE religa_app")
    saved = create(replace(PIX, collects=False), by, client_secret=SECRET)
    change(saved, replace(PIX, name="B", collects=False), by)
    assert save_account.close(saved.account_id, by=by) == saved
    for right in ("UPDATE", "DELETE"):
        assert raw.rows("SELECT has_table_privilege('account_change', %s)", [right]) == [(False,)]


@pytest.mark.django_db(transaction=True)
def test_two_who_make_two_accounts_collect_at_once_leave_one():
    now = locks.database_now()
    by = Author("Helena", now, people.provider(now).pk)
    first, second = (create(replace(PIX, name=n, collects=False), by) for n in "AB")
    start, answers = threading.Barrier(2), {}

    def switch_on(saved, name):
        try:
            start.wait(10)
            answers[name] = change(saved, replace(PIX, name=name), by)
        finally:
            connection.close()

    threads = [threading.Thread(target=switch_on, args=a) for a in ((first, "A"), (second, "B"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    lost = [a for a in answers.values() if isinstance(a, NotSaved)]
    assert len(answers) == 2 and len(lost) == 1 and lost[0].problems[0].fault is F.COLLECTS_ELSEWHERE
    assert lost[0].problems[0].detail in ("A", "B")
    assert Row.objects.filter(collects=True).count() == 1

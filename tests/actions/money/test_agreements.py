"""A debt becomes instalments: codes for each, the old ones taken back, the first payment opens, a missed one counts."""

from __future__ import annotations

from datetime import date

import pytest

from religa.actions import agree
from religa.actions.agree import Offer
from religa.actions.carry_out import Done
from religa.domain.invoicing import Refused
from religa.domain.reasons import Refusal
from religa.records.models import Charge, Invoice, Notice, Payment

from .. import world
from .bank import Bank, owed

pytestmark = pytest.mark.django_db
FIRST = date(2026, 12, 10)


@pytest.fixture
def blocked(bank: Bank, bruno) -> int:
    """Bruno behind the wall on Tuesday, 1 December, with a code of his invoice that he has not paid."""
    bank.charge(bruno)
    world.play(world.BLOCKED)
    bank.at = world.at("2026-12-01 10:00")
    return bruno


def agreed(bank: Bank, contract: int, **more) -> Done:
    offer = Offer(**{"count": 2, "first_due": FIRST, **more})
    done = agree.agree_on_debt(
        contract_id=contract, agreement_id="A1", offer=offer, at=bank.at, author="Helena: pediu"
    )
    assert isinstance(done, Done), done
    return done


def instalment(n: int) -> Charge:
    return Charge.objects.get(invoice__external_id=f"A1/{n}")


def test_what_is_late_becomes_instalments_of_what_is_owed_today(bank: Bank, blocked):
    agreed(bank, blocked)
    assert [instalment(n).amount for n in (1, 2)] == [
        51_29,
        51_29,
    ]  # 99.90, fine 1.99, 21 days of interest 0.69
    assert instalment(1).due_date == FIRST and instalment(2).due_date == date(2027, 1, 10)
    assert Invoice.objects.get(external_id="F1").closed == "agreed"
    assert world.row(blocked)[0] == "walled"


def test_the_principal_alone_may_be_agreed_on(bank: Bank, blocked):
    agreed(bank, blocked, late_charges=False, down=49_90, count=1)
    assert [instalment(n).amount for n in (1, 2)] == [49_90, 50_00]


def test_each_instalment_gets_its_code_and_that_of_the_old_invoice_is_taken_back(bank: Bank, blocked):
    agreed(bank, blocked)
    bank.tell()
    assert {instalment(n).status for n in (1, 2)} == {"active"}
    assert all(instalment(n).copy_paste for n in (1, 2))
    old = Charge.objects.get(invoice__external_id="F1")
    assert old.status == "removed"
    assert bank.psp.ledger.charges[old.txid].status == "REMOVIDA_PELO_USUARIO_RECEBEDOR"


def test_the_first_instalment_brings_the_internet_back(bank: Bank, blocked):
    agreed(bank, blocked)
    bank.tell()
    bank.post(bank.psp.pay(instalment(1).txid))
    bank.take()
    assert world.row(blocked)[:2] == ("full", "current")
    assert owed(blocked) == 51_29


def test_an_old_code_that_is_paid_anyway_lands_on_the_instalments(bank: Bank, blocked):
    agreed(bank, blocked)
    bank.tell()
    old = Charge.objects.get(invoice__external_id="F1")
    bank.post(bank.psp.pay(old.txid, anyway=True))
    bank.take()
    assert Payment.objects.get().charge_id == old.pk
    assert world.row(blocked)[0] == "full"
    assert owed(blocked) == 2 * 51_29 - Payment.objects.get().amount


def test_a_missed_instalment_is_notified_like_any_other_debt(bank: Bank, blocked):
    agreed(bank, blocked)
    bank.tell()
    bank.post(bank.psp.pay(instalment(1).txid))
    bank.take()
    world.play(world.at("2027-01-12 12:00"))
    last = Notice.objects.filter(kind="debt_notice").latest("pk")
    assert world.count("SELECT count(*) FROM notice_invoice n JOIN invoice i ON i.id = n.invoice_id"
                       " WHERE n.notice_id = %s AND i.external_id = 'A1/2'", last.pk) == 1  # fmt: skip
    world.play(world.at("2027-02-10 12:00"))
    assert world.row(blocked)[0] == "walled"


def test_who_owes_nothing_late_agrees_on_nothing(bank: Bank, bruno):
    offer = Offer(count=2, first_due=FIRST)
    answer = agree.agree_on_debt(contract_id=bruno, agreement_id="A1", offer=offer, at=bank.at)
    assert answer == Refused((Refusal.UNKNOWN_INVOICE,))


def test_without_an_account_that_collects_there_are_instalments_and_no_charges(bank: Bank, blocked):
    from religa.records.models import PaymentAccount

    PaymentAccount.objects.update(collects=False)
    agreed(bank, blocked)
    assert not Charge.objects.filter(invoice__external_id__startswith="A1/").exists()


# -- booklets that another system printed -----------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["txid", "nosso_numero", "linha_digitavel"])
def test_a_slip_of_a_replaced_booklet_settles_its_own_invoice(bank: Bank, bruno, named):
    """Both booklets cover the same months; whoever pays the old slip has paid that month."""
    from .two_ledgers import charge

    linha = "00190000090000000000000000000000100000000009990"
    for n, due in ((1, date(2026, 12, 10)), (2, date(2027, 1, 10))):
        world.bill(bruno, f"C{n}", due=due)
        charge(None, f"C{n}", f"VELHO{n}", nosso_numero=f"77{n}", carne="velho", status="removed",
               linha_digitavel=linha[:-1] + str(n))  # fmt: skip
        charge(None, f"C{n}", f"NOVO{n}", nosso_numero=f"88{n}", carne="novo")
    value = {"txid": "VELHO2", "nosso_numero": "772", "linha_digitavel": linha[:-1] + "2"}[named]
    from religa.actions.importing.run import Asked

    from ..importing.files import bring_only

    text = f"pagamento;valor;pago_em;{named}\nP1;99,90;05/11/2026;{value}\n"
    report = bring_only(pagamentos=text, at=bank.at, asked=Asked(apply=True, provider="12ABC34501DE35"))
    assert not report.problems.errors
    query = "SELECT DISTINCT i.external_id FROM allocation a JOIN invoice i ON i.id = a.invoice_id"
    from religa.records import raw

    assert raw.rows(query) == [("C2",)]

"""What a return file brought stands for its own sighting: another system's ledger is compared with it all the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cnab_files import Boleto
from religa.actions.importing.run import Asked
from religa.actions.money import differences
from religa.records import raw
from religa.records.models import MoneyCase, Payment, PaymentAccount, PaymentSighting

from .. import world
from ..importing.files import bring_only
from .files import AT, PAID_ON, account, read, title
from .two_ledgers import Paid, by_other

pytestmark = pytest.mark.django_db
BRUNOS = Boleto("00231327", paid_on=PAID_ON)
OTHERS_BRUNOS = Paid(1, txid="", day=PAID_ON, knows="title", title="109/00231327-5")
EARLIER = date(2026, 11, 3)


@pytest.fixture
def both(provider, bruno) -> PaymentAccount:
    """An account that both report, with an earlier payment that both have: from then on they are compared."""
    made = account(provider)
    PaymentAccount.objects.update(reported_by="both")
    world.bill(bruno, "F0", due=date(2026, 11, 8))
    title("F0", "109/00231319-2", payment_account=made)
    title("F1", "109/00231327-5", payment_account=made)
    read(provider, Boleto("00231319", paid_on=EARLIER))
    by_other(Paid(90, txid="", day=EARLIER, knows="title", title="109/00231319-2"), invoice="F0", at=AT)
    return made


def differing() -> list[str]:
    found = MoneyCase.objects.filter(kind="ledger_differs", closed_at=None)
    return [" ".join(detail.split()[:2]) for detail in found.values_list("detail", flat=True)]


def ours() -> int:
    return PaymentSighting.objects.filter(ledger="religa").count()


def test_what_a_file_credits_is_written_down_once(provider, both):
    read(provider, BRUNOS, Boleto("99999999", paid_on=PAID_ON))
    assert Payment.objects.count() == 2
    assert ours() == 1  # what is nobody's


def test_what_only_the_file_has_is_a_difference_until_the_other_system_has_it(provider, both):
    read(provider, BRUNOS)
    assert differences.compare(at=AT + timedelta(hours=25)) == 1
    assert differing() == ["only religa"]
    by_other(OTHERS_BRUNOS, at=AT + timedelta(hours=26))
    assert differences.compare(at=AT + timedelta(hours=50)) == 0
    assert (differing(), Payment.objects.count()) == ([], 2)


def test_what_only_the_other_system_has_is_a_difference_until_a_file_has_it(provider, both):
    by_other(OTHERS_BRUNOS, at=AT)
    assert differences.compare(at=AT + timedelta(hours=25)) == 1
    assert differing() == ["only other"]
    read(provider, BRUNOS, at=AT + timedelta(hours=26))
    assert differences.compare(at=AT + timedelta(hours=50)) == 0
    assert (differing(), Payment.objects.count()) == ([], 2)


def test_what_neither_credits_twice_is_no_difference(provider, both):
    read(provider, BRUNOS)
    by_other(OTHERS_BRUNOS, at=AT)
    assert differences.compare(at=AT + timedelta(days=3)) == 0
    assert Payment.objects.count() == 2


def test_a_payment_is_recognised_by_the_id_under_which_a_file_booked_it(provider, both):
    """An export that repeats our own ids finds the account by them."""
    read(provider, BRUNOS)
    booked = Payment.objects.get(paid_at__date=PAID_ON)
    text = f"pagamento;fatura;valor;pago_em\n{booked.external_id};F1;99,90;{PAID_ON:%d/%m/%Y} 12:00\n"
    bring_only(pagamentos=text, at=AT, asked=Asked(apply=True, provider="12ABC34501DE35"))
    told = PaymentSighting.objects.get(ledger="other", external_id=booked.external_id)
    assert (told.payment_id, told.payment_account_id) == (booked.pk, both.pk)


def test_a_payment_of_a_charge_moves_no_index_of_it(provider, bruno):
    """What a payment sets in a charge stands in no index, nor in what an index asks for."""
    account(provider)
    title("F1", "109/00231327-5")
    before = columns()
    read(provider, BRUNOS)
    changed = {name for name, value in columns().items() if value != before[name]}
    assert changed == {"status"}
    indexed = """
        SELECT a.attname::text FROM pg_index i JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
          JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
         WHERE i.indrelid = 'charge'::regclass AND d.refobjid = 'charge'::regclass
    """
    assert not changed & {name for (name,) in raw.rows(indexed)}


def columns() -> dict[str, object]:
    [(row,)] = raw.rows("SELECT to_jsonb(c) FROM charge c")
    return row

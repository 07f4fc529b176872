"""The fake PSP started again with the books of its last run."""

import pytest

from religa.adapters.fakes.psp import KEY, FakePsp, NotPaid
from religa.adapters.fakes.psp.memory import Unreadable
from religa.ports.money import Split

from .conftest import client_of, cob, cobv, txid


def test_charges_money_and_webhooks_outlive_a_run(clock, tmp_path):
    file = tmp_path / "books.json"
    with FakePsp(now=clock, books=file) as psp, client_of(psp) as api:
        api.put(f"/cobv/{txid(1)}", json=cobv())
        api.patch(f"/cobv/{txid(1)}", json={"valor": {"original": "80.00"}})
        api.put(f"/cob/{txid(2)}", json=cob())
        api.put(f"/webhook/{KEY}", json={"webhookUrl": "http://127.0.0.1:9"})
        paid = psp.pay(txid(1), split=Split(original=80_00, fine=1_60), payer={"cpf": "12345678909"})
        assert not isinstance(paid, NotPaid)
        psp.give_back(paid.id, 10_00)
        psp.pay_key(5_00)
        paths = [f"/cobv/{txid(1)}", f"/cobv/{txid(1)}?revisao=0", f"/cob/{txid(2)}", f"/pix/{paid.id}"]
        paths += [f"/webhook/{KEY}", "/pix?inicio=2026-12-01T00:00:00Z&fim=2026-12-31T00:00:00Z"]
        before = [api.get(path).json() for path in paths]
    with FakePsp(now=clock, books=file) as psp, client_of(psp) as api:
        assert [api.get(path).json() for path in paths] == before
        assert psp.pay(txid(1)) is NotPaid.CONCLUDED
        another = psp.pay(txid(2))
        assert not isinstance(another, NotPaid) and len(psp.ledger.pix) == 3


def test_a_run_that_is_killed_loses_nothing_that_came_over_http(clock, tmp_path):
    with FakePsp(now=clock, books=tmp_path / "books.json") as killed, client_of(killed) as api:
        api.put(f"/cobv/{txid(1)}", json=cobv())
        with FakePsp(now=clock, books=tmp_path / "books.json") as psp, client_of(psp) as again:
            assert again.get(f"/cobv/{txid(1)}").status_code == 200


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"pix": [{}], "charges": [], "hooks": {}, "count": 1}'])
def test_a_file_that_is_something_else_is_left_as_it_is(tmp_path, text):
    file = tmp_path / "books.json"
    file.write_text(text)
    with pytest.raises(Unreadable, match="books.json holds no books"):
        FakePsp(books=file)
    assert file.read_text() == text

"""The fake driven by other processes over `/_fake/`, and paid by a person on its page."""

from pathlib import Path

import httpx
import pytest

from religa.adapters.fakes.psp import FakePsp
from religa.adapters.fakes.psp.page import way_back

from .conftest import cobv, txid


@pytest.fixture
def hands(psp: FakePsp):
    with httpx.Client(base_url=f"{psp.root}/_fake/", verify=False) as client:
        yield client


def test_charges_are_listed_with_what_they_cost(hands, charged):
    charged(1)
    charged(2, amount="50.00")
    assert hands.post("pay", json={"txid": txid(2)}).json()["amount"] == 50_00
    found = hands.get("charges").json()
    assert [(one["txid"], one["status"], one["amount"]) for one in found] == [
        (txid(1), "ATIVA", 99_90),
        (txid(2), "CONCLUIDA", 50_00),
    ]
    assert found[1]["paid"][0]["amount"] == 50_00
    assert [one["txid"] for one in hands.get("charges", params={"status": "ATIVA"}).json()] == [txid(1)]


def test_a_charge_is_paid_with_an_amount_a_split_and_an_instant(hands, psp: FakePsp, charged):
    parts = {"original": 99_90, "fine": 1_99, "interest": 3}
    said = hands.post(
        "pay", json={"txid": charged(), "split": parts, "at": "2026-12-11T12:00:00-03:00"}
    ).json()
    assert (said["amount"], said["at"]) == (101_92, "2026-12-11T15:00:00.000Z")
    assert psp.received(said["id"]).split.interest == 3


def test_a_no_is_said_with_its_reason(hands, charged):
    hands.post("pay", json={"txid": charged()})
    again = hands.post("pay", json={"txid": txid(1)})
    assert (again.status_code, again.json()) == (409, {"why": "concluded"})
    assert hands.post("pay", json={"txid": txid(1), "anyway": True}).status_code == 200


def test_money_comes_and_goes_without_a_charge(hands, psp: FakePsp):
    id = hands.post("pay-key", json={"amount": 100, "txid": "static1"}).json()["id"]
    returned = hands.post(
        "give-back", json={"e2eid": id, "amount": 40, "status": "EM_PROCESSAMENTO", "id": "M1"}
    )
    assert returned.json() == {"id": "M1", "status": "EM_PROCESSAMENTO"}
    settled = hands.post("settle-return", json={"e2eid": id, "id": "M1", "status": "DEVOLVIDO"})
    assert settled.json()["status"] == "DEVOLVIDO" and psp.ledger.left(psp.received(id)) == 60


def test_what_makes_no_sense_changes_nothing_and_is_named(hands, psp: FakePsp, charged):
    charged()
    for name, said in (
        ("pay", {}),
        ("pay", {"txid": txid(1), "amount": "9"}),
        ("pay", {"txid": txid(1), "amount": True}),
        ("pay", {"txid": txid(1), "amount": -1}),
        ("pay", {"txid": txid(1), "valor": 1}),
        ("pay", {"txid": txid(1), "at": "2026-12-11"}),
        ("pay", {"txid": txid(1), "split": {"total": 1}}),
        ("pay", {"txid": txid(1), "e2eid": "x"}),
        ("pay-key", {"amount": 0}),
        ("give-back", {"e2eid": "E" * 32}),
        ("remove", {"txid": txid(9)}),
        ("pay", []),
    ):
        answer = hands.post(name, json=said)
        assert answer.status_code == 400 and answer.json()["error"], (name, said)
    assert hands.post("pay", content=b"{").status_code == 400
    assert hands.post("nothing").status_code == hands.get("nothing").status_code == 404
    assert not psp.ledger.pix


def test_mischief_is_read_changed_and_ended(hands, psp: FakePsp, api):
    assert hands.put("mischief", json={"fail_next": 1, "lose_pct": 10}).json()["lose_pct"] == 10
    assert [api.get(f"/cobv/{txid(1)}").status_code for _ in range(2)] == [500, 404]
    assert hands.put("mischief", json={"fail": 1}).status_code == 400
    assert hands.get("mischief").json()["lose_pct"] == 10
    assert hands.delete("mischief").json()["lose_pct"] == 0


def test_held_calls_are_let_go_and_counted(hands, psp: FakePsp, hooked, charged):
    hands.put("mischief", json={"hold": True})
    hands.post("pay", json={"txid": charged()})
    assert hands.get("deliveries").json()["waiting"] == 1
    hands.post("deliver")
    hooked.wait(1)
    psp.deliveries.settle(10)
    assert hands.get("deliveries").json() == {
        "told": 1, "made": 1, "accepted": 1, "refused": 0, "unanswered": 0, "lost": 0, "waiting": 0
    }  # fmt: skip
    hands.post("foreign", json={"amount": 100})
    assert hands.get("deliveries").json()["told"] == 2


def test_charges_and_tokens_can_be_taken_back_from_outside(hands, api, charged):
    assert hands.post("remove", json={"txid": charged()}).json()["status"] == "REMOVIDA_PELO_PSP"
    assert hands.post("forget-tokens").status_code == 204
    assert api.get(f"/cobv/{txid(1)}").status_code == 401


def test_the_manual_names_every_mischief_and_every_deed(hands):
    manual = (Path(__file__).parents[4] / "docs/operators/fake-psp.md").read_text()
    for name in hands.get("mischief").json():
        assert f"`{name}`" in manual or f'"{name}"' in manual, name
    for name in (
        "charges",
        "pay",
        "pay-key",
        "give-back",
        "settle-return",
        "foreign",
        "remove",
        "forget-tokens",
    ):
        assert f"{name}`" in manual or f"{name}[" in manual, name


# the page


def test_a_person_sees_what_is_paid_to_whom_and_pays(psp: FakePsp, hands, charged):
    txid = charged(amount="1234.50", solicitacaoPagador="Internet <b>rápida</b>")
    shown = hands.get(f"pagar/{txid}")
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    for words in ("Provedor Fictício Ltda", "R$\xa01.234,50", "Internet &lt;b&gt;rápida", "Pagar agora"):
        assert words in shown.text
    paid = hands.post(f"pagar/{txid}")
    assert paid.status_code == 200 and "Pagamento feito" in paid.text
    assert len(psp.ledger.charges[txid].pix) == 1
    assert psp.pay_page(txid) == str(hands.base_url) + f"pagar/{txid}"


def test_who_paid_is_led_back(psp: FakePsp, hands, charged):
    page = httpx.URL(
        f"{psp.root}/_fake/pagar/{charged()}", params={"voltar": "http://127.0.0.1:8000/pago?x=1"}
    )
    paid = hands.post(page)
    assert (paid.status_code, paid.headers["location"]) == (303, "http://127.0.0.1:8000/pago?x=1")


def test_the_page_says_why_a_charge_cannot_be_paid(psp: FakePsp, hands, api, clock, charged):
    charged()
    hands.post(f"pagar/{txid(1)}")
    assert "já foi paga" in hands.post(f"pagar/{txid(1)}").text
    assert len(psp.ledger.charges[txid(1)].pix) == 1
    assert hands.get(f"pagar/{txid(9)}").status_code == 404
    api.put(f"/cobv/{txid(2)}", json=cobv())
    clock.on("2027-03-01")
    late = hands.get(f"pagar/{txid(2)}")
    assert late.status_code == 409 and "venceu" in late.text


@pytest.mark.parametrize(
    ("said", "goes"),
    [
        ("/fatura/1?a=b#c", "/fatura/1?a=b#c"),
        ("pago", "pago"),
        ("http://localhost:8000/x", "http://localhost:8000/x"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
        ("https://127.0.0.1/x", "https://127.0.0.1/x"),
        ("", None),
        ("//evil.example/x", None),
        ("/\\evil.example", None),
        ("https://evil.example/", None),
        ("http://localhost.evil.example/", None),
        ("http://localhost@evil.example/", None),
        ("http://10.0.0.1/", None),
        ("javascript:alert(1)", None),
        ("http:evil.example", None),
        ("/x\r\nSet-Cookie: a=b", None),
        ("http://[::1/", None),
        ("///evil.example", None),
    ],
)
def test_the_way_back_stays_on_this_machine(said, goes):
    assert way_back(str(httpx.QueryParams({"voltar": said}))) == goes

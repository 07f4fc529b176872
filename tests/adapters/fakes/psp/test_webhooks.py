"""Calls to the receiver: what he hears of, in what shape, and everything that may go wrong on the way."""

import httpx
import pytest

from religa.adapters.fakes.psp import KEY, OTHER_KEY, FakePsp, Mischief, wire

from .conftest import client_of, txid
from .standard import check
from .test_charges import reasons


def pay(psp: FakePsp, charged, count: int) -> list[str]:
    """endToEndIds of paid charges."""
    return [psp.pay(charged(number)).id for number in range(count)]


def test_a_webhook_is_registered_read_and_removed(api):
    assert api.get(f"/webhook/{KEY}").status_code == 404
    assert api.put(f"/webhook/{KEY}", json={"webhookUrl": "https://isp.example/hook"}).status_code == 200
    said = api.get(f"/webhook/{KEY}").json()
    assert said == {
        "webhookUrl": "https://isp.example/hook",
        "chave": KEY,
        "criacao": "2026-12-01T15:00:00.000Z",
    }
    assert api.delete(f"/webhook/{KEY}").status_code == 204
    assert api.get(f"/webhook/{KEY}").status_code == api.delete(f"/webhook/{KEY}").status_code == 404


@pytest.mark.parametrize("body", [{}, {"webhookUrl": "isp.example"}, {"webhookUrl": 1}, []], ids=str)
def test_an_address_that_is_none_is_refused(api, body):
    assert "webhookUrl" in reasons(api.put(f"/webhook/{KEY}", json=body))


def test_a_key_of_somebody_else_is_refused(api):
    url = {"webhookUrl": "https://isp.example/hook"}
    assert "não pertence" in reasons(api.put("/webhook/outra%40isp.example", json=url))


def test_a_key_may_be_an_address_of_mail_or_a_telephone(clock, receiver):
    with FakePsp(now=clock, keys=("pix@isp.example", "+5585999990000")) as psp, client_of(psp) as api:
        assert api.put("/webhook/pix%40isp.example", json={"webhookUrl": receiver.url}).status_code == 200
        assert api.put("/webhook/%2B5585999990000", json={"webhookUrl": receiver.url}).status_code == 200
        pix = psp.pay_key(100, key="+5585999990000", txid="static1")
        assert psp.deliver_all().accepted == 1 and receiver.told == [pix.id]


def test_the_receiver_hears_of_a_payment_under_pix(psp, hooked, charged):
    (id,) = pay(psp, charged, 1)
    assert psp.deliver_all().accepted == 1
    (call,) = hooked.calls
    assert (call.method, call.path) == ("POST", "/hook/segredo/pix")
    (body,) = hooked.bodies
    assert [(pix["endToEndId"], pix["txid"], pix["valor"], pix["chave"]) for pix in body["pix"]] == [
        (id, txid(0), "99.90", KEY)
    ]
    check(body["pix"][0], "Pix")


def test_a_suffix_in_the_query_takes_the_appended_path(api, psp, receiver, charged):
    api.put(f"/webhook/{KEY}", json={"webhookUrl": f"{receiver.url}?hmac=abc&ignorar="})
    pay(psp, charged, 1)
    psp.deliver_all()
    assert (receiver.calls[0].path, receiver.calls[0].query) == ("/hook/segredo", "hmac=abc&ignorar=/pix")


def test_a_transfer_without_a_txid_is_told_to_nobody(psp, hooked, charged):
    psp.pay_key(100)
    (id,) = pay(psp, charged, 1)
    psp.deliver_all()
    assert hooked.told == [id]


def test_nobody_is_called_without_a_webhook(api, psp, hooked, charged):
    api.delete(f"/webhook/{KEY}")
    pay(psp, charged, 1)
    assert psp.deliver_all().told == 0 and hooked.calls == []


def test_a_devolucao_is_told_when_it_is_final(api, psp, hooked, charged):
    (id,) = pay(psp, charged, 1)
    psp.give_back(id, status="EM_PROCESSAMENTO")
    psp.deliver_all()
    assert len(hooked.calls) == 1
    psp.settle_return(id, "MED0001", "DEVOLVIDO")
    psp.deliver_all()
    (returned,) = hooked.bodies[1]["pix"][0]["devolucoes"]
    assert (returned["natureza"], returned["status"]) == ("MED_FRAUDE", "DEVOLVIDO")
    check(hooked.bodies[1]["pix"][0], "Pix")


def test_connections_to_the_receiver_stay_open(psp, hooked, charged):
    pay(psp, charged, 5)
    assert psp.deliver_all().accepted == 5
    assert len(hooked._server._opened) == 1


# mischief


def test_calls_may_come_twice(psp, hooked, charged):
    psp.misbehave(repeat_pct=100)
    (id,) = pay(psp, charged, 1)
    assert psp.deliver_all().made == 2 and hooked.told == [id, id]


def test_calls_may_never_come(psp, hooked, charged):
    psp.misbehave(lose_pct=100)
    pay(psp, charged, 3)
    counted = psp.deliver_all()
    assert (counted.told, counted.lost, counted.made) == (3, 3, 0) and hooked.calls == []


def test_a_share_of_them_is_the_same_share_in_every_run(clock):
    def came(seed: int) -> list[bytes]:
        with FakePsp(now=clock, mischief=Mischief(seed=seed, lose_pct=50)) as psp:
            for number in range(40):
                psp.deliveries.tell("http://127.0.0.1:9/pix", psp.pay_key(number + 1))
            psp.deliver_all()
            return [call.body for call in psp.deliveries.made]

    assert came(7) == came(7) != came(8) and 8 < len(came(7)) < 32


def test_calls_may_be_held_and_come_in_any_order(psp, hooked, charged):
    psp.misbehave(hold=True, reorder=4)
    ids = pay(psp, charged, 4)
    assert psp.delivered.waiting == 4 and hooked.calls == []
    psp.deliver_all()
    assert hooked.told == ids[::-1]


def test_the_last_may_come_first(psp, hooked, charged):
    psp.misbehave(reorder=2)
    ids = pay(psp, charged, 5)
    psp.deliveries.settle(10)
    assert hooked.told == [ids[1], ids[0], ids[3], ids[2]]
    psp.deliver_all()
    assert hooked.told[4:] == [ids[4]]


def test_late_calls_are_overtaken(psp, hooked, charged):
    psp.misbehave(delay_pct=100, delay_ms=3_600_000)
    (late,) = pay(psp, charged, 1)
    psp.behave()
    in_time = psp.pay(charged(5)).id
    hooked.wait(1)
    assert hooked.told == [in_time]
    assert psp.deliver_all().accepted == 2 and hooked.told == [in_time, late]


def test_several_pix_may_come_in_one_call(psp, hooked, charged):
    psp.misbehave(together=3)
    ids = pay(psp, charged, 7)
    psp.deliver_all()
    assert [len(body["pix"]) for body in hooked.bodies] == [3, 3, 1] and hooked.told == ids


def test_the_body_may_be_an_array(psp, hooked, charged):
    psp.misbehave(root_array=True, together=2)
    ids = pay(psp, charged, 2)
    psp.deliver_all()
    (body,) = hooked.bodies
    assert [pix["endToEndId"] for pix in body] == ids


def test_the_key_may_be_anothers_or_missing(psp, hooked, charged):
    psp.misbehave(foreign_key=OTHER_KEY)
    pay(psp, charged, 1)
    psp.mischief = Mischief(without_key=True)
    psp.pay(charged(2))
    psp.deliver_all()
    first, second = (body["pix"][0] for body in hooked.bodies)
    assert first["chave"] == OTHER_KEY and "chave" not in second


def test_money_of_another_customer_is_told_but_not_ours_to_read(api, psp, hooked, charged):
    id = psp.foreign(99_90, txid=charged())
    psp.deliver_all()
    (pix,) = hooked.bodies[0]["pix"]
    assert (pix["endToEndId"], pix["txid"], pix["chave"]) == (id, txid(1), OTHER_KEY)
    assert api.get(f"/pix/{id}").status_code == 404
    assert api.get(f"/cobv/{txid(1)}").json()["status"] == "ATIVA"


def test_fields_of_the_future_and_offsets_are_in_answers_and_events(api, psp, hooked, charged):
    psp.misbehave(unknown_fields=True, offset=True)
    (id,) = pay(psp, charged, 1)
    psp.deliver_all()
    told, read = hooked.bodies[0]["pix"][0], api.get(f"/pix/{id}").json()
    assert told == read and told["horario"] == "2026-12-01T12:00:00.00-03:00"
    assert {"pagador", "campoDeUmaVersaoFutura"} <= set(told)
    assert "campoDeUmaVersaoFutura" in api.get(f"/cobv/{txid(0)}").json()


def test_registering_may_bring_a_call_without_pix(api, psp, receiver):
    psp.misbehave(test_call=True)
    api.put(f"/webhook/{KEY}", json={"webhookUrl": receiver.url})
    psp.deliver_all()
    assert receiver.bodies == [{"evento": "teste_webhook"}]


def test_a_call_that_failed_is_made_again_only_if_told(psp, hooked, charged):
    hooked.answers = [500, 503]
    pay(psp, charged, 1)
    counted = psp.deliver_all()
    assert (counted.refused, counted.accepted) == (1, 0)
    psp.misbehave(retries=2)
    psp.pay(charged(2))
    counted = psp.deliver_all()
    assert (counted.made, counted.refused, counted.accepted) == (3, 2, 1)


def test_a_receiver_that_is_not_there_is_counted(api, psp, charged):
    api.put(f"/webhook/{KEY}", json={"webhookUrl": "http://127.0.0.1:9"})
    pay(psp, charged, 1)
    counted = psp.deliver_all()
    assert (counted.unanswered, counted.waiting) == (1, 0)
    assert [call.status for call in psp.deliveries.made] == [None]


def test_the_receiver_may_ask_back_while_he_is_called(api, psp, charged):
    seen: list[int] = []

    def ask(call: wire.Request) -> wire.Answer:
        with httpx.Client(verify=False) as client:
            seen.append(client.get(f"{psp.url}/cobv/{txid(0)}", headers=dict(api.headers)).status_code)
        return wire.Answer(200)

    server = wire.Server(ask)
    server.start()
    api.put(f"/webhook/{KEY}", json={"webhookUrl": f"http://127.0.0.1:{server.port}"})
    pay(psp, charged, 1)
    assert psp.deliver_all().accepted == 1 and seen == [200]
    server.stop()

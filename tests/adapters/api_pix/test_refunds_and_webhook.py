"""Money back to the payer, and where the bank sends its events."""

from urllib.parse import unquote

import httpx
import pytest

from religa.ports.money import BankRefused, BankUnreachable, NotFound, Returned, ReturnStatus, Webhook

from .bank import BASE, KEY, PAYMENT, Bank, answer

PATH = f"/pix/{PAYMENT}/devolucao/r1"
BACK = {"id": "r1", "rtrId": "D" * 32, "valor": "9.90", "horario": {}, "status": "EM_PROCESSAMENTO"}
URL = "https://religa.test/hooks/pix/secret"


def refund(bank: Bank, **more):
    wanted = {"payment_id": PAYMENT, "refund_id": "r1", "amount": 990, "reason": "Pago duas vezes"}
    return bank.account().refund(**(wanted | more))


class TestRefunds:
    def test_it_is_asked_for_once_it_is_known_to_be_new(self, bank: Bank):
        bank.will(answer(404), answer(201, BACK))
        assert refund(bank) == Returned("r1", 990, ReturnStatus.PROCESSING, rtr_id="D" * 32)
        assert bank.heard == [f"GET {PATH}", f"PUT {PATH}"]
        assert bank.sent() == {"valor": "9.90", "descricao": "Pago duas vezes"}

    def test_repeated_it_is_the_same_refund(self, bank: Bank):
        bank.will(answer(200, BACK | {"status": "DEVOLVIDO"}))
        assert refund(bank).status is ReturnStatus.RETURNED
        assert bank.heard == [f"GET {PATH}"]

    def test_another_amount_under_the_same_id_is_refused(self, bank: Bank):
        bank.will(answer(200, BACK))
        assert refund(bank, amount=991).violations == ("valor: 9.90, not 9.91",)

    def test_a_lost_answer_is_looked_for_and_the_money_not_sent_twice(self, bank: Bank):
        bank.will(answer(404), httpx.ReadTimeout("silence"), answer(200, BACK))
        assert refund(bank).status is ReturnStatus.PROCESSING
        bank.will(answer(404), httpx.ReadTimeout("silence"), answer(404))
        assert isinstance(refund(bank), BankUnreachable)
        assert bank.heard.count(f"PUT {PATH}") == 2  # one for each refund()

    def test_while_nobody_can_say_whether_it_exists_it_is_not_asked_for(self, bank: Bank):
        bank.will(*[answer(503)] * 3)
        assert isinstance(refund(bank), BankUnreachable)
        assert f"PUT {PATH}" not in bank.heard

    def test_a_refusal_says_what_the_bank_said(self, bank: Bank):
        bank.will(
            answer(404), answer(400, {"title": "Devolução inválida.", "detail": "sem saldo"}), answer(404)
        )
        assert refund(bank) == BankRefused(400, "Devolução inválida.: sem saldo")

    def test_a_pix_that_the_bank_does_not_know_is_not_found(self, bank: Bank):
        bank.will(*[answer(404)] * 3)
        assert refund(bank) == NotFound()

    def test_how_far_it_is(self, bank: Bank):
        bank.will(answer(200, BACK | {"status": "NAO_REALIZADO", "motivo": "sem saldo"}))
        seen = bank.account().fetch_refund(payment_id=PAYMENT, refund_id="r1")
        assert (seen.status, seen.reason) == (ReturnStatus.NOT_DONE, "sem saldo")

    @pytest.mark.parametrize(
        "wrong",
        [{"amount": 0}, {"payment_id": "E1"}, {"refund_id": "a-b"}, {"refund_id": ""}, {"reason": "x" * 141}],
    )
    def test_what_no_bank_could_take_is_not_sent(self, bank: Bank, wrong: dict):
        refused = refund(bank, **wrong)
        assert refused.code == 0 and len(refused.violations) == 1 and not bank.calls
        if "_id" in next(iter(wrong)):
            ids = {"payment_id": PAYMENT, "refund_id": "r1"} | wrong
            assert bank.account().fetch_refund(**ids).code == 0 and not bank.calls


class TestTheWebhook:
    def test_what_is_registered(self, bank: Bank):
        bank.will(answer(200, {"webhookUrl": URL, "chave": KEY, "criacao": "2026-12-01T12:00:00Z"}))
        assert bank.account().webhook() == Webhook(URL)

    def test_nothing_is_registered(self, bank: Bank):
        bank.will(answer(404))
        assert bank.account().webhook() == Webhook("")

    def test_registering(self, bank: Bank):
        bank.will(answer(200))
        assert bank.account().register_webhook(URL) == Webhook(URL)
        assert bank.heard == [f"PUT /webhook/{KEY}"] and bank.sent() == {"webhookUrl": URL}

    def test_only_where_it_is_wanted_the_bank_is_told_to_show_no_certificate(self, bank: Bank):
        bank.will(*[answer(200)] * 3)
        bank.account("efi").register_webhook(URL)
        bank.account("efi", unverified_webhook=True).register_webhook(URL)
        bank.account("sicredi", unverified_webhook=True).register_webhook(URL)
        assert [call.headers.get("x-skip-mtls-checking") for call in bank.calls] == [None, "true", None]

    @pytest.mark.parametrize("url", ["http://religa.test", "religa.test", "https://a b", "https://", ""])
    def test_an_address_to_which_no_bank_sends_is_refused(self, bank: Bank, url: str):
        assert bank.account().register_webhook(url).code == 0 and not bank.calls

    def test_removing_what_is_there_or_is_not(self, bank: Bank):
        bank.will(answer(204), answer(404), answer(403, {"title": "no"}))
        account = bank.account()
        assert account.remove_webhook() == account.remove_webhook() == Webhook("")
        assert account.remove_webhook() == BankRefused(403, "no")

    @pytest.mark.parametrize("key", ["+5581999990000", "caixa@ana-internet.test"])
    def test_every_kind_of_key_finds_its_way_into_the_address(self, bank: Bank, key: str):
        bank.will(answer(200, {"webhookUrl": URL}))
        bank.account(pix_key=key).webhook()
        raw = bank.calls[0].url.raw_path.decode()
        assert unquote(raw) == httpx.URL(BASE).path + f"/webhook/{key}" and "+" not in raw and "@" not in raw

"""Charges on their way to the bank and back. Whatever is sent here is checked against the standard's own file."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import httpx
import pytest

from religa.ports.money import (
    BankRefused,
    BankUnreachable,
    ChargeKind,
    ChargeRef,
    ChargeStatus,
    Debtor,
    NotFound,
    Terms,
)

from .bank import ANA, AT_ONCE, COB, DUE, KEY, NOW, PAYMENT, REF, TXID, WANTED, Bank, answer, charge, pix

REMOVED = {"status": "REMOVIDA_PELO_USUARIO_RECEBEDOR"}
INVALID = {"type": "x", "title": "Cobrança inválida.", "status": 400}


class TestCreating:
    def test_a_dated_charge_says_all_its_terms(self, bank: Bank):
        terms = Terms(200, 100, discount=500, discount_until=date(2026, 12, 5), payable_days=60)
        bank.will(answer(201, charge(revisao=2)))
        seen = bank.account().create(replace(WANTED, terms=terms, description="Internet de dezembro"))
        assert seen.status is ChargeStatus.ACTIVE and seen.amount == 9990 and seen.revision == 2
        assert seen.ref == REF and seen.copy_paste == "000201..." and seen.location == "bank.test/v2/cobv/abc"
        assert bank.heard == [f"PUT /cobv/{TXID}"]
        assert bank.sent() == {
            "calendario": {"dataDeVencimento": "2026-12-10", "validadeAposVencimento": 60},
            "devedor": {"cpf": "12345678909", "nome": "Ana Souza"},
            "valor": {
                "original": "99.90",
                "multa": {"modalidade": 2, "valorPerc": "2.00"},
                "juros": {"modalidade": 3, "valorPerc": "1.00"},
                "desconto": {
                    "modalidade": 1,
                    "descontoDataFixa": [{"data": "2026-12-05", "valorPerc": "5.00"}],
                },
            },
            "chave": KEY,
            "solicitacaoPagador": "Internet de dezembro",
        }

    def test_a_charge_to_be_paid_at_once_has_a_life_and_no_late_charges(self, bank: Bank):
        bank.will(answer(201, charge(calendario={"criacao": "2026-12-01T12:00:00Z", "expiracao": 3600})))
        seen = bank.account().create(replace(AT_ONCE, terms=Terms(200, 100), expires_in=3600))
        assert seen.ref == COB
        assert bank.sent()["calendario"] == {"expiracao": 3600}
        assert bank.sent()["valor"] == {"original": "99.90"}

    def test_a_company_is_charged_by_its_cnpj_with_letters(self, bank: Bank):
        bank.will(answer(201, charge()))
        bank.account().create(replace(WANTED, debtor=Debtor("12ABC34501DE35", "X SA")))
        assert bank.sent()["devedor"] == {"cnpj": "12ABC34501DE35", "nome": "X SA"}

    def test_a_lost_answer_is_asked_for_again_under_the_same_txid(self, bank: Bank):
        bank.will(httpx.ReadTimeout("silence"), answer(200, charge()))
        assert bank.account().create(WANTED).status is ChargeStatus.ACTIVE
        assert bank.heard == [f"PUT /cobv/{TXID}"] * 2 and bank.sent(0) == bank.sent(1)

    @pytest.mark.parametrize("code", [400, 409, 422])
    def test_a_txid_in_use_is_read_and_given_back(self, bank: Bank, code: int):
        bank.will(answer(code, INVALID), answer(200, charge(status="CONCLUIDA", pix=[pix()])))
        seen = bank.account().create(WANTED)
        assert seen.status is ChargeStatus.PAID and [money.id for money in seen.payments] == [PAYMENT]
        assert bank.heard == [f"PUT /cobv/{TXID}", f"GET /cobv/{TXID}"]

    def test_a_txid_that_names_another_charge_is_refused_with_the_difference(self, bank: Bank):
        other = charge(valor={"original": "10.00"}, calendario={"dataDeVencimento": "2026-11-10"})
        bank.will(answer(409, INVALID), answer(200, other))
        refused = bank.account().create(WANTED)
        assert isinstance(refused, BankRefused) and refused.code == 409
        assert refused.violations == (
            "valor.original: 10.00, not 99.90",
            "calendario.dataDeVencimento: 2026-11-10, not 2026-12-10",
        )

    def test_a_refusal_with_nothing_behind_it_stays_one(self, bank: Bank):
        violations = [{"propriedade": "cobv.chave", "razao": "não pertence", "valor": "12345678909"}]
        bank.will(answer(400, INVALID | {"violacoes": violations}), answer(404, {}))
        refused = bank.account().create(WANTED)
        assert refused == BankRefused(400, "Cobrança inválida.", ("cobv.chave: não pertence",))

    def test_an_answer_about_another_charge_is_no_answer(self, bank: Bank):
        bank.will(answer(201, charge(txid="x" * 30)))
        assert bank.account().create(WANTED) == BankUnreachable("the bank answered with another charge")

    def test_the_bank_may_have_made_something_else_of_it(self, bank: Bank):
        bank.will(answer(201, charge(valor={"original": "99.00"})))
        assert bank.account().create(WANTED).violations == ("valor.original: 99.00, not 99.90",)

    @pytest.mark.parametrize(
        ("wanted", "words"),
        [
            (replace(WANTED, amount=0), "at least one centavo"),
            (replace(WANTED, amount=10**12), "ten digits"),
            (replace(WANTED, txid="short"), "26 to 35"),
            (replace(WANTED, txid=TXID + "aaaa"), "26 to 35"),
            (replace(WANTED, txid="ç" * 30), "26 to 35"),
            (replace(WANTED, debtor=None), "names its debtor"),
            (replace(WANTED, debtor=Debtor("123.456.789-09", "Ana")), "CPF (11 digits)"),
            (replace(WANTED, debtor=Debtor("12abc34501de35", "Ana")), "capital letters"),
            (replace(WANTED, debtor=Debtor("12345678909", "")), "1 to 200"),
            (replace(WANTED, debtor=Debtor("12345678909", "a" * 201)), "1 to 200"),
            (replace(WANTED, description="a" * 141), "140"),
            (replace(WANTED, due_date=None), "has a due date"),
            (replace(WANTED, due_date=date(2026, 11, 30)), "has passed"),
            (replace(WANTED, terms=Terms(fine_pct=10_000)), "100 percent"),
            (replace(WANTED, terms=Terms(payable_days=-1)), "not below zero"),
            (replace(WANTED, terms=Terms(discount=9990, discount_until=DUE)), "less than the charge"),
            (replace(WANTED, terms=Terms(discount=1)), "has a last day"),
            (replace(WANTED, terms=Terms(discount=1, discount_until=date(2026, 12, 11))), "at the latest"),
            (replace(AT_ONCE, due_date=DUE), "no due date"),
            (replace(AT_ONCE, expires_in=0), "one second"),
            (replace(WANTED, kind=ChargeKind.BOLETO), "no charge of the kind boleto"),
        ],
    )
    def test_what_no_bank_could_take_is_not_sent(self, bank: Bank, wanted, words: str):
        refused = bank.account().create(wanted)
        assert isinstance(refused, BankRefused) and refused.code == 0
        [violation] = refused.violations
        assert words in violation
        assert not bank.calls and not bank.token_calls

    def test_all_that_is_wrong_is_said_at_once_and_names_nobody(self, bank: Bank):
        refused = bank.account().create(replace(WANTED, amount=-1, debtor=Debtor("1", "x" * 300)))
        assert len(refused.violations) == 3
        assert "x" * 10 not in repr(refused) and "Ana" not in repr(WANTED)

    def test_the_day_of_creation_is_brasilias(self, bank: Bank):
        today = replace(WANTED, due_date=date(2026, 12, 1))
        bank.now = datetime(2026, 12, 1, 23, 59, tzinfo=timezone(timedelta(hours=-3)))
        bank.will(answer(201, charge(calendario={"dataDeVencimento": "2026-12-01"})))
        assert bank.account().create(today).status is ChargeStatus.ACTIVE
        bank.now += timedelta(minutes=1)
        assert "has passed" in bank.account().create(today).violations[0]


class TestChanging:
    def test_a_change_goes_to_the_same_charge(self, bank: Bank):
        bank.will(answer(200, charge(revisao=1, valor={"original": "120.00"})))
        seen = bank.account().update(REF, replace(WANTED, amount=12_000))
        assert (seen.amount, seen.revision) == (12_000, 1)
        assert bank.heard == [f"PATCH /cobv/{TXID}"] and bank.sent()["valor"] == {"original": "120.00"}

    def test_a_due_date_that_has_passed_may_stay(self, bank: Bank):
        bank.will(answer(200, charge()))
        bank.account().update(REF, replace(WANTED, due_date=date(2026, 11, 10)))
        assert bank.sent()["calendario"]["dataDeVencimento"] == "2026-11-10"

    def test_one_that_was_paid_meanwhile_comes_back_as_paid(self, bank: Bank):
        bank.will(answer(400, INVALID), answer(200, charge(status="CONCLUIDA", pix=[pix()])))
        assert bank.account().update(REF, WANTED).status is ChargeStatus.PAID

    def test_a_change_whose_answer_is_lost_is_not_repeated_by_itself(self, bank: Bank):
        bank.will(httpx.ReadTimeout("silence"))
        assert isinstance(bank.account().update(REF, WANTED), BankUnreachable)
        assert len(bank.calls) == 1

    def test_nothing_to_change(self, bank: Bank):
        bank.will(answer(404, {}), answer(404, {}))
        assert bank.account().update(REF, WANTED) == NotFound()


def test_a_bank_that_says_no_more_than_done_is_asked_what_is_there(bank: Bank):
    removed = answer(200, charge(**REMOVED))
    bank.will(answer(201), answer(200, charge()), answer(204), removed)
    account = bank.account()
    assert account.create(WANTED).status is ChargeStatus.ACTIVE
    assert account.cancel(REF).status is ChargeStatus.REMOVED
    assert bank.heard == [f"{method} /cobv/{TXID}" for method in ("PUT", "GET", "PATCH", "GET")]


class TestTakingBack:
    def test_a_removal_carries_nothing_else(self, bank: Bank):
        bank.will(answer(200, charge(**REMOVED)))
        assert bank.account().cancel(REF).status is ChargeStatus.REMOVED
        assert bank.sent() == REMOVED

    def test_one_that_was_paid_meanwhile_comes_back_as_paid(self, bank: Bank):
        bank.will(answer(400, INVALID), answer(200, charge(status="CONCLUIDA", pix=[pix()])))
        seen = bank.account().cancel(REF)
        assert seen.status is ChargeStatus.PAID and seen.payments[0].amount == 9990

    def test_taking_back_twice_is_taking_back(self, bank: Bank):
        bank.will(answer(400, INVALID), answer(200, charge(status="REMOVIDO_PELO_USUARIO_RECEBEDOR")))
        assert bank.account().cancel(COB).status is ChargeStatus.REMOVED

    def test_one_that_still_lives_leaves_the_refusal(self, bank: Bank):
        bank.will(answer(422, INVALID), answer(200, charge()))
        assert bank.account().cancel(REF) == BankRefused(422, "Cobrança inválida.")

    def test_an_unknown_one_is_not_found(self, bank: Bank):
        bank.will(answer(404, INVALID), answer(404, INVALID))
        assert bank.account().cancel(REF) == NotFound()

    def test_a_charge_that_cannot_exist_is_not_asked_for(self, bank: Bank):
        for asked in (bank.account().cancel, bank.account().fetch):
            assert asked(ChargeRef(ChargeKind.PIX_STATIC, TXID)).code == 0
        assert not bank.calls


class TestFetching:
    @pytest.mark.parametrize(
        ("word", "status"),
        [
            ("ATIVA", ChargeStatus.ACTIVE),
            ("CONCLUIDA", ChargeStatus.PAID),
            ("REMOVIDA_PELO_PSP", ChargeStatus.REMOVED_BY_BANK),
            ("REMOVIDO_PELO_PSP", ChargeStatus.REMOVED_BY_BANK),
            ("REMOVIDO_PELO_USUARIO_RECEBEDOR", ChargeStatus.REMOVED),
            ("EM_ANALISE", ChargeStatus.UNKNOWN),
            (None, ChargeStatus.UNKNOWN),
        ],
    )
    def test_a_word_for_each_state_and_one_for_the_others(self, bank: Bank, word, status: ChargeStatus):
        bank.will(answer(200, charge(status=word)))
        assert bank.account().fetch(REF).status is status

    def test_a_charge_to_be_paid_at_once_ends_by_itself(self, bank: Bank):
        calendar = {"criacao": "2026-12-01T11:00:00-03:00", "expiracao": "3600"}  # 14:00 to 15:00 UTC
        bank.now = NOW - timedelta(seconds=1)
        bank.will(*[answer(200, charge(calendario=calendar))] * 2)
        assert bank.account().fetch(COB).status is ChargeStatus.ACTIVE
        bank.now = NOW
        assert bank.account().fetch(COB).status is ChargeStatus.EXPIRED

    def test_several_payments_on_one_charge_are_all_there(self, bank: Bank):
        bank.will(answer(200, charge(pix=[pix(), pix(endToEndId=PAYMENT[:-1] + "z", valor="1.00")])))
        assert [money.amount for money in bank.account().fetch(REF).payments] == [9990, 100]

    def test_without_a_text_to_copy_one_is_made_of_the_location(self, bank: Bank):
        from religa.domain import brcode

        bank.will(*[answer(200, charge(pixCopiaECola=None))] * 2)
        code = bank.account(payee="Ana Internet", city="Recife").fetch(REF).copy_paste
        read = brcode.decode(code)
        assert (read.location, read.name, read.city) == ("bank.test/v2/cobv/abc", "Ana Internet", "Recife")
        assert bank.account().fetch(REF).copy_paste.startswith("000201")

    def test_a_location_that_no_code_can_hold_gives_none(self, bank: Bank):
        bank.will(answer(200, charge(pixCopiaECola="", loc={"location": "x" * 90})))
        assert bank.account().fetch(REF).copy_paste == ""

    @pytest.mark.parametrize(
        "body", [{}, [], "text", 7, {"txid": TXID}, charge(valor={"original": "1,00"}), None]
    )
    def test_an_answer_that_is_no_charge_is_no_answer(self, bank: Bank, body):
        bank.will(*[answer(200, body)] * 3)
        assert isinstance(bank.account().fetch(REF), BankUnreachable)

    def test_an_unknown_one_is_not_found(self, bank: Bank):
        bank.will(answer(404, INVALID))
        assert bank.account().fetch(REF) == NotFound()


def test_no_repr_names_the_debtor_or_the_secret(bank: Bank):
    account = bank.account(app_key="app-key")
    shown = repr((account, account.account, ANA, WANTED))
    assert "s3cret" not in shown and "app-key" not in shown and "123456" not in shown

"""What a bank says has been received: the only source of credit."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from religa.adapters.api_pix import reading
from religa.ports.money import (
    BankRefused,
    BankUnreachable,
    ChargeStatus,
    Hint,
    Nature,
    NotFound,
    Received,
    ReturnStatus,
    Split,
    Truth,
)

from .bank import NOW, PAYMENT, TXID, Bank, answer, charge, pix

HOUR = timedelta(hours=1)
OTHER = PAYMENT[:-1] + "z"


def page(*entries: Any, pages: int | None = 1, total: int | None = None) -> httpx.Response:
    paging = {"paginaAtual": 0, "itensPorPagina": 100, "quantidadeDePaginas": pages}
    paging["quantidadeTotalDeItens"] = len(entries) if total is None else total
    return answer(200, {"parametros": {"paginacao": paging}, "pix": list(entries)})


def ask(bank: Bank, since: datetime = NOW - HOUR, until: datetime = NOW):
    return bank.account().received(since=since, until=until)


class TestTheList:
    def test_pages_are_read_from_0_to_the_last(self, bank: Bank):
        later = pix(endToEndId=OTHER, horario="2026-12-01T14:00:00Z", txid=None)
        bank.will(page(pix(), pages=2, total=2), page(later, pages=2, total=2))
        received = ask(bank)
        assert [money.id for money in received.payments] == [OTHER, PAYMENT]
        assert received.payments[0].txid is None
        first, second = (call.url.params for call in bank.calls)
        assert (first["paginacao.paginaAtual"], second["paginacao.paginaAtual"]) == ("0", "1")
        assert (first["inicio"], first["fim"]) == ("2026-12-01T14:00:00Z", "2026-12-01T15:00:00Z")

    def test_a_failing_page_fails_the_list(self, bank: Bank):
        bank.will(page(pix(), pages=2, total=2), answer(403, {"title": "no"}))
        assert ask(bank) == BankRefused(403, "no")
        bank.will(page(pix(), pages=2, total=2), *[answer(500, "<soap/>")] * 3)
        assert isinstance(ask(bank), BankUnreachable)

    def test_a_list_that_lost_something_between_pages_is_not_taken(self, bank: Bank):
        bank.will(page(pix(), pages=2, total=2), page(pix(), pages=2, total=2))
        assert ask(bank) == BankUnreachable("the bank's list is not whole: 1 of 2")

    def test_a_bank_that_counts_nothing_is_asked_until_nothing_new_comes(self, bank: Bank):
        for entries in ([pix()], [pix(endToEndId=OTHER)], []):
            bank.will(answer(200, {"pix": entries}))
        assert len(ask(bank).payments) == 2

    def test_a_bank_that_ignores_the_page_gives_each_payment_once(self, bank: Bank):
        bank.will(*[answer(200, {"pix": [pix()]})] * 2)
        assert len(ask(bank).payments) == 1

    def test_an_entry_that_cannot_be_read_is_named_and_keeps_nobody_else_waiting(self, bank: Bank):
        bank.will(page(pix(), pix(endToEndId=OTHER, valor="1,00"), "?"))
        received = ask(bank)
        assert [money.id for money in received.payments] == [PAYMENT]
        assert received.unread == (OTHER, "entry 3")

    @pytest.mark.parametrize("body", [{}, [], 7, None, {"cobs": []}])
    def test_an_answer_without_a_list_is_no_answer(self, bank: Bank, body):
        bank.will(answer(200, body))
        assert isinstance(ask(bank), BankUnreachable)

    def test_an_empty_list_may_be_left_out(self, bank: Bank):
        bank.will(answer(200, {"parametros": {"paginacao": {"quantidadeTotalDeItens": 0}}}))
        assert ask(bank) == Received(())

    def test_the_end_is_never_in_the_future(self, bank: Bank):
        bank.now = NOW + timedelta(milliseconds=700)
        bank.will(page())
        ask(bank, until=NOW + HOUR)
        assert bank.calls[0].url.params["fim"] == "2026-12-01T15:00:00Z"

    def test_the_running_second_comes_with_the_next_question(self, bank: Bank):
        until = bank.now = NOW + timedelta(milliseconds=700)
        bank.will(page(), page())
        ask(bank, until=until)
        bank.now += HOUR
        ask(bank, since=until, until=until + HOUR)
        first, second = (call.url.params for call in bank.calls)
        assert first["fim"] == second["inicio"] == "2026-12-01T15:00:00Z"

    def test_parts_of_a_second_are_inside(self, bank: Bank):
        bank.will(page())
        part = timedelta(milliseconds=300)
        ask(bank, since=NOW - HOUR + part, until=NOW - 2 * part)
        params = bank.calls[0].url.params
        assert (params["inicio"], params["fim"]) == ("2026-12-01T14:00:00Z", "2026-12-01T15:00:00Z")

    def test_an_empty_or_future_period_needs_no_call(self, bank: Bank):
        assert ask(bank, since=NOW, until=NOW) == Received(())
        assert ask(bank, since=NOW + HOUR, until=NOW + 2 * HOUR) == Received(())
        assert not bank.calls


class TestAHint:
    def test_the_payment_and_its_charge_are_read_from_the_bank(self, bank: Bank):
        bank.will(answer(200, pix()), answer(200, charge(status="CONCLUIDA", pix=[pix()])))
        truth = bank.account().truth(Hint(payment_id=PAYMENT, told=1))
        assert [money.amount for money in truth.payments] == [9990]
        assert [seen.status for seen in truth.charges] == [ChargeStatus.PAID]
        assert bank.heard == [f"GET /pix/{PAYMENT}", f"GET /cobv/{TXID}"]

    def test_a_charge_that_cannot_be_had_does_not_hold_the_money_up(self, bank: Bank):
        bank.will(answer(200, pix()), *[answer(503)] * 3)
        truth = bank.account().truth(Hint(payment_id=PAYMENT))
        assert len(truth.payments) == 1 and truth.charges == ()

    def test_a_payment_by_a_static_code_names_no_charge_to_read(self, bank: Bank):
        bank.will(answer(200, pix(txid="BALCAO1")))
        assert bank.account().truth(Hint(payment_id=PAYMENT)).payments[0].txid == "BALCAO1"
        assert len(bank.calls) == 1

    def test_a_txid_alone_is_sought_among_dated_charges_then_among_the_others(self, bank: Bank):
        bank.will(answer(404), answer(200, charge(status="CONCLUIDA", pix=[pix()])))
        truth = bank.account().truth(Hint(txid=TXID))
        assert isinstance(truth, Truth) and truth.payments == truth.charges[0].payments != ()
        assert bank.heard == [f"GET /cobv/{TXID}", f"GET /cob/{TXID}"]

    def test_a_payment_that_the_bank_does_not_know_yet_may_be_on_its_charge(self, bank: Bank):
        bank.will(answer(404), answer(200, charge(pix=[pix()])))
        assert len(bank.account().truth(Hint(payment_id=PAYMENT, txid=TXID)).payments) == 1

    def test_what_the_bank_does_not_know_is_not_found(self, bank: Bank):
        bank.will(answer(404))
        assert bank.account().truth(Hint(payment_id=PAYMENT)) == NotFound()
        bank.will(answer(404), answer(404))
        assert bank.account().truth(Hint(txid=TXID)) == NotFound()
        assert bank.account().truth(Hint(token="of another bank")) == NotFound()

    def test_another_pix_than_the_one_asked_for_is_no_answer(self, bank: Bank):
        bank.will(answer(200, pix(endToEndId=OTHER)))
        assert isinstance(bank.account().truth(Hint(payment_id=PAYMENT)), BankUnreachable)

    @pytest.mark.parametrize("missing", ["endToEndId", "valor", "horario"])
    def test_a_pix_without_what_it_must_say_is_no_answer(self, bank: Bank, missing: str):
        bank.will(answer(200, pix(**{missing: None})))
        assert isinstance(bank.account().truth(Hint(payment_id=PAYMENT)), BankUnreachable)


class TestLenience:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("2026-12-01T14:30:05Z", datetime(2026, 12, 1, 14, 30, 5, tzinfo=UTC)),
            ("2023-10-24T08:26:39.00-03:00", datetime(2023, 10, 24, 11, 26, 39, tzinfo=UTC)),
            ("2026-12-01T23:30:00.123456789Z", datetime(2026, 12, 1, 23, 30, 0, 123456, tzinfo=UTC)),
            ("2026-12-01 11:30:05 -0300", datetime(2026, 12, 1, 14, 30, 5, tzinfo=UTC)),
            ("2026-12-01t14:30:05z", datetime(2026, 12, 1, 14, 30, 5, tzinfo=UTC)),
            ("2026-12-01T11:30:05", datetime(2026, 12, 1, 14, 30, 5, tzinfo=UTC)),
            ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ],
    )
    def test_an_instant_has_any_offset_and_any_number_of_decimals(self, written: str, read: datetime):
        assert reading.instant(written) == read

    @pytest.mark.parametrize(
        "written", ["", "2026-13-01T00:00:00Z", "01/12/2026", None, 7, "0001-01-01T00:00:00+14:00"]
    )
    def test_what_is_no_instant_is_none(self, written):
        assert reading.instant(written) is None

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            (b'"99.90"', 9990),
            (b"99.9", 9990),
            (b"0.29", 29),
            (b"100", 10000),
            (b'"100"', 10000),
            (b'"0.07"', 7),
            (b'"1.990"', 199),
            (b"1.005", None),
            (b'"1,00"', None),
            (b'"-1.00"', None),
            (b"-1", None),
            (b"true", None),
            (b"null", None),
            (b"1e2", None),
            (b'"1.299,90"', None),
            (b"99999999999999999999", None),
        ],
    )
    def test_an_amount_is_text_or_a_number_and_never_a_float(self, written: bytes, read: int | None):
        assert reading.centavos(reading.document(written)) == read

    @given(st.integers(0, 10**9))
    def test_a_number_keeps_its_centavos(self, centavos: int):
        number = f"{centavos // 100}.{centavos % 100:02}".rstrip("0")
        assert reading.centavos(reading.document(number.rstrip(".").encode())) == centavos

    @pytest.mark.parametrize("octets", [b"", b"<x/>", b"\xff", b"NaN", b"[" * 100_000, b"9" * 5000])
    def test_octets_that_are_no_json_have_one_error(self, octets: bytes):
        with pytest.raises(reading.Unreadable):
            reading.document(octets)

    def test_all_that_a_pix_may_say(self):
        seen = reading.money(
            pix(
                componentesValor={
                    "original": {"valor": "99.90"},
                    "multa": {"valor": "1.99"},
                    "juros": {"valor": 0},
                    "desconto": {"valor": "2.00"},
                },
                pagador={"cpf": "12345678909", "nome": "Ana\0 Souza\ud800"},
                infoPagador="dezembro",
                future={"field": 1},
                devolucoes=[
                    {
                        "id": "r1",
                        "rtrId": "D" * 32,
                        "valor": "1.00",
                        "status": "DEVOLVIDO",
                        "natureza": "MED_FRAUDE",
                        "horario": {"liquidacao": "2026-12-01T15:00:00Z"},
                    },
                    {"id": "r2", "valor": "2.00", "status": "NAO_REALIZADO", "motivo": "sem saldo"},
                    {"id": "r3", "valor": "3.00", "status": "NEW", "natureza": "NEW"},
                ],
            )
        )
        assert seen.split == Split(9990, fine=199, interest=0, discount=200)
        assert (seen.payer_document, seen.payer_name, seen.info) == ("12345678909", "Ana Souza?", "dezembro")
        fraud, not_done, strange = seen.returns
        assert (fraud.nature, fraud.status, fraud.settled_at) == (
            Nature.MED_FRAUD,
            ReturnStatus.RETURNED,
            NOW,
        )
        assert (not_done.nature, not_done.status) == (Nature.ORIGINAL, ReturnStatus.NOT_DONE)
        assert not_done.reason == "sem saldo"
        assert (strange.nature, strange.status) == (Nature.UNKNOWN, ReturnStatus.PROCESSING)

    def test_little_is_enough(self):
        seen = reading.money({"endToEndId": PAYMENT, "valor": "1.00", "horario": "2026-12-01T14:00:00Z"})
        assert (seen.txid, seen.key, seen.split, seen.returns) == (None, "", None, ())

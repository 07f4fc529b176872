"""What is sent to Efí, in its units, and what is not sent."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from religa.adapters.efi_cobrancas import Settings, wanted
from religa.adapters.fakes.efi_charges import check
from religa.domain.documents import check_digits
from religa.ports.money import BankRefused, ChargeKind, Debtor, Terms

from .conftest import FRIDAY, NOTIFY, TXID
from .conftest import wanted as charge

TODAY = date(2026, 12, 1)
COMPANY = Debtor("12ABC34501DE35", "Padaria do Bairro Ltda")
EFI = Settings("id", "secret")


def refused(**more):
    return wanted.refusal(charge(**more), TODAY, EFI)


def test_the_request_of_ana():
    assert wanted.body(charge(), NOTIFY) == {
        "items": [{"name": "Internet de dezembro", "value": 99_90, "amount": 1}],
        "metadata": {"custom_id": TXID, "notification_url": NOTIFY},
        "payment": {
            "banking_billet": {
                "customer": {"name": "Ana Souza", "cpf": "11144477735", "email": "ana@example.com"},
                "expire_at": "2026-12-04",
                "configurations": {"fine": 200, "interest": 33, "days_to_write_off": 30},
                "message": "Internet de dezembro",
            }
        },
    }


def test_a_company_goes_by_its_cnpj_and_by_no_name_of_a_person():
    billet = wanted.body(charge(debtor=COMPANY))["payment"]["banking_billet"]
    company = {"corporate_name": "Padaria do Bairro Ltda", "cnpj": "12ABC34501DE35"}
    assert billet["customer"] == {"juridical_person": company}


def test_no_fine_and_no_interest_are_said_for_the_account_may_have_some_of_its_own():
    billet = wanted.body(charge(terms=Terms()))["payment"]["banking_billet"]
    assert billet["configurations"] == {"fine": 0, "interest": 0, "days_to_write_off": 30}


@pytest.mark.parametrize(("month", "day"), [(0, 0), (100, 33), (30, 10), (29, 9), (200, 66), (992, 330)])
def test_interest_of_a_month_is_truncated_to_a_thirtieth_of_it_a_day(month, day):
    assert wanted.daily_interest(Terms(interest_pct_month=month)) == day


def test_a_discount_lasts_until_its_day_or_the_due_date():
    for until, said in ((date(2026, 12, 2), "2026-12-02"), (None, "2026-12-04")):
        billet = wanted.body(charge(terms=Terms(discount=5_00, discount_until=until)))["payment"][
            "banking_billet"
        ]
        assert billet["conditional_discount"] == {"type": "currency", "value": 500, "until_date": said}


def test_a_doubtful_email_is_left_out_rather_than_losing_the_boleto():
    customer = wanted.body(charge(debtor=Debtor("11144477735", "Ana Souza", "ana@casa")))["payment"]
    assert "email" not in customer["banking_billet"]["customer"]


def test_long_words_go_onto_four_lines_of_a_hundred():
    body = wanted.body(charge(description="palavra " * 100))
    lines = body["payment"]["banking_billet"]["message"].split("\n")
    assert len(lines) == 4 and max(map(len, lines)) <= 100
    assert len(body["items"][0]["name"]) == 255


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"kind": ChargeKind.PIX_COBV}, "boletos, not pix_cobv"),
        ({"amount": 4_99}, "500 centavos at least, and this has 499"),
        ({"due_date": None}, "has a due date"),
        ({"due_date": date(2026, 11, 30)}, "2026-11-30 has passed"),
        ({"txid": ""}, "txid"),
        ({"debtor": None}, "who owes"),
        ({"debtor": Debtor("11144477734", "Ana Souza")}, "last two digits"),
        ({"debtor": Debtor("11144477735", "Ana")}, "surname"),
        ({"debtor": Debtor("12ABC34501DE35", " ")}, "company has a name"),
        ({"terms": Terms(fine_pct=1001)}, "the fine is 0 to 1000"),
        ({"terms": Terms(fine_pct=-1)}, "the fine is 0 to 1000"),
        ({"terms": Terms(interest_pct_month=993)}, "the interest is 0 to 992"),
        ({"terms": Terms(payable_days=121)}, "0 to 120 days"),
        ({"terms": Terms(discount=99_90)}, "less than the amount"),
        ({"terms": Terms(discount=1_00), "amount": 9_99}, "leave out the discount"),
        ({"terms": Terms(discount=1_00, discount_until=date(2026, 12, 5))}, "on the due date or before"),
    ],
)
def test_what_efi_would_refuse_or_do_otherwise_is_not_sent(more, reason):
    answer = refused(**more)
    assert isinstance(answer, BankRefused) and answer.code == wanted.NOT_ASKED
    assert reason in answer.said and reason in answer.violations[0]


def test_the_limits_themselves_are_sent():
    terms = Terms(
        fine_pct=1000, interest_pct_month=992, payable_days=120, discount=1_00, discount_until=FRIDAY
    )
    assert refused(amount=10_00, terms=terms) is None
    assert refused(amount=5_00, due_date=TODAY) is None


def test_an_address_longer_than_efi_keeps_is_not_sent():
    long = Settings("id", "secret", notify_url="https://" + "a" * 250)
    answer = wanted.refusal(charge(), TODAY, long)
    assert isinstance(answer, BankRefused) and "255 characters" in answer.said


def test_a_refusal_names_no_document():
    answer = refused(debtor=Debtor("11144477734", "Ana"), amount=1)
    assert answer is not None and len(answer.violations) == 2 and "11144477734" not in repr(answer)


people = st.builds(
    lambda base, name: Debtor(base + check_digits(base), name),
    st.from_regex(r"[0-9]{9}", fullmatch=True).filter(lambda base: len(set(base)) > 1),
    st.text(max_size=40),
)


@settings(max_examples=80, deadline=None)
@given(
    amount=st.integers(0, 2_000),
    debtor=people,
    due_date=st.dates(date(2026, 11, 28), date(2026, 12, 20)),
    terms=st.builds(
        Terms,
        st.integers(-1, 1_100),
        st.integers(-1, 1_000),
        st.integers(0, 1_500),
        st.none(),
        st.integers(0, 130),
    ),
    description=st.text(max_size=300),
)
def test_whatever_is_sent_efi_takes(amount, debtor, due_date, terms, description):
    asked = {
        "amount": amount,
        "debtor": debtor,
        "due_date": due_date,
        "terms": terms,
        "description": description,
    }
    if refused(**asked) is None:
        check(wanted.body(charge(**asked)), TODAY)

"""Every fault, problem and code of the account pages has words in every language."""

import pytest

from religa.actions.money.check_account import Part, Verdict
from religa.domain.certificates import CertificateProblem, Expiry, Urgency
from religa.domain.payment_accounts import AccountFault, AccountProblem, Owner
from religa.records.models.accounts import ACCOUNT_CHANGES, ACCOUNT_KINDS, HOOK_CHECKS
from religa.records.models.accounts import LEDGERS as LEDGER_WORDS
from religa.records.models.payments import EVENT_RESULTS
from religa.records.models.payments import REFUSALS as REFUSAL_WORDS
from religa.wording import Language, accounts

TABLES = [
    (accounts.ACCOUNT_FAULTS, AccountFault),
    (accounts.CERTIFICATE_PROBLEMS, CertificateProblem),
    (accounts.EXPIRIES, Urgency),
    (accounts.OWNERS, Owner),
    (accounts.KINDS, ACCOUNT_KINDS),
    (accounts.LEDGERS, LEDGER_WORDS),
    (accounts.CHECKS, HOOK_CHECKS),
    (accounts.RESULTS, (*EVENT_RESULTS, "waiting")),
    (accounts.REFUSALS, REFUSAL_WORDS),
    (accounts.CHANGES, ACCOUNT_CHANGES),
    (accounts.PARTS, Part),
]


@pytest.mark.parametrize(("table", "codes"), TABLES)
def test_each_code_is_worded_and_no_word_is_left_over(table, codes):
    assert set(table) == set(codes)
    for words in table.values():
        assert all(text.strip() == text != "" for text in words)


def test_each_finding_of_a_test_has_advice_where_it_can_come():
    never = {(p, "unknown") for p in Part if p is not Part.KEY}
    assert set(accounts.ADVICE) == {(p, v) for p in Part for v in Verdict} - never


@pytest.mark.parametrize(
    ("expiry", "said"),
    [
        (Expiry(Urgency.SOON, 59), "vence em 59 dias"),
        (Expiry(Urgency.DUE, 30), "vence em 30 dias: peça o novo"),
        (Expiry(Urgency.URGENT, 1), "vence em 1 dia: troque já"),
        (Expiry(Urgency.URGENT, 0), "vence hoje: troque já"),
        (Expiry(Urgency.EXPIRED, 0), "vencido: o banco não atende mais"),
    ],
)
def test_how_long_a_certificate_lives_is_said_in_words(expiry, said):
    assert accounts.expiry_words(expiry) == said


@pytest.mark.parametrize("language", Language)
def test_a_problem_names_what_it_is_about(language):
    problem = AccountProblem(AccountFault.NETWORK_FORM, "hook_addresses", "10.0.0.300")
    assert "10.0.0.300" in accounts.account_problem(problem, language)
    assert accounts.named(accounts.KINDS, "unheard of", language) == "unheard of"

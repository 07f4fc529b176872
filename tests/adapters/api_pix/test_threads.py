"""Many threads, one account: one renewal of the token at a time."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx

from religa.ports.money import ChargeSeen

from .bank import REF, Bank, answer, charge

THREADS = 8


class SlowTokens(Bank):
    """The first question for a token is answered when `let_go` is set."""

    def __init__(self, *answers: httpx.Response) -> None:
        super().__init__()
        self.let_go, self.asked = threading.Event(), threading.Event()
        self.tokens.extend(answers)
        self.will(*[answer(200, charge())] * THREADS)

    def _token(self, request: httpx.Request) -> httpx.Response:
        self.asked.set()
        assert self.let_go.wait(10)
        return super()._token(request)


def fetch_at_once(bank: SlowTokens, meanwhile: Callable[[], object]) -> list[object]:
    account = bank.account()
    with ThreadPoolExecutor(THREADS) as pool:
        first = pool.submit(account.fetch, REF)
        assert bank.asked.wait(10)
        others = [pool.submit(account.fetch, REF) for _ in range(THREADS - 1)]
        meanwhile()
        bank.let_go.set()
        return [each.result(10) for each in (first, *others)]


def wait_for_the_lock() -> None:
    """Gives the other threads time to come to the lock; too little of it makes the test easier, never wrong."""
    threading.Event().wait(0.1)


def test_a_token_is_asked_for_once_by_all():
    bank = SlowTokens()
    assert all(isinstance(each, ChargeSeen) for each in fetch_at_once(bank, wait_for_the_lock))
    assert len(bank.token_calls) == 1


def test_who_waited_for_a_renewal_that_failed_does_not_ask_a_silent_bank_again():
    bank = SlowTokens(*[answer(403, {})] * THREADS)
    outcomes = fetch_at_once(bank, wait_for_the_lock)
    assert all(outcome == outcomes[0] for outcome in outcomes) and not isinstance(
        outcomes[0], BankUnreachable
    )
    assert len(bank.token_calls) < THREADS


def test_while_one_renews_the_others_use_the_old_one():
    bank = SlowTokens()
    bank.let_go.set()
    account = bank.account()
    account.fetch(REF)
    bank.seconds += 3550
    bank.asked.clear()
    bank.let_go.clear()
    with ThreadPoolExecutor(1) as pool:
        renewing = pool.submit(account.fetch, REF)
        assert bank.asked.wait(10)
        account.fetch(REF)
        assert bank.calls[-1].headers["authorization"] == "Bearer t1"
        bank.let_go.set()
        renewing.result(10)
    assert bank.calls[-1].headers["authorization"] == "Bearer t2" and len(bank.token_calls) == 2

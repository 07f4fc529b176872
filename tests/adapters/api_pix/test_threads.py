"""Many threads, one account: one renewal of the token at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx

from religa.adapters.api_pix import ApiPix
from religa.ports.money import BankRefused, ChargeSeen

from .bank import REF, Bank, answer, charge

THREADS = 8


class Gate:
    """A lock that tells when so many threads have come to it."""

    def __init__(self, threads: int) -> None:
        self._lock, self._left = threading.Lock(), threading.Semaphore(0)
        self._threads = threads

    def __enter__(self) -> None:
        self._left.release()
        self._lock.acquire()

    def __exit__(self, *error: object) -> None:
        self._lock.release()

    def locked(self) -> bool:
        return self._lock.locked()

    def wait_for_all(self) -> None:
        assert all(self._left.acquire(timeout=10) for _ in range(self._threads))


class SlowTokens(Bank):
    """A question for a token is answered when `let_go` is set."""

    def __init__(self, *answers: httpx.Response) -> None:
        super().__init__()
        self.let_go, self.asked = threading.Event(), threading.Event()
        self.tokens.extend(answers)
        self.will(*[answer(200, charge())] * THREADS)

    def _token(self, request: httpx.Request) -> httpx.Response:
        self.asked.set()
        assert self.let_go.wait(10)
        return super()._token(request)


def fetch_while_the_token_is_on_its_way(bank: SlowTokens, account: ApiPix) -> list[object]:
    gate = Gate(THREADS)
    account._tokens._renewing = gate  # type: ignore[assignment]
    with ThreadPoolExecutor(THREADS) as pool:
        fetching = [pool.submit(account.fetch, REF) for _ in range(THREADS)]
        gate.wait_for_all()
        bank.let_go.set()
        return [each.result(10) for each in fetching]


def test_a_token_is_asked_for_once_by_all():
    bank = SlowTokens()
    seen = fetch_while_the_token_is_on_its_way(bank, bank.account())
    assert all(isinstance(each, ChargeSeen) for each in seen)
    assert len(bank.token_calls) == 1


def test_who_waited_for_a_renewal_that_failed_takes_the_failure_and_does_not_ask_again():
    bank = SlowTokens(answer(403, {}))
    seen = fetch_while_the_token_is_on_its_way(bank, bank.account())
    assert all(isinstance(each, BankRefused) for each in seen)
    assert len(bank.token_calls) == 1 and not bank.calls


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

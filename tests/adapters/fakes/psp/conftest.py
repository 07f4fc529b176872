from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from religa.adapters.fakes.psp import KEY, FakePsp
from religa.domain.calendar import Calendars

from .receiver import Receiver
from .standard import Judging

TUESDAY = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
YEARS = 20 * 365 * 86_400  # tests travel
HOLIDAYS = frozenset({date(2026, 12, 25), date(2027, 1, 1), date(2020, 12, 25), date(2021, 1, 1)})


class Clock:
    def __init__(self) -> None:
        self.at = TUESDAY

    def __call__(self) -> datetime:
        return self.at

    def on(self, day: str, hour: int = 12) -> None:
        """Noon, or another hour, of a day in Brazil."""
        self.at = datetime.fromisoformat(f"{day}T{hour:02}:00:00-03:00")

    def pass_(self, **time: int) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def psp(clock: Clock) -> Iterator[FakePsp]:
    calendars = Calendars(ZoneInfo("America/Sao_Paulo"), HOLIDAYS)
    with FakePsp(now=clock, calendars=calendars, token_seconds=YEARS) as psp:
        yield psp


@contextmanager
def client_of(psp: FakePsp, *, verify: Any = False, **options: Any) -> Iterator[httpx.Client]:
    """A client whose token is good; every answer is judged."""
    transport = Judging(verify=verify)  # reading all authorities of the world would cost more than the test
    with httpx.Client(base_url=psp.url, transport=transport, timeout=10, **options) as client:
        said = client.post(
            psp.token_url, data={"grant_type": "client_credentials"}, auth=("religa", "segredo")
        )
        client.headers["Authorization"] = f"Bearer {said.json()['access_token']}"
        yield client


@pytest.fixture
def api(psp: FakePsp) -> Iterator[httpx.Client]:
    with client_of(psp) as client:
        yield client


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def hooked(api: httpx.Client, receiver: Receiver) -> Receiver:
    """A receiver whose webhook is registered."""
    assert api.put(f"/webhook/{KEY}", json={"webhookUrl": receiver.url}).status_code == 200
    return receiver


def txid(number: int) -> str:
    return f"religa{number:026}"


def cobv(due: str = "2026-12-10", *, amount: str = "99.90", **more: Any) -> dict[str, Any]:
    """Ana's bill."""
    valor = {"original": amount, "multa": {"modalidade": 2, "valorPerc": "2.00"}, **more.pop("valor", {})}
    body = {"calendario": {"dataDeVencimento": due}, "valor": valor, "chave": KEY}
    return {**body, "devedor": {"cpf": "12345678909", "nome": "Ana Souza"}, **more}


def cob(amount: str = "99.90", *, seconds: int = 3_600) -> dict[str, Any]:
    return {"calendario": {"expiracao": seconds}, "valor": {"original": amount}, "chave": KEY}


@pytest.fixture
def charged(api: httpx.Client) -> Callable[..., str]:
    """Makes a `cobv` and gives its txid."""

    def make(number: int = 1, **more: Any) -> str:
        made = api.put(f"/cobv/{txid(number)}", json=cobv(**more))
        assert made.status_code == 201, made.text
        return txid(number)

    return make

"""One account at Efí, and the numbers of its API."""

from __future__ import annotations

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

PRODUCTION = "https://cobrancas.api.efipay.com.br"
SANDBOX = "https://cobrancas-h.api.efipay.com.br"


@dataclass(frozen=True, slots=True)
class Settings:
    """`client_id` and `client_secret`: of an application that may use the API Cobranças; no certificate is needed.

    `notify_url`: where Efí tells what becomes of a charge (255 characters at most), given with each; empty: nowhere.
    `minimum`: centavos below which Efí issues no boleto. `zone`: of the instants in its answers, which name none.
    `timeout` in seconds; `tries` of what may be repeated, `pause` seconds before the second (twice as long before each
    further one).
    """

    client_id: str
    client_secret: str = field(repr=False)
    base_url: str = PRODUCTION
    notify_url: str = ""
    minimum: int = 5_00
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("America/Sao_Paulo"))
    timeout: float = 10.0
    tries: int = 3
    pause: float = 0.3

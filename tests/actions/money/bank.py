"""An account at the shipped fake PSP, on a clock of its own, and what its webhook would post."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from religa.actions.money import charging, poll, receive_event, take_events
from religa.adapters.api_pix import PROFILES, Account, ApiPix, certificates, http_client
from religa.adapters.fakes.psp import KEY, FakePsp
from religa.ports.money import Event
from religa.records import accounts, raw
from religa.records.models import Charge, PaymentAccount, Provider, ProviderEventResult

from .. import world

START = world.at("2026-11-05 10:00")


class Bank:
    """The provider's account and the PSP behind it. `at` is the time for both."""

    def __init__(self, psp: FakePsp, account_id: int) -> None:
        self.psp, self.account_id, self.at = psp, account_id, START
        psp.now = psp.ledger.now = lambda: self.at
        self.pool = ThreadPoolExecutor(4)
        self.collector = ApiPix(
            Account(
                profile=PROFILES["generic"], client_id="religa", client_secret="segredo", pix_key=KEY,
                base_url=psp.url, token_url=psp.token_url,
            ),
            http_client(certificates.server_context()), now=lambda: self.at, sleep=lambda seconds: None,
        )  # fmt: skip

    @property
    def account(self) -> accounts.Account:
        found = accounts.get(self.account_id)
        assert found is not None
        return found

    def code(
        self, contract: int, scope: str = "everything", **more
    ) -> charging.Payable | charging.NotPayable:
        return charging.pay_now(
            contract_id=contract, scope=scope, collector_for=lambda _: self.collector, at=self.at, **more
        )

    def charge(self, contract: int, scope: str = "everything", **more) -> Charge:
        """The charge behind the code that is shown now."""
        shown = self.code(contract, scope, **more)
        assert isinstance(shown, charging.Payable), shown
        return Charge.objects.get(pk=shown.charge)

    def post(self, *pix, proof: str = "secret", at: datetime | None = None, **changes) -> int:
        """The event that tells of some Pix, as our door keeps it; `changes` falsify its first entry."""
        body = {"pix": [_entry(p) for p in pix]}
        body["pix"][0] |= changes
        event = Event(json.dumps(body).encode(), "application/json", "pix")
        return receive_event.receive(self.account, event, headers={}, proof=proof, at=at or self.at)

    def take(self) -> int:
        return take_events.take_events(self.account, self.collector, at=self.at, pool=self.pool)

    def poll(self):
        return poll.poll(self.account, self.collector, at=self.at)

    def tell(self) -> int:
        """Tells the bank what has become of charges."""
        return charging.keep_in_step(self.account, self.collector, at=self.at, pool=self.pool)

    def passes(self, **time: float) -> None:
        self.at += timedelta(**time)


def _entry(pix) -> dict[str, str]:
    amount = f"{pix.amount // 100}.{pix.amount % 100:02}"
    told = {
        "endToEndId": pix.id,
        "valor": amount,
        "chave": pix.key,
        "horario": f"{pix.at:%Y-%m-%dT%H:%M:%S}Z",
    }
    return told | ({"txid": pix.txid} if pix.txid else {})


def results() -> list[tuple[str, str]]:
    """What became of events, in order."""
    return list(ProviderEventResult.objects.order_by("pk").values_list("result", "detail"))


def owed(contract: int) -> int:
    """Principal that no money has settled."""
    query = """
        SELECT sum(l.amount) - coalesce(sum((SELECT sum(amount) FROM allocation a WHERE a.line_id = l.id)), 0)
          FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id WHERE i.contract_id = %s AND i.closed IS NULL
    """
    return int(raw.rows(query, [contract])[0][0])


def account(provider: Provider, psp: FakePsp) -> PaymentAccount:
    """The provider's account at the fake PSP."""
    return PaymentAccount.objects.create(
        provider=provider, name="Conta Pix", kind="api_pix", profile="generic", pix_key=KEY, client_id="religa",
        settings={"base_url": psp.url, "token_url": psp.token_url}, collects=True, since=START,
    )  # fmt: skip

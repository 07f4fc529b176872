"""The demo's bank: a fake PSP (docs/operators/fake-psp.md), and the account that the demo provider has there.

Read by `religa run` before Django is set up: what needs the tables is imported late.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from religa.records.models import PaymentAccount, Provider

KEY, PAYEE = "pagamentos@pontefibra.example", "PONTE FIBRA TELECOM"
CLIENT_ID, SECRET = "religa", "segredo"  # what `religa fake-psp` takes unless told otherwise


def account(of: Provider, at: datetime) -> PaymentAccount:
    """An account at the demo's bank, at which new charges are made."""
    from religa.entrypoints.common.banks import DEMO
    from religa.records import accounts
    from religa.records.models import PaymentAccount

    made = PaymentAccount.objects.create(
        provider=of,
        name="Banco de demonstração",
        kind="api_pix",
        profile="generic",
        pix_key=of.pix_key,
        client_id=CLIENT_ID,
        settings={DEMO: True},
        collects=True,
        since=at,
        author="demo",
    )
    for name, clear in ((accounts.CLIENT_SECRET, SECRET), (accounts.HOOK, secrets.token_urlsafe(24))):
        accounts.keep_secret(account_id=made.pk, name=name, clear=clear, at=at, author="demo")
    return made

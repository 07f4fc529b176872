"""Charges that are to be made at the bank by and by: rows that the charging worker takes there (`try_at`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from religa.domain import txid
from religa.ports.money import ChargeKind
from religa.records import raw, secrets
from religa.records.accounts import Account

_KINDS = {"api_pix": ChargeKind.PIX_COBV, "efi_cobrancas": ChargeKind.BOLETO_PIX}  # others make no charges


@dataclass(frozen=True, slots=True)
class Order:
    """A dated charge over the whole of an invoice (by its key), in centavos."""

    invoice: int
    amount: int
    due_date: date


def order(account: Account, wanted: Sequence[Order], *, at: datetime) -> int:
    """Writes the rows, each with its txid; says how many. Nobody outside is talked to."""
    if account.kind not in _KINDS or not wanted:
        return 0
    keys = raw.numbers({"charge_id_seq": len(wanted)})["charge_id_seq"]
    columns = ("id", "provider_id", "invoice_id", "kind", "status", "account", "payment_account_id", "scope", "txid",
               "copy_paste", "amount", "due_date", "revision", "created_at", "try_at", "payload")  # fmt: skip
    today, kind = at.date(), _KINDS[account.kind].value
    raw.insert(
        "charge",
        columns,
        [(key, account.provider_id, o.invoice, kind, "new", "", account.id, "invoice", _txid(account.provider_id, key),
          "", o.amount, max(o.due_date, today), 0, at, at, "{}") for key, o in zip(keys, wanted, strict=True)],
    )  # fmt: skip
    return len(wanted)


def _txid(provider_id: int, charge: int) -> str:
    return txid.derive(realm=secrets.realm(), provider=provider_id, charge=charge)


def name(charges: Sequence[int]) -> None:
    """Gives a txid to new charges that have none yet, before the bank hears of them."""
    query = "SELECT id, provider_id FROM charge WHERE id = ANY (%s) AND status = 'new' AND txid IS NULL"
    found = [(key, _txid(provider, key)) for key, provider in raw.rows(query, [list(charges)])]
    raw.update("charge", {"txid": "text"}, found)

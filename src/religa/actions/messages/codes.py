"""The Pix code of a letter: of a charge that is at the bank and asks for exactly what the letter names. A letter never
waits for a bank: where there is no code, one is ordered, and the next letter has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from religa.domain import balance
from religa.domain.facts import Invoice
from religa.domain.standing import Standing
from religa.records import accounts, ordering, raw
from religa.records.accounts import Account
from religa.records.charges import PAYABLE_DAYS
from religa.records.ordering import Order

_SHOWN_FOR = timedelta(hours=6)  # a code that ends sooner is not worth sending


@dataclass(frozen=True, slots=True)
class Wanted:
    """One letter: which invoices it names, of which provider."""

    provider_id: int
    standing: Standing
    names: Sequence[str]

    def invoices(self) -> list[Invoice]:
        return [i for name in self.names if (i := self.standing.facts.invoice(name)) is not None]


@dataclass(frozen=True, slots=True)
class _Charge:
    invoice: int
    status: str
    scope: str
    amount: int
    due_date: date | None
    copy_paste: str
    first: Sequence[str] | None


# A text that is sent hours later must still be payable; what another system printed is for its own paper.
_CHARGES = """
    SELECT invoice_id, status, scope, amount, due_date, copy_paste, payload -> 'first' FROM charge
     WHERE invoice_id = ANY (%s) AND payment_account_id IS NOT NULL AND status IN ('new', 'active')
       AND (expires_at IS NULL OR expires_at > %s) ORDER BY id DESC
"""


def of_letters(letters: Sequence[Wanted], *, at: datetime) -> list[str]:
    """The code of each letter, "" where none fits; orders charges for those that have none."""
    collecting = {p: accounts.collecting(p) for p in {one.provider_id for one in letters}}
    if not any(collecting.values()):
        return ["" for _ in letters]
    keys = {i.key for one in letters for i in one.invoices() if i.key is not None}
    by_invoice: dict[int, list[_Charge]] = {}
    for row in raw.rows(_CHARGES, [list(keys), at + _SHOWN_FOR]):
        by_invoice.setdefault(row[0], []).append(_Charge(*row))
    _order(letters, collecting, by_invoice, at)
    return [_code(one, by_invoice, at) for one in letters]


def _code(letter: Wanted, by_invoice: Mapping[int, list[_Charge]], at: datetime) -> str:
    named = letter.invoices()
    if len(named) != len(letter.names) or not named:
        return ""
    found = [
        c for i in named for c in by_invoice.get(i.key or 0, ()) if c.status == "active" and c.copy_paste
    ]
    today = letter.standing.calendars.day(at)
    if len(named) == 1:
        return next((c.copy_paste for c in found if _is_whole(c, named[0], today)), "")
    return next((c.copy_paste for c in found if _is_all(c, letter, today)), "")


def _is_whole(charge: _Charge, invoice: Invoice, today: date) -> bool:
    """A dated charge over all of the invoice: its bank adds what lateness costs."""
    if charge.scope != "invoice" or charge.due_date is None:
        return False
    still = today <= charge.due_date + timedelta(days=PAYABLE_DAYS)
    return still and charge.amount == invoice.total and not invoice.settlements and not invoice.disputes


def _is_all(charge: _Charge, letter: Wanted, today: date) -> bool:
    """One code over the sum that the letter says is owed today."""
    if charge.scope not in ("everything", "late") or sorted(charge.first or ()) != sorted(letter.names):
        return False
    known = letter.standing
    owed = sum(balance.owed(known.calendars, known.policy, i, on=today).total for i in letter.invoices())
    return charge.amount == owed


def _order(
    letters: Sequence[Wanted],
    collecting: Mapping[int, Account | None],
    by_invoice: Mapping[int, list[_Charge]],
    at: datetime,
) -> None:
    """Only for what is not late yet: a charge made later would ask for today's sum as its principal."""
    for provider, account in collecting.items():
        if account is not None:
            mine = [one for one in letters if one.provider_id == provider and len(one.names) == 1]
            new = {i.key: i for one in mine for i in one.invoices() if _needs(i, one, by_invoice, at)}
            ordering.order(
                account, [Order(key, i.total, i.due_date) for key, i in new.items() if key is not None], at=at
            )


def _needs(invoice: Invoice, letter: Wanted, by_invoice: Mapping[int, list[_Charge]], at: datetime) -> bool:
    whole = (
        invoice.billed_here and not invoice.settlements and not invoice.disputes and invoice.closed is None
    )
    return whole and invoice.key not in by_invoice and invoice.due_date >= letter.standing.calendars.day(at)

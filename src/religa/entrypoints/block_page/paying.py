"""The one amount on the block page: what to pay so that the internet returns, or so that it stays.

Nothing of which months or since when. The amount is that of the charge that a tap would make, never another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from religa.actions.money import charging
from religa.actions.money.charging import NotPayable, Payable
from religa.domain import trust
from religa.domain.standing import Standing
from religa.entrypoints.block_page.visit import Visit
from religa.entrypoints.common import bills
from religa.entrypoints.common.banks import BANKS, demo_pay_page
from religa.entrypoints.common.bills import Bill
from religa.records import accounts
from religa.records.models import Charge


@dataclass(frozen=True, slots=True)
class Paying:
    """Centavos, and what `charging.pay_now` has to be asked for. `returns`: paying it opens the wall."""

    amount: int
    scope: str
    returns: bool


def paying_of(standing: Standing, *, at: datetime) -> Paying | None:
    """None where nothing is late, or where another system collects it."""
    every = bills.open_bills(standing, at=at)
    late = bills.late(every)
    if not late or any(not b.invoice.billed_here for b in every):
        return None
    least = trust.least_payment(standing, at)
    whole = sum(b.payable for b in late)
    if least and (least > whole or any(b.disputed for b in late) or _leaves_a_bill_out(least, whole, late)):
        return Paying(least, "least", returns=True)
    return Paying(whole, "late", returns=bool(least))


def _leaves_a_bill_out(least: int, whole: int, late: list[Bill]) -> bool:
    """Else the least differs from the whole by a fine and a few cents, and nobody is helped by a second sum."""
    return len(late) > 1 and whole - least >= min(b.payable for b in late) // 2


@dataclass(frozen=True, slots=True)
class Code:
    """A Pix code that can be paid now. `bank_page`: where the demo's bank is paid, empty for a real one."""

    copy_paste: str
    amount: int
    bank_page: str


def shown(visit: Visit, paying: Paying) -> Code | NotPayable:
    """The code that is there; nothing is made."""
    assert visit.found is not None
    found = charging.shown(contract_id=visit.found.contract_id, scope=paying.scope, at=visit.at)
    return _code(found, paying) if isinstance(found, Payable) else found


def make(visit: Visit, paying: Paying) -> Payable | NotPayable:
    """Asks the bank for one, unless it is there."""
    assert visit.found is not None
    return charging.pay_now(
        contract_id=visit.found.contract_id,
        scope=paying.scope,
        collector_for=BANKS.of,
        at=visit.at,
    )


def _code(found: Payable, paying: Paying) -> Code:
    """A dated code costs what its bank works out for the day: our sum, and not the face of the bill."""
    charge = Charge.objects.get(pk=found.charge)
    amount = found.amount if charge.kind == "pix_cob" else paying.amount
    account = accounts.get(charge.payment_account_id) if charge.payment_account_id else None
    page = demo_pay_page(account, charge.txid or "", "") if account else ""
    return Code(found.copy_paste, amount, page)

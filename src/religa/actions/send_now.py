"""Sends the holder what he asks for, now and by the way he chooses: a Pix, the line of a boleto, a log-in code.

Only to addresses of his own. The same `key` again sends nothing twice. Each sending is a contact with a protocol
number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from religa.actions import login_code, protocol
from religa.actions.messages import outbox
from religa.actions.money import charging
from religa.actions.money.charging import CollectorFor, NotPayable
from religa.actions.once import once
from religa.domain.documents import parse
from religa.domain.templates import Values
from religa.records import raw
from religa.records.models import Charge, Contract
from religa.records.queries import ways
from religa.records.queries.ways import Way
from religa.wording import Moments, Receipt, receipts
from religa.wording.contacts import boleto_text

SUBJECT = "staff_send"


@dataclass(frozen=True, slots=True)
class Sent:
    """It is in the outbox; its ticks tell the rest. `amount` in centavos, 0 for a code."""

    protocol: str
    amount: int = 0


@dataclass(frozen=True, slots=True)
class NotSent:
    """`why`: unknown_address, no_boleto, too_often, not_written, or why there is no Pix (`charging.NotPayable`)."""

    why: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """Who sends, to which address of the holder (`ways.Way.key`), and the key of the form."""

    contract_id: int
    to: str
    author: str
    key: str


def pix(order: Order, *, scope: str, collector_for: CollectorFor, at: datetime) -> Sent | NotSent:
    """`scope`: what is "late" (else the next invoice), or the "least" that opens access. May ask the bank first."""
    to = ways.way(order.contract_id, order.to)
    if to is None:
        return NotSent("unknown_address")
    code = charging.pay_now(contract_id=order.contract_id, scope=scope, collector_for=collector_for, at=at)
    if isinstance(code, NotPayable):
        return NotSent(code.why, code.said)
    payee, cnpj = _payee(order.contract_id)

    def say(moments: Moments) -> Values:
        return receipts.pix_code(
            code.copy_paste,
            amount=code.amount,
            payee=f"{payee}, CNPJ {cnpj}",
            until=code.expires_at,
            moments=moments,
        )

    return _tell_once(order, to, "pix", say, code.amount, at)


def boleto(order: Order, *, charge: int, at: datetime) -> Sent | NotSent:
    """The line of one boleto of an open invoice (`boletos_of`)."""
    to = ways.way(order.contract_id, order.to)
    found = next((one for one in boletos_of(order.contract_id) if one.pk == charge), None)
    if to is None or found is None:
        return NotSent("unknown_address" if to is None else "no_boleto")
    payee, cnpj = _payee(order.contract_id)
    months = [found.invoice.reference] if found.invoice.reference else [found.invoice.external_id]

    def say(moments: Moments) -> Receipt:
        return boleto_text(
            line=found.linha_digitavel or "", amount=found.amount, months=months, due=found.due_date, payee=payee,
            cnpj=cnpj, moments=moments,
        )  # fmt: skip

    return _tell_once(order, to, "answer", say, found.amount, at)


def boletos_of(contract_id: int) -> list[Charge]:
    """Boletos of the present holder's open invoices that can be paid, the oldest invoice first."""
    open_ones = Charge.objects.select_related("invoice").filter(
        invoice__contract_id=contract_id, status="active", linha_digitavel__gt="", invoice__closed=None
    )
    owner = Contract.objects.values_list("subscriber_id", flat=True).get(pk=contract_id)
    found = open_ones.filter(invoice__subscriber_id=owner, invoice__at_rest=False)
    return list(found.order_by("invoice__due_date", "-id"))


def code(order: Order, *, at: datetime) -> Sent | NotSent:
    """A log-in code to the address that is used for them on that channel. Nobody here ever sees it."""
    to = next((one for one in ways_of_codes(order.contract_id) if one.key == order.to), None)
    if to is None:
        return NotSent("unknown_address")
    holder = Contract.objects.select_related("subscriber").get(pk=order.contract_id).subscriber
    asked = {"contract": order.contract_id, "to": order.to, "what": "code"}

    def give() -> dict[str, str]:
        login_code.send(document=holder.document, at=at, address="console", by_email=to.channel == ways.EMAIL)
        made = raw.rows(_MADE, [holder.document, at])
        return {"protocol": _protocol(order, "código", made[0][0], made[0][1], at) if made else ""}

    kept = once(scope="send", key=order.key, asked=asked, at=at, give=give)["protocol"]
    return Sent(kept) if kept else NotSent("too_often")


def ways_of_codes(contract_id: int) -> list[Way]:
    """Where log-in codes go: the first phone by SMS, and the e-mail."""
    found: dict[str, Way] = {}
    for one in ways.ways_of(contract_id):
        found.setdefault(one.channel, one)
    return [found[channel] for channel in (ways.SMS, ways.EMAIL) if channel in found]


_MADE = """
    SELECT m.channel, m.address FROM message m JOIN subscriber s ON s.id = m.subscriber_id
     WHERE s.document = %s AND m.kind = 'code' AND m.created_at = %s ORDER BY m.id DESC LIMIT 1
"""


def _tell_once(
    order: Order, to: Way, kind: str, say: outbox.Say, amount: int, at: datetime
) -> Sent | NotSent:
    asked = {"contract": order.contract_id, "to": order.to, "what": kind}

    def give() -> dict[str, str | int]:
        outbox.tell(contract_id=order.contract_id, kind=kind, at=at, say=say, to=(to.channel, to.address))
        if not raw.rows(_WRITTEN, [order.contract_id, kind, to.address, at]):
            raise _NotWritten
        return {"protocol": _protocol(order, kind, to.channel, to.address, at), "amount": amount}

    try:
        with transaction.atomic():
            kept = once(scope="send", key=order.key, asked=asked, at=at, give=give)
    except _NotWritten:
        return NotSent("not_written")
    return Sent(kept["protocol"], kept["amount"])


class _NotWritten(Exception):
    """The outbox leaves out what it cannot word; here that is the whole deed, so nothing else of it may stay."""


_WRITTEN = "SELECT FROM message WHERE contract_id = %s AND kind = %s AND address = %s AND created_at = %s"


def _protocol(order: Order, what: str, channel: str, address: str, at: datetime) -> str:
    return protocol.of_contract(
        contract_id=order.contract_id, subject=SUBJECT, at=at, author=order.author,
        text=f"{what} by {channel} to …{address[-4:]}",
    )  # fmt: skip


def _payee(contract_id: int) -> tuple[str, str]:
    provider = Contract.objects.select_related("provider").get(pk=contract_id).provider
    return provider.payee or provider.name, parse(provider.cnpj).formatted

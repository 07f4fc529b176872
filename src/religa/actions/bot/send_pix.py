"""Sends the Pix that pays what a contract owes, to a registered number of its holder and to nobody else.

The code is a message of its own, so that a phone copies it whole. The same key again sends nothing again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from religa.actions import protocol
from religa.actions.bot.replying import Address, reply
from religa.actions.look import look
from religa.actions.money import charging
from religa.actions.money.charging import CollectorFor, NotPayable, Payable
from religa.actions.once import Answer, kept_answer, once
from religa.domain import phones, trust
from religa.domain.documents import InvalidDocument, parse
from religa.domain.money import format_reais
from religa.records.models import Contract, Provider
from religa.records.queries import callers
from religa.records.queries import portal as queries
from religa.wording import Language, bot

_SCOPE = "pix_sent"


_banks: list[CollectorFor] = []


def use(collector_for: CollectorFor) -> None:
    """Joins rooms that may not see each other: where banks are found, unless a call says otherwise."""
    _banks[:] = [collector_for]


@dataclass(frozen=True, slots=True)
class PixSent:
    """It is in the outbox. `ending`: the last digits of the number; `amount` in centavos."""

    channel: str
    ending: str
    amount: int
    protocol: str


@dataclass(frozen=True, slots=True)
class PixNotSent:
    """`why`: no_number, nothing_owed, no_account, bank_silent, bank_refuses or not_yet."""

    why: str


def send(
    *,
    contract_id: int,
    number: str,
    channel: str,
    at: datetime,
    key: str,
    language: Language,
    collector_for: CollectorFor | None = None,
) -> PixSent | PixNotSent:
    """`number`: to this one if it is registered, "" for the first that is. Talks to the bank outside any transaction;
    where no bank can be found (`use`) only a code that is there already is sent."""
    contract = Contract.objects.select_related("provider", "subscriber").get(pk=contract_id)
    address = _registered(contract, number)
    if not address:
        return PixNotSent("no_number")
    is_known = kept_answer(scope=_SCOPE, key=key) is not None  # then no bank is asked again
    code = None if is_known else _code(contract_id, collector_for or next(iter(_banks), None), at)
    if isinstance(code, NotPayable):
        return PixNotSent(code.why)
    to = Address(contract.provider_id, channel, address, language.value, contract.subscriber_id, contract_id)
    asked = {"contract": contract_id, "number": address, "channel": channel}
    kept = once(scope=_SCOPE, key=key, asked=asked, at=at, give=lambda: _put(contract, to, code, at))
    return PixSent(channel, kept["ending"], kept["amount"], kept["protocol"])


def _put(contract: Contract, to: Address, code: Payable | None, at: datetime) -> Answer:
    """Into the outbox, with a protocol number."""
    assert code is not None, "an answer that was kept does not go away"
    reply(to, _texts(contract, code, Language.of(to.language), at), at=at)
    told = protocol.of_contract(
        contract_id=contract.pk, subject="pix_sent", at=at, text=f"charge {code.charge}"
    )
    return {"ending": phones.ending(to.address), "amount": code.amount, "protocol": told}


def _registered(contract: Contract, number: str) -> str:
    known = callers.numbers_of(contract.subscriber_id)
    if not number:
        return known[0] if known else ""
    forms = phones.same_phone(number)
    return number if any(own in forms for own in known) else ""


def _code(contract_id: int, collector_for: CollectorFor | None, at: datetime) -> Payable | NotPayable:
    if collector_for is None:
        return charging.shown(contract_id=contract_id, scope="late", at=at)
    return charging.pay_now(contract_id=contract_id, scope="late", collector_for=collector_for, at=at)


def _texts(contract: Contract, code: Payable, language: Language, at: datetime) -> list[str]:
    """What it is, to whom it goes and what it brings; then the code alone; then the boleto's line, if there is one."""
    view = look(contract_id=contract.pk, at=at)
    said = [
        bot.PIX.in_(language).format(
            amount=format_reais(code.amount, language), payee=_payee(contract.provider)
        )
    ]
    if trust.least_payment(view.standing, at):
        said.append(bot.PIX_OPENS.in_(language))
    line = _boleto_line(contract, [i.id for i in view.standing.facts.invoices])
    more = [bot.BOLETO_LINE.in_(language).format(line=line)] if line else []
    return [" ".join(said), code.copy_paste, *more]


def _payee(provider: Provider) -> str:
    """Name and CNPJ, as they stand beside every Pix."""
    try:
        document = parse(provider.cnpj).formatted
    except InvalidDocument:
        document = provider.cnpj
    return f"{provider.payee or provider.name}, CNPJ {document}"


def _boleto_line(contract: Contract, invoices: list[str]) -> str:
    """The line of the only open bill; with several bills one line would pay too little."""
    found = queries.charges(contract, invoices)
    lines = [c.linha_digitavel for charges in found.values() for c in charges if c.linha_digitavel]
    return str(lines[0]) if len(found) == 1 and len(lines) == 1 else ""

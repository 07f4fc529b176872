"""Values of people who do not exist, to see a text with: a usual case, and the longest that is likely.

They are made by the very builders that make the values of real messages, so a preview cannot promise another form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from religa.domain.access import Decision
from religa.domain.brcode import DynamicCode, encode
from religa.domain.facts import Access, Status
from religa.domain.message_kinds import MessageKind
from religa.domain.reasons import Why
from religa.domain.templates import Values
from religa.records.templates import Sender
from religa.wording import Circumstances, Language, Moments, Words, letters, receipts
from religa.wording.letters import Bill, Letter, Supplier

_DAY = timedelta(days=1)
_PROTOCOL = "202612010000123"


class Case(StrEnum):
    USUAL = "usual"
    LONGEST = "longest"


@dataclass(frozen=True, slots=True)
class _Scene:
    """Somebody's situation on a day. `later`: when what is granted or planned ends."""

    name: str
    is_company: bool
    today: datetime
    later: datetime
    bills: tuple[Bill, ...]
    moments: Moments
    language: Language

    @property
    def owed(self) -> int:
        return sum(bill.total for bill in self.bills)

    @property
    def months(self) -> tuple[str, ...]:
        return tuple(bill.reference for bill in self.bills)


def values(kind: MessageKind, language: Language, case: Case, *, sender: Sender) -> Values:
    """Every field of the kind, with something in it."""
    scene = _usual(language) if case is Case.USUAL else _longest(language)
    supplier = Supplier(sender.name, sender.cnpj, sender.address or "—", sender.phone or "—")
    who = letters.person(scene.name, is_company=scene.is_company, today=scene.today.date(), language=language)
    return {**supplier.values(language), **who, **_OF_KIND[kind](scene)}


def _usual(language: Language) -> _Scene:
    today = datetime(2026, 12, 1, 12, tzinfo=UTC)
    bill = Bill("2026-11", date(2026, 11, 10), 99_90, 102_59)
    return _scene("Maria de Lourdes", False, today, today + 6 * _DAY, (bill,), language, now=today)


def _longest(language: Language) -> _Scene:
    """Three bills, a long name, the longest weekday and month, and a year that is not this one."""
    later = datetime(2026, 9, 23, 23, 45, tzinfo=UTC)
    bills = tuple(
        Bill(f"2025-{month:02}", date(2025, month, 23), 12_345_67, 13_456_78) for month in (9, 11, 12)
    )
    name = "Associação dos Moradores e Comerciantes do Jardim Botânico"
    return _scene(name, True, later - _DAY, later, bills, language, now=later - 300 * _DAY)


def _scene(
    name: str, is_company: bool, today: datetime, later: datetime, bills: tuple[Bill, ...], language: Language,
    *, now: datetime,
) -> _Scene:  # fmt: skip
    moments = Moments(language=language, zone=ZoneInfo("UTC"), now=now)
    return _Scene(name, is_company, today, later, bills, moments, language)


def _letter(scene: _Scene) -> Values:
    letter = Letter(scene.bills, scene.today.date(), scene.later.date(), 75, _pix())
    return letter.values(scene.language)


def _reminder(scene: _Scene) -> Values:
    soon = (scene.today + 5 * _DAY).date()
    bills = [Bill(b.reference, soon, b.principal, b.principal) for b in scene.bills[:1]]
    return Letter(bills, scene.today.date(), None, 75, _pix()).values(scene.language)


def _trusted(scene: _Scene) -> Decision:
    return Decision(Access.FULL, Status.TRUSTED, Why.TRUST, scene.later, Access.WALLED)


def _shut(status: Status, why: Why) -> Callable[[_Scene], Values]:
    def of(scene: _Scene) -> Values:
        until = scene.later if status is Status.BLOCKED else None
        known = Circumstances(since=scene.today - 2 * _DAY, months=scene.months)
        return receipts.shut(
            Decision(Access.WALLED, status, why, until, Access.WALLED),
            owed=scene.owed,
            months=scene.months,
            pix=_pix(),
            moments=scene.moments,
            known=known,
        )

    return of


def _paid(*, opened: bool) -> Callable[[_Scene], Values]:
    def of(scene: _Scene) -> Values:
        still = len(scene.bills) > 1
        late = Decision(Access.FULL, Status.LATE, Why.LATE_DEBT, scene.later, Access.WALLED)
        fine = Decision(Access.FULL, Status.CURRENT, Why.NOTHING_LATE, None, Access.FULL)
        return receipts.payment_receipt(
            late if still else fine, amount=scene.owed, opened=opened, moments=scene.moments
        )

    return of


def _agreement(scene: _Scene) -> Values:
    parts = 12 if len(scene.bills) > 1 else 3
    days = [(scene.later + n * 30 * _DAY).date() for n in range(parts)]
    return receipts.agreement(
        [(day, scene.owed // parts) for day in days], protocol=_PROTOCOL, pix=_pix(), moments=scene.moments
    )


def _contact(scene: _Scene) -> Values:
    about = _ABOUT if len(scene.bills) == 1 else _MUCH_ABOUT
    return receipts.contact(_PROTOCOL, about=about.in_(scene.language))


def _answer(scene: _Scene) -> Values:
    return receipts.answer(_REPLY.in_(scene.language))


_PAYEE = "Nome de quem recebe, CNPJ 12.ABC.345/01DE-35"


def _pix() -> str:
    location = "pix.example/qr/v2/cobv/9d36b84fc70b478fb95c12729b90ca25"
    return encode(DynamicCode(location, "Nome de quem recebe", "Fortaleza"))


_OF_KIND: Mapping[MessageKind, Callable[[_Scene], Values]] = {
    MessageKind.REMINDER: _reminder,
    MessageKind.DEBT_NOTICE: _letter,
    MessageKind.BLOCK_WARNING: _letter,
    MessageKind.BLOCKED: _shut(Status.BLOCKED, Why.DEBT),
    MessageKind.TRUST: lambda s: receipts.trust_receipt(_trusted(s), protocol=_PROTOCOL, moments=s.moments),
    MessageKind.TRUST_ENDING: lambda s: receipts.trust_ending(
        _trusted(s), hours=24, owed=s.owed, pix=_pix(), moments=s.moments
    ),
    MessageKind.TRUST_EXPIRED: _shut(Status.LOCKED, Why.BROKEN_TRUST),
    MessageKind.RECEIPT: _paid(opened=False),
    MessageKind.RESTORED: _paid(opened=True),
    MessageKind.LOCKED: _shut(Status.LOCKED, Why.BROKEN_TRUST),
    MessageKind.AGREEMENT: _agreement,
    MessageKind.TERMINATION_NOTICE: _letter,
    MessageKind.TERMINATION_RECEIPT: lambda s: receipts.termination_receipt(
        ended_at=s.later, owed=s.owed, protocol=_PROTOCOL, moments=s.moments
    ),
    MessageKind.CODE: lambda _: receipts.code("000000", minutes=10),
    MessageKind.PIX: lambda s: receipts.pix_code(
        _pix(), amount=s.owed, payee=_PAYEE, until=s.later, months=s.months, moments=s.moments
    ),
    MessageKind.CONTACT: _contact,
    MessageKind.ANSWER: _answer,
}
_ABOUT = Words("segunda via da conta", "copy of the bill", "copia de la factura")
_MUCH_ABOUT = Words(
    "mudança de endereço, com pedido de nova data de vencimento e de segunda via das contas",
    "change of address, with a new due day and copies of the bills",
    "cambio de dirección, con nueva fecha de vencimiento y copias de las facturas",
)
_REPLY = Words(
    "Para ver as opções, responda com um número: 1 pagar, 2 liberar em confiança, 3 situação, 4 falar com uma pessoa.",
    "To choose, reply with a number: 1 pay, 2 trust unlock, 3 how it stands, 4 talk to a person.",
    "Para elegir, responda con un número: 1 pagar, 2 liberar por confianza, 3 situación, 4 hablar con una persona.",
)

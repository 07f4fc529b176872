"""Facts in every shape that domain/facts.py allows, for properties of loader and writer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from religa.domain.facts import (
    Agreement,
    Channel,
    Closed,
    Discount,
    Dispute,
    Evidence,
    Facts,
    GuardHold,
    Invoice,
    Line,
    Lot,
    Method,
    Notice,
    NoticeKind,
    Outcome,
    Payment,
    PayWindow,
    Period,
    Segment,
    Settlement,
    Suspension,
    TrustUnlock,
    UnlockKind,
)

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
instants = st.integers(0, 300 * 24 * 60 * 60).map(lambda seconds: START + timedelta(seconds=seconds))
days = st.integers(0, 330).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
amounts = st.integers(1, 20_000)
texts = st.sampled_from(["", "fatura contestada", 'aspas " e \t tab', "ação \\N", "a;b\nc"])


def _list(strategy, most: int):
    return st.lists(strategy, max_size=most).map(tuple)


lines = st.builds(Line, amount=st.integers(0, 20_000), suspendable=st.booleans())
discounts = st.none() | st.builds(Discount, amount=st.integers(0, 500), until=days)


@st.composite
def _disputes(draw) -> tuple[Dispute, ...]:
    """Answered ones, then perhaps an open one, in the order in which they were filed."""
    found = []
    moments = sorted(draw(st.lists(instants, max_size=4, unique=True)))
    for filed, answered in zip(moments[::2], moments[1::2], strict=False):
        found.append(Dispute(filed, draw(st.none() | amounts), answered, draw(st.booleans())))
    if len(moments) % 2:
        found.append(Dispute(moments[-1], draw(st.none() | amounts)))
    return tuple(found)


@st.composite
def _invoice(draw, name: str) -> Invoice:
    closed = draw(st.none() | st.sampled_from([Closed.CANCELLED, Closed.WRITTEN_OFF]))
    return Invoice(
        id=name,
        issued_at=draw(instants),
        due_date=draw(days),
        lines=draw(st.lists(lines, min_size=1, max_size=3).map(tuple)),
        reference=draw(texts),
        fine_pct=draw(st.integers(0, 200)),
        interest_pct_month=draw(st.integers(0, 100)),
        discount=draw(discounts),
        disputes=draw(_disputes()),
        closed=closed,
        closed_at=draw(instants) if closed else None,
        reopened_at=draw(st.none() | instants),
        spared=draw(st.booleans()),
        waived=draw(st.sampled_from([199, 230])),
        waived_fine=draw(st.sampled_from([0, 199])),
    )


@st.composite
def _settled(draw, invoices: list[Invoice], payments: list[Payment]) -> tuple[list[Invoice], tuple[Lot, ...]]:
    """Puts each payment that stands on some invoices; what is left may become a lot."""
    lots = []
    for payment in payments:
        left = 0 if payment.reversed_at else payment.amount
        for n in (
            draw(st.lists(st.integers(0, len(invoices) - 1), max_size=2, unique=True)) if invoices else ()
        ):
            settlement = draw(_settlement(invoices[n], payment, left))
            if settlement is not None:
                invoices[n] = replace(invoices[n], settlements=(*invoices[n].settlements, settlement))
                left -= max(0, settlement.money)
        if left and draw(st.booleans()):
            lots.append(Lot(payment.id, payment.paid_at, draw(st.integers(1, left))))
    return invoices, tuple(lots)


@st.composite
def _settlement(draw, invoice: Invoice, payment: Payment, left: int) -> Settlement | None:
    parts = []
    for n, line in enumerate(invoice.lines):
        most = min(left, line.amount - sum(s.lines[n] for s in invoice.settlements))
        parts.append(draw(st.integers(0, most)))
        left -= parts[-1]
    charges = draw(st.integers(0, left))
    discount = draw(st.integers(0, sum(parts) + charges))
    if not (any(parts) or charges or discount):
        return None
    return Settlement(
        payment.id, draw(instants), payment.paid_at, draw(days), tuple(parts), charges, discount
    )


def _names(invoices: list[Invoice], most: int = 3):
    if not invoices:
        return st.just(())
    return st.lists(st.sampled_from([i.id for i in invoices]), max_size=most, unique=True).map(tuple)


@st.composite
def _notices(draw, invoices: list[Invoice]) -> tuple[Notice, ...]:
    found = []
    for sent_at in sorted(draw(st.lists(instants, max_size=4))):
        named = draw(_names(invoices))
        if not named:
            continue
        states = st.tuples(instants, st.sampled_from(Evidence))
        found.append(
            Notice(
                kind=draw(st.sampled_from(NoticeKind)),
                invoices=named,
                sent_at=sent_at,
                evidence=draw(_list(states, 3)),
                opens_at=draw(st.none() | instants),
                offset=draw(st.none() | st.integers(-10, -1)),
                automatic=draw(st.booleans()),
            )
        )
    return tuple(found)


@st.composite
def _spans(draw, most: int) -> list[tuple[datetime, datetime]]:
    """Half-open periods in order that do not overlap."""
    moments = sorted(draw(st.lists(instants, max_size=2 * most, unique=True)))
    return list(zip(moments[::2], moments[1::2], strict=False))


@st.composite
def _suspensions(draw, invoices: list[Invoice]) -> tuple[Suspension, ...]:
    found = [
        Suspension(start, draw(_names(invoices)), draw(amounts), end, "settled", draw(st.booleans()))
        for start, end in draw(_spans(3))
    ]
    if draw(st.booleans()):
        opened = max([START, *(s.closed_at for s in found if s.closed_at)])
        found.append(Suspension(opened, draw(_names(invoices)), draw(amounts)))
    return tuple(found)


@st.composite
def _unlocks(draw, invoices: list[Invoice]) -> tuple[TrustUnlock, ...]:
    found = []
    for n, (granted, until) in enumerate(draw(_spans(3))):
        outcome = draw(st.none() | st.sampled_from(Outcome))
        found.append(
            TrustUnlock(
                kind=draw(st.sampled_from(UnlockKind)),
                channel=draw(st.sampled_from(Channel)),
                granted_at=granted,
                until=until,
                covers=tuple((name, draw(st.integers(0, 9000))) for name in draw(_names(invoices))),
                receipt=f"R{n}" if draw(st.booleans()) else None,
                promise_date=draw(st.none() | days),
                outcome=outcome,
                judged_at=until if outcome else None,
            )
        )
    return tuple(found)


@st.composite
def _agreements(draw, invoices: list[Invoice]) -> tuple[list[Invoice], tuple[Agreement, ...]]:
    """At most one: two originals closed, one more invoice as its instalment."""
    if len(invoices) < 2 or draw(st.booleans()):
        return invoices, ()
    made_at = draw(instants)
    first = Invoice(
        id="A1/1", issued_at=made_at, due_date=draw(days), lines=(Line(draw(amounts)),), agreement="A1"
    )
    agreed = [replace(i, closed=Closed.AGREED, closed_at=made_at, agreement="A1") for i in invoices[:2]]
    agreement = Agreement("A1", made_at, tuple(i.id for i in agreed), first.id)
    return [*agreed, *invoices[2:], first], (agreement,)


@st.composite
def periods(draw) -> tuple[Period, ...]:
    found = [Period(start, end, draw(texts)) for start, end in draw(_spans(2))]
    if draw(st.booleans()):
        found.append(Period(draw(instants), None, draw(texts)))
    return tuple(found)


payments = st.builds(
    Payment,
    id=st.just(""),
    known_at=instants,
    paid_at=instants,
    amount=st.integers(1, 60_000),
    method=st.sampled_from(Method),
    reversed_at=st.none() | instants,
)


@st.composite
def facts(draw) -> Facts:
    """A whole contract. Ids are I1.., E1.., in the order in which they were learnt."""
    invoices = [draw(_invoice(f"I{n}")) for n in range(1, draw(st.integers(0, 3)) + 1)]
    paid = [replace(p, id=f"E{n}") for n, p in enumerate(draw(st.lists(payments, max_size=3)), start=1)]
    invoices, lots = draw(_settled(invoices, paid))
    invoices, agreements = draw(_agreements(invoices))
    unlocks = draw(_unlocks(invoices))
    suspensions = draw(_suspensions(invoices))
    windows = tuple(PayWindow(start, end) for start, end in draw(_spans(2)))
    return Facts(
        since=draw(days),
        segment=draw(st.sampled_from(Segment)),
        holder_since=None,
        invoices=tuple(invoices),
        payments=tuple(paid),
        lots=tuple(sorted(lots, key=lambda lot: lot.paid_at)),
        notices=draw(_notices(invoices)),
        suspensions=suspensions,
        unlocks=unlocks,
        pay_windows=windows,
        holds=draw(periods()),
        enforcement_off=draw(periods()),
        operator_blocks=draw(periods()),
        pauses=draw(periods()),
        bars=draw(periods()),
        agreements=agreements,
        guard_hold=draw(
            st.none() | st.builds(GuardHold, instants, st.just("feed_stale"), st.none() | instants)
        ),
        reduced_since=draw(st.none() | instants),
        terminated_at=draw(st.none() | instants),
        receipts_used=frozenset(u.receipt for u in unlocks if u.receipt),
    )


def renamed(facts: Facts, prefix: str) -> Facts:
    """The same facts under other ids (and receipts), as another contract of the provider would have them."""

    def names(known):
        return tuple(prefix + name for name in known)

    def settled(settlements):
        return tuple(replace(s, source=prefix + s.source) for s in settlements)

    return replace(
        facts,
        invoices=tuple(
            replace(
                i,
                id=prefix + i.id,
                settlements=settled(i.settlements),
                agreement=prefix + i.agreement if i.agreement else None,
            )
            for i in facts.invoices
        ),
        payments=tuple(replace(p, id=prefix + p.id) for p in facts.payments),
        lots=tuple(replace(lot, source=prefix + lot.source) for lot in facts.lots),
        notices=tuple(replace(n, invoices=names(n.invoices)) for n in facts.notices),
        suspensions=tuple(replace(s, invoices=names(s.invoices)) for s in facts.suspensions),
        unlocks=tuple(
            replace(
                u,
                covers=tuple((prefix + name, amount) for name, amount in u.covers),
                receipt=prefix + u.receipt if u.receipt else None,
            )
            for u in facts.unlocks
        ),
        agreements=tuple(
            replace(
                a, id=prefix + a.id, invoices=names(a.invoices), first_instalment=prefix + a.first_instalment
            )
            for a in facts.agreements
        ),
        receipts_used=frozenset(names(facts.receipts_used)),
    )

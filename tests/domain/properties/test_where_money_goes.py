"""Money is neither made nor lost: every centavo of every payment is on a line, in charges, or in credit."""

from hypothesis import given
from hypothesis import strategies as st
from playing import Life, living
from stories import Story, stories

from religa.domain import balance
from religa.domain.facts import Method
from religa.entrypoints.commands.scenario.files import Event

AMOUNTS = st.sampled_from([1, 10_00, 49_95, 50_00, 99_90, 101_92, 250_00])


@given(stories())
def test_all_money_of_every_payment_is_somewhere(story: Story) -> None:
    with living(story) as life:
        for at in life.live(each_event=True):
            for payment in life.facts.payments:
                expected = 0 if payment.reversed_at is not None else payment.amount
                assert _found(life, payment.id) == expected, f"{at}: {payment}"


def _found(life: Life, source: str) -> int:
    put = sum(s.money for i in life.facts.invoices for s in i.settlements if s.source == source)
    return put + sum(lot.amount for lot in life.facts.lots if lot.source == source)


@given(stories())
def test_no_money_comes_from_nowhere(story: Story) -> None:
    with living(story) as life:
        for at in life.live(each_event=True):
            known = {p.id for p in life.facts.payments}
            used = {s.source for i in life.facts.invoices for s in i.settlements}
            assert used | {lot.source for lot in life.facts.lots} <= known, f"{at}"


@given(stories())
def test_no_line_is_paid_more_than_once(story: Story) -> None:
    with living(story) as life:
        for at in life.live(each_event=True):
            for invoice in life.facts.invoices:
                for n, line in enumerate(invoice.lines):
                    paid = [s.lines[n] for s in invoice.settlements]
                    assert all(p >= 0 for p in paid) and sum(paid) <= line.amount, f"{at}: {invoice}"
            assert all(lot.amount > 0 for lot in life.facts.lots), f"{at}"


@given(stories())
def test_credit_waits_only_while_nothing_undisputed_is_open(story: Story) -> None:
    with living(story) as life:
        for at in life.live(each_event=True):
            if life.facts.lots and life.told and life.told[-1].name in ("pay", "credit"):
                waiting = [i for i in life.facts.invoices if balance.principal(i).undisputed > 0]
                assert not waiting, f"{at}"


@given(stories(), AMOUNTS, AMOUNTS, st.sampled_from([Method.PIX, Method.BOLETO]))
def test_two_payments_of_one_instant_come_to_the_same_in_either_order(
    story: Story, one: int, other: int, method: Method
) -> None:
    with living(story) as life:
        at = life.finish()
        pays = [
            Event(at, 0, "pay", {"amount": amount, "method": method, "id": name})
            for name, amount in (("one", one), ("other", other))
        ]
        there, back = life.twin(), life.twin()
        for told, events in ((there, pays), (back, pays[::-1])):
            for event in events:
                told.do(event)
        life.told += pays
        assert _totals(there) == _totals(back)
        assert there.situation(at) == back.situation(at)


def _totals(life: Life) -> dict[str, int]:
    day = life.calendars.day(life.clock)
    return {
        "open": balance.total_open(life.facts),
        "owed": balance.total_owed(life.calendars, life.policy, life.facts, on=day),
        "credit": sum(lot.amount for lot in life.facts.lots),
    }


@given(stories(), st.integers(1, 400_00))
def test_paying_a_part_never_makes_the_rest_dearer(story: Story, amount: int) -> None:
    """What is owed falls by at least what was paid, and what is paid beyond it is kept as credit."""
    with living(story) as life:
        at = life.finish()
        day = life.calendars.day(at)
        before = balance.total_owed(life.calendars, life.policy, life.facts, on=day)
        credit = sum(lot.amount for lot in life.facts.lots)
        life.do(Event(at, 0, "pay", {"amount": amount, "id": "part"}))
        if not life.engine_up:
            return
        after = balance.total_owed(life.calendars, life.policy, life.facts, on=day)
        kept = sum(lot.amount for lot in life.facts.lots) - credit
        assert after <= before - (amount - kept), f"{before} - {amount} became {after}, {kept} kept"

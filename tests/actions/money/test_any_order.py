"""Whatever becomes of the bank's events on their way, the books end as in the clean run."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pytest

from religa.records import raw

from .. import world
from .bank import Bank

pytestmark = pytest.mark.django_db


def people(provider, bank: Bank, prefix: str) -> list[int]:
    """Six contracts: some owe a month, some two, all with the codes that they were shown."""
    made = []
    for n in range(6):
        contract = world.contract(provider, f"{prefix}{n}")
        world.bill(contract, f"{prefix}{n}-a", amount=50_00 + n * 10_00)
        if n % 2:
            world.bill(contract, f"{prefix}{n}-b", amount=80_00, due=date(2026, 11, 20))
        made.append(contract)
    return made


def charges(bank: Bank, contracts: list[int]) -> list[str]:
    """One code for everything each contract owes; and the dated one of whoever owes a single month."""
    return [bank.charge(contract).txid for contract in contracts]


def paid(bank: Bank, txids: list[str]) -> list:
    """Everybody pays; the first twice, the third sends his bank's customer's mistake back (MED)."""
    found = []
    for txid in txids:
        bank.passes(minutes=3)
        found.append(bank.psp.pay(txid))
    bank.passes(minutes=1)
    found.append(bank.psp.pay(txids[0], anyway=True))
    bank.psp.give_back(found[2].id)
    return found


def books(contracts: list[int]) -> list[tuple]:
    """What is settled of each invoice, what waits as credit, and who is open: without the names of payments."""
    query = """
        SELECT c.position, i.due_date, i.waived, i.reopened_at IS NOT NULL,
               (SELECT sum(amount) FROM allocation a WHERE a.invoice_id = i.id AND a.part = 'principal'),
               (SELECT sum(amount) FROM allocation a WHERE a.invoice_id = i.id AND a.part = 'charges'),
               (SELECT sum(amount) FROM credit_entry e WHERE e.contract_id = c.id),
               (SELECT count(*) FROM payment p WHERE p.contract_id = c.id),
               (SELECT count(*) FROM payment_reversal r JOIN payment p ON p.id = r.payment_id WHERE p.contract_id = c.id),
               (SELECT access || status FROM contract_access x WHERE x.contract_id = c.id)
          FROM unnest(%s::bigint[]) WITH ORDINALITY c(id, position) JOIN invoice i ON i.contract_id = c.id
         ORDER BY 1, 2
    """
    return raw.rows(query, [contracts])


@pytest.mark.parametrize("seed", range(8))
def test_duplicates_losses_and_any_order_end_in_the_same_books(provider, bank: Bank, seed: int):
    dice = random.Random(seed)
    clean, wild = people(provider, bank, "c"), people(provider, bank, "w")
    bank.at = world.at("2026-11-25 08:00")
    start = bank.at
    for pix in paid(bank, charges(bank, clean)):
        bank.post(bank.psp.received(pix.id))
    bank.take()

    bank.at = start
    events = paid(bank, charges(bank, wild))
    sent = [e for e in events if dice.random() > 0.1]
    sent += [e for e in sent if dice.random() < 0.3]
    dice.shuffle(sent)
    while sent:
        together = [sent.pop() for _ in range(min(len(sent), dice.randint(1, 3)))]
        bank.post(*(bank.psp.received(e.id) for e in together))
        if dice.random() < 0.5:
            bank.psp.misbehave(fail_next=dice.randint(0, 2))
            bank.take()
        if dice.random() < 0.2:
            bank.passes(seconds=40)
            bank.poll()
    for _ in range(12):
        bank.passes(minutes=20)
        bank.take()
    bank.poll()
    assert [row[1:] for row in books(wild)] == [row[1:] for row in books(clean)]
    lands = Counter(
        name for (name,) in raw.rows("SELECT external_id FROM payment WHERE external_id LIKE 'E%%'")
    )
    assert set(lands.values()) == {1} and len(lands) == 14
    assert raw.rows("SELECT count(*) FROM provider_event_todo") == [(0,)]
    assert raw.rows("SELECT count(*) FROM unidentified_payment") == [(0,)]

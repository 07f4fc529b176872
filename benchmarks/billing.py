"""Recurring invoices on a large provider: how many a second, with their charges; and what asking costs.

    .venv/bin/python benchmarks/billing.py [--contracts 100000] [--due 20000]

A throw-away PostgreSQL on this machine (the wheel's, fsync off). All contracts are billed here; those of `--due` fall
due on 10 December 2026 and are billed on 30 November, the others on the 28th and not yet. One in twenty was blocked for
a week in November, one in ten has R$ 5 of credit. The goal is 1,000 invoices a second, each with a row of its charge.
"""

from __future__ import annotations

import argparse
import os
import platform

from loop import at, build, measured

from religa.entrypoints.commands import database

GOAL = 1_000
TERMS = """
INSERT INTO plan (provider_id, external_id, name, price, down_kbps, up_kbps)
SELECT id, '500', '500 mega', 9990, 500000, 250000 FROM provider;
UPDATE contract SET plan_id = (SELECT id FROM plan), due_day = CASE WHEN external_id::int <= %(due)s THEN 10 ELSE 28 END;
UPDATE invoice SET at_rest = true;
UPDATE contract_access SET next_look_at = NULL;
INSERT INTO billing_rule (provider_id, lead_days, fine_pct, interest_pct_month, punctuality_discount,
                          credits_blocked_days, make_charges, since, author)
SELECT id, 10, 200, 100, 500, true, true, '2026-10-01', '' FROM provider;
INSERT INTO payment_account (provider_id, name, kind, profile, pix_key, client_id, agency, number, covenant, settings,
                             reported_by, collects, hook_check, hook_addresses, hook_relay_url, certificate_subject,
                             since, author)
SELECT id, 'Banco', 'api_pix', 'efi', '', '', '', '', '', '{}', 'religa', true, 'secret', '[]', '', '', now(), ''
  FROM provider;
INSERT INTO contract_billing (contract_id, since, discount, billed_through, credited_through, author)
SELECT id, '2026-10-01', 0, '2026-11-30', '2026-10-31', '' FROM contract;
INSERT INTO access_change (contract_id, seq, at, access, status, why, access_then, decided_with, cause, digest, chain)
SELECT id, n, t::timestamptz, a, 'blocked', 'blocked', a, '', 'benchmark', '', ''
  FROM contract, (VALUES (1, '2026-10-01', 'full'), (2, '2026-11-10 12:00+00', 'walled'),
                         (3, '2026-11-18 12:00+00', 'full')) v(n, t, a)
 WHERE n = 1 OR id %% 20 = 0;
INSERT INTO payment (provider_id, contract_id, external_id, method, amount, known_at, paid_at, author, fee, cashier)
SELECT provider_id, id, 'E' || id, 'pix', 500, '2026-11-20', '2026-11-20', '', 0, '' FROM contract WHERE id %% 10 = 0;
INSERT INTO credit_entry (contract_id, payment_id, amount, paid_at, booked_at, author)
SELECT contract_id, id, amount, paid_at, paid_at, '' FROM payment
"""


def fill(contracts: int, due: int) -> None:
    from django.db import connection

    build(contracts, 0)
    with connection.cursor() as cursor:
        for statement in TERMS.split(";\n"):
            cursor.execute(statement, {"due": due})
    connection.connection.execute("SELECT take_statistics()")  # as autovacuum would, in time


def bill(contracts: int, due: int) -> None:
    from religa.actions.billing.preview import preview
    from religa.actions.billing.run import run
    from religa.records import billing, raw

    fill(contracts, due)
    now = at("2026-11-30 08:00")
    cost, _ = measured(lambda: billing.due(at=at("2026-11-29 08:00")))
    print(f"who is due, when nobody is        {cost}")
    cost, found = measured(lambda: billing.due(at=now))
    print(f"who is due: {len(found.every):6}                {cost}")
    cost, plans = measured(lambda: list(preview(at=now)))
    print(f"{len(plans)} months shown (--dry-run)    {cost}   {len(plans) / cost.wall:6.0f}/s")
    cost, made = measured(lambda: run(at=now))
    rate = made.invoices / cost.wall
    print(f"{made.invoices} invoices, {made.charges} charges   {cost}   {rate:6.0f}/s (goal {GOAL})")
    [(rows, least, most)] = raw.rows("SELECT count(*), min(amount), max(amount) FROM charge")
    print(
        f"  {rows} charges of R$ {least / 100:.2f} to R$ {most / 100:.2f}; set aside: {len(made.set_aside)}"
    )
    cost, again = measured(lambda: run(at=now))
    print(f"a second run: {again.invoices} invoices         {cost}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--contracts", type=int, default=100_000)
    parser.add_argument("--due", type=int, default=20_000)
    chosen = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with database.thrown_away():
        bill(chosen.contracts, chosen.due)


if __name__ == "__main__":
    main()

"""What the pages of finance ask, on a provider of 1,000,000 contracts with a week of 50,000 payments a day.

    .venv/bin/python benchmarks/finance.py [--contracts 1000000] [--daily 50000] [--plans]

As `benchmarks/pages.py`: a throw-away PostgreSQL, every statement explained while it runs, tables that are read as a
whole named. One payment in five has blocked somebody before and opens him.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from datetime import date

import loop
import pages
import psycopg

from religa.entrypoints.commands import database

PEOPLE = """
UPDATE subscriber SET name = (ARRAY['Maria','José','Ana','João','Francisca','Antônio','Luiza','Pedro'])[1 + id %% 8]
       || ' ' || (ARRAY['da Silva','Souza','Lima','Rocha','Araújo','Ferreira','Gomes'])[1 + id %% 7]
       || ' ' || (ARRAY['Alves','Barros','Costa','Dantas','Esteves','Farias','Guedes','Holanda','Inácio'])[1 + id %% 9]
       || ' ' || initcap(substr(md5(id::text), 1, 5)),
       document = lpad(id::text, 11, '0');
INSERT INTO payment_account (provider_id, name, kind, profile, pix_key, client_id, agency, number, covenant, settings,
       reported_by, collects, hook_check, hook_addresses, hook_relay_url, certificate_subject, since, author)
SELECT id, 'Conta Pix', 'api_pix', 'generic', '', '', '', '', '', '{}', 'religa', true, 'secret', '[]', '', '',
       '2020-01-01', '' FROM provider;
INSERT INTO charge (provider_id, invoice_id, kind, status, account, payment_account_id, txid, nosso_numero, copy_paste,
       amount, due_date, revision, created_at, payload)
SELECT provider_id, id, 'pix_cobv', 'active', '', (SELECT id FROM payment_account), md5(id::text), (20000000 + id)::text,
       '', 9990, due_date, 0, issued_at, '{}' FROM invoice
"""
# A week of money: day %(n)s, for the invoices of `daily` contracts of their own.
DAY = """
CREATE TEMP TABLE paid ON COMMIT DROP AS
SELECT i.id AS invoice, i.contract_id AS contract, i.provider_id AS provider, l.id AS line,
       'E' || lpad(i.id::text, 31, '0') AS e2e, '2026-11-23'::date + %(n)s AS day,
       '2026-11-23 12:00+00'::timestamptz + %(n)s * interval '1 day' + (i.id %% 30000) * interval '1 second' AS at
  FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id ORDER BY i.id DESC OFFSET %(n)s * %(daily)s LIMIT %(daily)s;
INSERT INTO payment (provider_id, contract_id, payment_account_id, booked_on, external_id, method, amount, fee,
       known_at, paid_at, author)
SELECT provider, contract, (SELECT id FROM payment_account), day, e2e, 'pix', 9990, 99, at + interval '2 seconds', at, ''
  FROM paid;
INSERT INTO allocation (settlement, payment_id, invoice_id, line_id, part, amount, known_at, paid_at, paid_on, booked_at,
       author)
SELECT p.id, p.id, d.invoice, d.line, 'principal', 9990, p.known_at, p.paid_at, d.day, p.known_at, ''
  FROM paid d JOIN payment p ON p.provider_id = d.provider AND p.external_id = d.e2e;
INSERT INTO provider_event (provider_id, payment_account_id, source, received_at, headers, body, sha256)
SELECT provider, (SELECT id FROM payment_account), 'api_pix', at + interval '1 second', '{}',
       convert_to('{"pix":[{"endToEndId":"' || e2e || '","txid":"' || md5(e2e) || '","valor":"99.90","chave":"x",'
                  || '"horario":"2026-11-23T12:00:00.000Z","infoPagador":"internet","componentesValor":{}}]}', 'UTF8'), ''
  FROM paid;
INSERT INTO access_change (contract_id, seq, at, old_access, old_status, access, status, why, access_then, decided_with,
       cause, digest, chain)
SELECT contract, 1000, at + interval '2 seconds', 'walled', 'blocked', 'full', 'current', 'nothing_late', 'full', '', '',
       '', '' FROM paid WHERE contract %% 5 = 0;
INSERT INTO coa_log (at, contract_id, session_unique_id, kind, wanted, outcome, took_ms)
SELECT at + interval '3 seconds', contract, '', 'coa', 'full', 'applied', 12 FROM paid WHERE contract %% 5 = 0
"""
INDEX = (
    "CREATE INDEX IF NOT EXISTS payment_moved_from ON payment (moved_from_id) WHERE moved_from_id IS NOT NULL"
)
WAITING = """
INSERT INTO unidentified_payment (provider_id, payment_account_id, external_id, why, method, amount, fee, known_at,
       paid_at, txid, nosso_numero, payer_document, payer_name, info, resolution, reason, author)
SELECT (SELECT id FROM provider), (SELECT id FROM payment_account), 'U' || n, 'no_txid', 'pix', 9990, 0,
       '2026-11-29 12:00+00', '2026-11-29 11:00+00', '', '', '', 'MARIA', '', '', '', '' FROM generate_series(1, 500) n;
INSERT INTO money_case (provider_id, kind, subject, contract_id, payment_id, amount, detail, opened_at, resolution,
       reason, author)
SELECT provider_id, 'overpaid', external_id, contract_id, id, 100, '', known_at, '', '', '' FROM payment LIMIT 2000
"""


def fill(contracts: int, daily: int) -> None:
    from django.db import transaction

    from religa.records import raw

    loop.build(contracts, contracts // 10)
    for statement in PEOPLE.split(";\n"):
        raw.run(statement)
    for n in range(7):
        with transaction.atomic():
            for statement in DAY.split(";\n"):
                raw.run(statement.replace("%(n)s", str(n)).replace("%(daily)s", str(daily)))
    for statement in WAITING.split(";\n"):
        raw.run(statement)


def questions(contract: int) -> Iterator[tuple[str, Callable[[], object]]]:
    from religa.actions.money.suggest import Known, suggest
    from religa.domain.facts import Method
    from religa.records import raw
    from religa.records.queries import finance, paid_to_online
    from religa.records.queries.reconciliation import balances, paid_days

    [(mine, account)] = raw.rows("SELECT provider_id, id FROM payment_account")
    [(name, document, number)] = raw.rows(
        "SELECT s.name, s.document, h.nosso_numero FROM contract c JOIN subscriber s ON s.id = c.subscriber_id"
        " JOIN invoice i ON i.contract_id = c.id JOIN charge h ON h.invoice_id = i.id WHERE c.id = %s", [contract]
    )  # fmt: skip
    day, at = date(2026, 11, 29), loop.at("2026-11-29 20:00")

    def ask(amount: int = 99_90, **said: str) -> Callable[[], object]:
        money = Known(amount, Method.PIX, at, **said)
        return lambda: suggest(mine, money, at=at, zone_day=day)

    yield "finance: what waits", lambda: finance.queues(mine)
    yield "finance: today by account", lambda: finance.day_of_accounts(mine, day)
    yield "finance: money of nobody", lambda: finance.unidentified(mine)
    yield "finance: cases of a kind", lambda: finance.cases(mine, "overpaid")
    yield "finance: cases of a contract", lambda: finance.cases_of(mine, contract)
    yield "suggest: by document", ask(document=document)
    yield "suggest: by nosso número", ask(nosso_numero=number[:-1])
    yield "suggest: by name", ask(name=name.upper())
    yield "suggest: by a common name", ask(name="MARIA DA SILVA")
    yield "suggest: by a common amount", ask()
    yield "suggest: by a rare amount", ask(amount=77_31)
    yield "suggest: by everything", ask(document=document, nosso_numero=number, name=name)
    yield "reconcile: a day", lambda: balances(mine, first=day, last=day)
    yield "reconcile: a week", lambda: balances(mine, first=date(2026, 11, 23), last=day)
    yield "reconcile: days of payment", lambda: paid_days(mine, account_id=account, day=day)
    yield (
        "online: 24 hours",
        lambda: paid_to_online.times(mine, since=loop.at("2026-11-28 20:00"), day=date(2026, 11, 28)),
    )
    yield (
        "online: 24 hours, slowest",
        lambda: paid_to_online.slowest(mine, since=loop.at("2026-11-28 20:00"), day=date(2026, 11, 28)),
    )
    yield (
        "online: 7 days",
        lambda: paid_to_online.times(mine, since=loop.at("2026-11-22 20:00"), day=date(2026, 11, 22)),
    )
    yield "online: one contract", lambda: paid_to_online.of_contract(contract)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--contracts", type=int, default=1_000_000)
    parser.add_argument("--daily", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--plans", action="store_true", help="print each plan, too")
    chosen = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores; {chosen.contracts} contracts, {chosen.daily} a day")
    with database.thrown_away() as addresses:
        from django.db import connection

        started = time.perf_counter()
        fill(chosen.contracts, chosen.daily)
        with psycopg.connect(addresses.admin, autocommit=True) as admin:
            admin.execute(INDEX)
        pages.explained(addresses.admin)
        print(f"filled in {time.perf_counter() - started:.0f} s\n", flush=True)
        connection.close()
        connection.ensure_connection()
        watched = pages.Watched(connection.connection)
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(contract_id) FROM payment WHERE contract_id % 5 = 0")
            [contract] = cursor.fetchone()
        for name, question in questions(contract):
            asked = pages.ask(question, watched, chosen.rounds)
            whole = f"   reads whole: {', '.join(sorted(asked.whole))}" if asked.whole else ""
            print(
                f"{name:32} {asked.milliseconds:8.1f} ms {asked.statements:4} statements {asked.pages:7} pages{whole}",
                flush=True,
            )
            if chosen.plans:
                print(json.dumps(asked.plans, indent=1))


if __name__ == "__main__":
    main()

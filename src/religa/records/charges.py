"""Charges: whose they are, and what is still to be done about them at the bank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from religa.domain import nosso_numero
from religa.domain.nosso_numero import Candidate
from religa.ports.money import ChargeSeen
from religa.records import raw
from religa.records.accounts import Account

PAYABLE_DAYS = 60  # how long after its due date a dated charge may be paid


@dataclass(frozen=True, slots=True)
class Target:
    """What a charge was made for: money on it goes to `invoice` (its external id) of `contract` first."""

    charge: int
    contract: int
    invoice: str
    kind: str
    status: str
    amount: int
    scope: str
    account: int | None
    named: Sequence[str] | None = None

    @property
    def first(self) -> tuple[str, ...]:
        """The invoices that its money is put on before others; none where it was asked for the oldest debt first.

        The least that opens access was worked out for the oldest first where it names none: naming its own invoice
        would spend a part of it on fine and interest, and leave the wall where it is.
        """
        if self.scope == "least" and not self.named:
            return ()
        return tuple((self.invoice,) if self.named is None else self.named)


_TARGET = """
    SELECT c.{by}, c.id, i.contract_id, i.external_id, c.kind, c.status, c.amount, c.scope, c.payment_account_id,
           c.payload -> 'first'
      FROM charge c JOIN invoice i ON i.id = c.invoice_id
     WHERE c.provider_id = %s AND c.{by} = ANY (%s)
"""


def by_txid(provider_id: int, txids: Sequence[str]) -> dict[str, Target]:
    """Charges by the txid that is ours."""
    return _targets("txid", provider_id, txids)


def by_title(
    account: Account, titles: Mapping[str, tuple[str, int | None]]
) -> tuple[dict[str, Target], set[str]]:
    """Charges by the number on the paper, and the keys of those that might be several.

    `titles`: anything that names a title to its nosso número, and its amount where the bank says it. Charges of the
    account count before those that an old system printed; `domain.nosso_numero` decides which it is.
    """
    forms = {key: nosso_numero.readings(account.bank, number) for key, (number, _) in titles.items()}
    named = _of_forms(account, {form for found in forms.values() for form in found})
    known, doubtful = {}, set()
    for key, (number, amount) in titles.items():
        found = [pair for form in forms[key] for pair in named.get(form, ())]
        chosen = nosso_numero.choose(number, amount, [c for c, _ in found])
        if chosen is not None:
            known[key] = next(target for c, target in found if c is chosen)
        elif found:
            doubtful.add(key)
    return known, doubtful


# LATERAL, OFFSET and LIMIT: form by form through the indexes, whatever the planner thinks of a table just filled, and
# cheap enough in its eyes that it does not compile the query first (jit). So many charges of one form are doubtful.
_OF_FORMS = """
    SELECT w.form, c.payment_account_id IS NOT NULL, CASE WHEN c.by_line THEN '' ELSE c.nosso_numero END,
           c.id, i.contract_id, i.external_id, c.kind, c.status, c.amount, c.scope, c.payment_account_id,
           c.payload -> 'first'
      FROM unnest(%(forms)s::text[]) AS w(form)
     CROSS JOIN LATERAL (
        SELECT * FROM (
            SELECT *, false AS by_line FROM charge WHERE title_whole(nosso_numero) = w.form
             UNION ALL SELECT *, false FROM charge WHERE title_core(nosso_numero) = w.form
             UNION ALL SELECT *, true FROM charge WHERE title_of_line(linha_digitavel) = w.form) named
         WHERE provider_id = %(provider)s AND (payment_account_id = %(account)s OR payment_account_id IS NULL)
           AND (%(bank)s = '' OR linha_digitavel IS NULL OR left(linha_digitavel, 3) = %(bank)s)
         LIMIT 20) c
     CROSS JOIN LATERAL (SELECT contract_id, external_id FROM invoice WHERE id = c.invoice_id OFFSET 0) i
"""


def _of_forms(account: Account, forms: set[str]) -> dict[str, list[tuple[Candidate, Target]]]:
    """Charges by form. A linha digitável of another bank says that it is not this one's title."""
    named: dict[str, list[tuple[Candidate, Target]]] = defaultdict(list)
    if forms:
        asked = {"forms": raw.array(sorted(forms)), "provider": account.provider_id, "account": account.id}
        for form, own, written, *rest in raw.rows(_OF_FORMS, asked | {"bank": account.bank}):
            target = Target(*rest)
            named[form].append(
                (Candidate(target.charge, target.invoice, own, written, target.amount), target)
            )
    return named


def _targets(by: str, provider_id: int, names: Sequence[str]) -> dict[str, Target]:
    if not names:
        return {}
    return {row[0]: Target(*row[1:]) for row in raw.rows(_TARGET.format(by=by), [provider_id, list(names)])}


def mark_paid(charges: Sequence[int]) -> None:
    """Money has come on them. Nothing more is to be done about them at the bank."""
    raw.run(
        "UPDATE charge SET status = 'paid', try_at = NULL WHERE id = ANY (%s::bigint[]) AND status <> 'paid'",
        [raw.ids(charges)],
    )


def look_again(invoices: Sequence[int], at: datetime) -> None:
    """What is owed on these invoices has changed: their charges at a bank are compared with it soon."""
    raw.run(
        "UPDATE charge SET try_at = %s WHERE invoice_id = ANY (%s::bigint[]) AND status = 'active'"
        " AND payment_account_id IS NOT NULL",
        [at, raw.ids(invoices)],
    )


def paid_before(charges: Sequence[int]) -> set[int]:
    """Which of them have had money already."""
    query = "SELECT DISTINCT charge_id FROM payment WHERE charge_id = ANY (%s::bigint[])"
    found = raw.rows(query, [raw.ids(charges)])
    return {charge for (charge,) in found}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A charge as it stands here, beside what its invoice asks for. The debtor's document leaves with the request only.

    `fine_pct`, `interest_pct_month` in hundredths of a percent; `discount` until `discount_until`.
    """

    id: int
    provider_id: int
    account_id: int
    contract_id: int
    invoice_id: int
    invoice: str
    reference: str
    kind: str
    status: str
    txid: str | None
    bank_id: str
    amount: int
    due_date: date | None
    scope: str
    expires_at: datetime | None
    revision: int
    tries: int
    document: str
    name: str
    email: str
    invoice_due: date
    fine_pct: int
    interest_pct_month: int
    discount: int | None
    discount_until: date | None
    payee: str


_WANTED = """
    SELECT c.id, c.provider_id, c.payment_account_id, i.contract_id, i.id, i.external_id, i.reference, c.kind, c.status,
           c.txid, c.bank_id, c.amount, c.due_date, c.scope, c.expires_at, c.revision, c.tries, s.document, s.name,
           s.email, i.due_date, i.fine_pct, i.interest_pct_month, i.discount_amount, i.discount_until,
           coalesce(nullif(p.trade_name, ''), p.name)
      FROM charge c JOIN invoice i ON i.id = c.invoice_id JOIN subscriber s ON s.id = i.subscriber_id
      JOIN provider p ON p.id = c.provider_id
     WHERE c.id = ANY (%s) AND c.payment_account_id IS NOT NULL ORDER BY c.id
"""


def wanted(charges: Sequence[int]) -> list[Wanted]:
    return [Wanted(*row) for row in raw.rows(_WANTED, [list(charges)])]


def claim_to_try(account_id: int, at: datetime, limit: int, *, lease: str = "90 seconds") -> list[int]:
    """Takes charges that their bank is to hear about, oldest first. They come back after the lease if nothing becomes
    of them."""
    query = """
        UPDATE charge SET try_at = %(at)s::timestamptz + %(lease)s::interval, tries = tries + 1
         WHERE id = ANY (ARRAY (SELECT id FROM charge WHERE payment_account_id = %(account)s AND try_at <= %(at)s
                       ORDER BY try_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)) RETURNING id
    """
    return [
        charge
        for (charge,) in raw.rows(query, {"account": account_id, "at": at, "limit": limit, "lease": lease})
    ]


def keep_seen(charge: int, seen: ChargeSeen, *, status: str) -> None:
    """The charge as the bank has it. What was paid here already stays paid."""
    raw.run(
        """
        UPDATE charge SET status = CASE WHEN status = 'paid' THEN status ELSE %s END, amount = %s, revision = %s,
               bank_id = coalesce(nullif(%s, ''), bank_id), copy_paste = coalesce(nullif(%s, ''), copy_paste),
               nosso_numero = coalesce(nullif(%s, ''), nosso_numero),
               linha_digitavel = coalesce(nullif(%s, ''), linha_digitavel), tries = 0, try_at = NULL, error = ''
         WHERE id = %s
        """,
        [status, seen.amount, seen.revision, seen.ref.bank_id, seen.copy_paste, seen.nosso_numero,
         seen.linha_digitavel, charge],
    )  # fmt: skip


def try_again(charge: int, at: datetime, error: str) -> None:
    """The bank did not answer: it is asked again at an instant."""
    raw.run("UPDATE charge SET try_at = %s, error = %s WHERE id = %s", [at, error[:300], charge])


def fail(charge: int, error: str) -> None:
    """The bank refuses it for good."""
    raw.run(
        "UPDATE charge SET status = CASE WHEN status = 'new' THEN 'failed' ELSE status END, try_at = NULL, error = %s"
        " WHERE id = %s",
        [error[:300], charge],
    )


def end(charge: int) -> None:
    """It is not at the bank, and shall not be."""
    raw.run(
        "UPDATE charge SET status = 'removed', try_at = NULL, error = '' WHERE id = %s AND status <> 'paid'",
        [charge],
    )


def watch(charge: int, until: datetime) -> None:
    """Somebody has been shown it, and may wait for its money."""
    raw.run("UPDATE charge SET watched_until = %s WHERE id = %s", [until, charge])


def registered(charges: Sequence[int]) -> None:
    """The bank has taken them: what was on its way can be paid now."""
    raw.run(
        "UPDATE charge SET status = 'active', try_at = NULL WHERE id = ANY (%s) AND status = 'new'",
        [list(charges)],
    )


def last_payments(charges: Sequence[int]) -> dict[int, str]:
    """The latest payment, by its external id, on each of them that is not taken back."""
    query = """
        SELECT DISTINCT ON (p.charge_id) p.charge_id, p.external_id FROM payment p
         WHERE p.charge_id = ANY (%s) AND NOT EXISTS (SELECT FROM payment_reversal r WHERE r.payment_id = p.id)
         ORDER BY p.charge_id, p.id DESC
    """
    return dict(raw.rows(query, [list(charges)]))

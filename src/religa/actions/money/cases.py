"""Cases: what about money a person has to look at. Each opens once, however often it is found; one that was closed by
trying again opens again if that failed, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from religa.records import raw


@dataclass(frozen=True, slots=True)
class Case:
    """`kind` and `subject` make it one case; keys of what it is about; `amount` in centavos."""

    kind: str
    subject: str
    contract: int | None = None
    payment: str | None = None
    charge: int | None = None
    account: int | None = None
    event: int | None = None
    amount: int | None = None
    detail: str = ""


_OPEN = """
    INSERT INTO money_case (provider_id, kind, subject, contract_id, payment_id, charge_id, payment_account_id,
                            event_id, amount, detail, opened_at, resolution, reason, author)
    SELECT DISTINCT ON (c.kind, c.subject) %s, c.kind, c.subject, c.contract, p.id, c.charge, c.account, c.event,
           c.amount, c.detail, %s, '', '', ''
      FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[],
                  %s::bigint[], %s::text[]) WITH ORDINALITY
           AS c(kind, subject, contract, payment, charge, account, event, amount, detail, place)
      LEFT JOIN payment p ON p.provider_id = %s AND p.external_id = c.payment
     ORDER BY c.kind, c.subject, c.place
    ON CONFLICT ON CONSTRAINT money_case_subject_once DO UPDATE
       SET closed_at = NULL, resolution = '', opened_at = excluded.opened_at, detail = excluded.detail
     WHERE money_case.resolution = 'tried_again'
"""


def open_cases(provider_id: int, cases: Sequence[Case], at: datetime) -> None:
    """Opens those that are not there yet. Of one that comes back, who tried and why stays with it."""
    if cases:
        columns = zip(*map(_row, cases), strict=True)
        raw.run(_OPEN, [provider_id, at, *map(raw.array, columns), provider_id])


def _row(case: Case) -> raw.Row:
    return (case.kind, case.subject, case.contract, case.payment, case.charge, case.account, case.event, case.amount,
            case.detail[:500])  # fmt: skip


def close_cases(
    provider_id: int,
    kind: str,
    subjects: Sequence[str],
    *,
    resolution: str,
    at: datetime,
    author: str,
    reason: str = "",
) -> int:
    """Closes open cases; says how many."""
    return raw.run(
        "UPDATE money_case SET closed_at = %s, resolution = %s, author = %s, reason = %s"
        " WHERE provider_id = %s AND kind = %s AND subject = ANY (%s) AND closed_at IS NULL",
        [at, resolution, author, reason, provider_id, kind, list(subjects)],
    )

"""Payment accounts as their pages show them: how each is heard, what waits, what was refused. Reads no secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from religa.records import raw


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account and how it fares. `waiting`: events whose truth is still to be asked, `oldest_waiting` since when;
    `refused`: posts not taken today; `relays_failing`: events that another system has not got at the first try and
    that are tried again, `relays_given_up` those of the last seven days that it will not get; `hook_change`: what was
    done to its webhook last, by us ("": nothing)."""

    id: int
    name: str
    kind: str
    profile: str
    pix_key: str
    collects: bool
    reported_by: str
    poll_only: bool
    hook_check: str
    relay_url: str
    certificate_subject: str
    certificate_expires_at: datetime | None
    polled_until: datetime | None
    since: datetime
    closed_at: datetime | None
    last_event_at: datetime | None
    waiting: int
    oldest_waiting: datetime | None
    refused: int
    relays_failing: int
    relays_given_up: int
    hook_change: str
    hook_changed_at: datetime | None

    @property
    def is_asked(self) -> bool:
        """Whether we ask its bank for its list."""
        asked = self.kind in ("api_pix", "efi_cobrancas") and self.reported_by != "other"
        return asked and self.closed_at is None


_ROWS = """
    SELECT a.id, a.name, a.kind, a.profile, a.pix_key, a.collects, a.reported_by,
           coalesce((a.settings ->> 'poll_only')::boolean, false), a.hook_check, a.hook_relay_url,
           a.certificate_subject, a.certificate_expires_at, a.polled_until, a.since, a.closed_at,
           (SELECT e.received_at FROM provider_event e WHERE e.payment_account_id = a.id
             ORDER BY e.received_at DESC LIMIT 1),
           coalesce(w.waiting, 0), w.oldest,
           coalesce((SELECT sum(count) FROM refused_event r
                      WHERE r.payment_account_id = a.id AND r.day = %(today)s), 0)::bigint,
           (SELECT count(*) FROM event_relay r WHERE r.payment_account_id = a.id AND r.due_at IS NOT NULL
               AND r.error <> ''),
           (SELECT count(*) FROM event_relay r WHERE r.payment_account_id = a.id
               AND r.given_up_at > %(at)s::timestamptz - interval '7 days'),
           coalesce(h.what, ''), h.at
      FROM payment_account a
      LEFT JOIN (SELECT e.payment_account_id, count(*) AS waiting, min(e.received_at) AS oldest
                   FROM provider_event_todo t JOIN provider_event e ON e.id = t.event_id GROUP BY 1) w
             ON w.payment_account_id = a.id
      LEFT JOIN LATERAL (SELECT what, at FROM account_change c WHERE c.payment_account_id = a.id
                            AND c.what IN ('webhook_registered', 'webhook_removed', 'address_replaced')
                          ORDER BY c.at DESC, c.id DESC LIMIT 1) h ON true
     WHERE a.provider_id = %(provider)s AND (%(account)s::bigint IS NULL OR a.id = %(account)s)
     ORDER BY a.closed_at IS NOT NULL, a.collects DESC, a.name
"""


def every(provider_id: int, *, at: datetime, today: date) -> list[AccountRow]:
    """Open accounts first; `today`: the provider's civil day."""
    return _read({"provider": provider_id, "account": None, "at": at, "today": today})


def one(provider_id: int, account_id: int, *, at: datetime, today: date) -> AccountRow | None:
    found = _read({"provider": provider_id, "account": account_id, "at": at, "today": today})
    return found[0] if found else None


def _read(wanted: Mapping[str, Any]) -> list[AccountRow]:
    return [AccountRow(*row) for row in raw.rows(_ROWS, wanted)]


@dataclass(frozen=True, slots=True)
class SecretKept:
    """That there is a secret, since when and by whom; never what it is."""

    name: str
    changed_at: datetime
    author: str


def secrets_of(account_id: int) -> dict[str, SecretKept]:
    """By name. Those of a closed account are empty by then."""
    query = "SELECT name, changed_at, author FROM account_secret WHERE payment_account_id = %s"
    return {name: SecretKept(name, at, by) for name, at, by in raw.rows(query, [account_id])}


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody did to an account."""

    at: datetime
    what: str
    detail: Mapping[str, Any]
    author: str


def changes_of(account_id: int, *, limit: int = 30) -> list[Change]:
    """Latest first."""
    query = (
        "SELECT at, what, detail, author FROM account_change WHERE payment_account_id = %s"
        " ORDER BY at DESC, id DESC LIMIT %s"
    )
    return [Change(*row) for row in raw.rows(query, [account_id, limit])]


@dataclass(frozen=True, slots=True)
class RefusedDay:
    """How often something was posted and not taken, by day and reason; `account` None: to an address of nobody.

    `address`: the last sender's."""

    account: int | None
    day: date
    why: str
    count: int
    last_at: datetime
    address: str


def refused(provider_id: int, *, since: date) -> list[RefusedDay]:
    """Those of the provider's accounts, and those to addresses of nobody, which nobody can tell apart."""
    query = """
        SELECT r.payment_account_id, r.day, r.why, r.count, r.last_at, r.address
          FROM refused_event r LEFT JOIN payment_account a ON a.id = r.payment_account_id
         WHERE r.day >= %s AND (a.provider_id = %s OR r.payment_account_id IS NULL)
         ORDER BY r.day DESC, r.last_at DESC LIMIT 200
    """
    return [RefusedDay(*row) for row in raw.rows(query, [since, provider_id])]

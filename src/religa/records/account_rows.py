"""Writes payment accounts and what was done to them; reads one as it was typed. Secrets go to `records.accounts`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from religa.domain.payment_accounts import PaymentAccount
from religa.records import accounts, raw

_PLAIN = (
    "name", "kind", "profile", "pix_key", "client_id", "agency", "number", "covenant", "reported_by", "collects",
    "hook_check",
)  # fmt: skip
_SETTINGS = {  # what of the JSON is whose, by kind
    "api_pix": ("base_url", "token_url", "scope", "payee", "city", "unverified_webhook", "poll_only"),
    "efi_cobrancas": ("base_url", "sandbox", "poll_only"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """An account as it stands. `closed_at` None: it is open."""

    id: int
    account: PaymentAccount
    since: datetime
    closed_at: datetime | None
    author: str


_READ = f"""
    SELECT id, since, closed_at, author, settings, hook_addresses, hook_relay_url, {", ".join(_PLAIN)}
      FROM payment_account WHERE provider_id = %(provider)s AND id = %(account)s
"""


def one(provider_id: int, account_id: int, *, lock: bool = False) -> Kept | None:
    """An account of the provider, closed ones too. `lock`: nobody else changes it until the transaction ends."""
    query = _READ + (" FOR NO KEY UPDATE" if lock else "")
    found = raw.rows(query, {"provider": provider_id, "account": account_id})
    return _kept(found[0]) if found else None


def _kept(row: tuple[Any, ...]) -> Kept:
    number, since, closed_at, author, settings, networks, relay, *plain = row
    known = {f: settings[f] for f in _SETTINGS.get(plain[1], ()) if f in settings}
    fields = dict(zip(_PLAIN, plain, strict=True)) | known
    account = PaymentAccount(**fields, hook_addresses=tuple(networks), relay_url=relay)
    return Kept(number, account, since, closed_at, author)


def name_taken(provider_id: int, name: str, *, but: int | None) -> bool:
    query = "SELECT 1 FROM payment_account WHERE provider_id = %s AND name = %s AND id IS DISTINCT FROM %s::bigint"
    return bool(raw.rows(query, [provider_id, name, but]))


def collecting_besides(provider_id: int, account_id: int | None) -> str:
    """The name of another account at which new charges are made; "" if there is none."""
    query = (
        "SELECT name FROM payment_account WHERE provider_id = %s AND collects AND closed_at IS NULL"
        " AND id IS DISTINCT FROM %s::bigint"
    )
    return next((name for (name,) in raw.rows(query, [provider_id, account_id])), "")


def has_charges(account_id: int) -> bool:
    """Whether anything was ever charged there."""
    return bool(raw.rows("SELECT 1 FROM charge WHERE payment_account_id = %s LIMIT 1", [account_id]))


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What would be seen by nobody if the account were closed now."""

    charges: int
    refunds: int


def unfinished(account_id: int) -> Unfinished:
    """Charges that can be paid, and money on its way back."""
    return Unfinished(*raw.rows(_UNFINISHED, {"account": account_id})[0])


_UNFINISHED = """
    SELECT (SELECT count(*) FROM charge WHERE payment_account_id = %(account)s
               AND status IN ('new', 'active')),
           (SELECT count(*) FROM refund r LEFT JOIN payment p ON p.id = r.payment_id
              LEFT JOIN unidentified_payment u ON u.id = r.unidentified_payment_id
             WHERE r.status IN ('new', 'processing')
               AND coalesce(p.payment_account_id, u.payment_account_id) = %(account)s)
"""


# -- writing --------------------------------------------------------------------------------------------------------


def add(account: PaymentAccount, *, provider_id: int, at: datetime, author: str) -> int:
    values = _columns(account) | {"provider": provider_id, "at": at, "author": author}
    return int(raw.rows(_INSERT, values)[0][0])


def change(account_id: int, account: PaymentAccount, *, author: str) -> None:
    """Writes it anew. What of `settings` is nobody's here stays."""
    raw.run(_UPDATE, _columns(account) | {"account": account_id, "author": author})
    _listen(account_id, account.is_called and account.reported_by != "other")


def close(account_id: int, *, at: datetime, author: str) -> None:
    """It is asked nothing any more, and its silence holds nobody's block."""
    query = "UPDATE payment_account SET closed_at = %s, author = %s WHERE id = %s"
    raw.run(query, [at, author, account_id])
    _listen(account_id, False)


def set_poll_only(account_id: int, value: bool) -> None:
    query = (
        "UPDATE payment_account SET settings = settings || jsonb_build_object('poll_only', %s::boolean)"
        " WHERE id = %s"
    )
    raw.run(query, [value, account_id])


def replace_relay_url(account_id: int, url: str) -> str:
    """Sets it, and gives the one that was there."""
    query = """
        UPDATE payment_account a SET hook_relay_url = %s
          FROM (SELECT id, hook_relay_url FROM payment_account WHERE id = %s FOR NO KEY UPDATE) b
         WHERE a.id = b.id RETURNING b.hook_relay_url
    """
    return next((was for (was,) in raw.rows(query, [url, account_id])), "")


def set_certificate_facts(account_id: int, *, subject: str, expires_at: datetime | None) -> None:
    query = "UPDATE payment_account SET certificate_subject = %s, certificate_expires_at = %s WHERE id = %s"
    raw.run(query, [subject, expires_at, account_id])


def write_down(
    account_id: int, what: str, *, at: datetime, author: str, detail: Mapping[str, Any] | None = None
) -> None:
    """`what`: a word of `account_change.what`; `detail`: never a secret."""
    raw.run(
        "INSERT INTO account_change (payment_account_id, at, what, detail, author) VALUES (%s, %s, %s, %s::jsonb, %s)",
        [account_id, at, what, json.dumps(detail or {}), author],
    )


def _listen(account_id: int, configured: bool) -> None:
    query = "UPDATE feed_heartbeat SET configured = %s WHERE kind = 'poll' AND name = %s"
    raw.run(query, [configured, accounts.feed_name(account_id)])


_INSERT = """
    INSERT INTO payment_account (provider_id, name, kind, profile, pix_key, client_id, agency, number, covenant,
           settings, reported_by, collects, hook_check, hook_addresses, hook_relay_url, certificate_subject, since,
           author)
    VALUES (%(provider)s, %(name)s, %(kind)s, %(profile)s, %(pix_key)s, %(client_id)s, %(agency)s, %(number)s,
            %(covenant)s, %(settings)s::jsonb, %(reported_by)s, %(collects)s, %(hook_check)s, %(networks)s::jsonb,
            %(relay)s, '', %(at)s, %(author)s)
    RETURNING id
"""
_UPDATE = """
    UPDATE payment_account
       SET name = %(name)s, profile = %(profile)s, pix_key = %(pix_key)s, client_id = %(client_id)s,
           agency = %(agency)s, number = %(number)s, covenant = %(covenant)s, reported_by = %(reported_by)s,
           settings = settings - %(ours)s::text[] || %(settings)s::jsonb, collects = %(collects)s,
           hook_check = %(hook_check)s, hook_addresses = %(networks)s::jsonb, hook_relay_url = %(relay)s,
           author = %(author)s
     WHERE id = %(account)s AND closed_at IS NULL
"""


def _columns(account: PaymentAccount) -> dict[str, Any]:
    fields = _SETTINGS.get(account.kind, ())
    settings = {f: value for f in fields if (value := getattr(account, f))}
    return {f: getattr(account, f) for f in _PLAIN} | {
        "settings": json.dumps(settings),
        "ours": list(fields),
        "networks": json.dumps(account.hook_addresses),
        "relay": account.relay_url,
    }

"""Payment accounts as actions need them, and their secrets, sealed for one account and one name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from religa.records import raw, secrets

CLIENT_SECRET, CERTIFICATE, HOOK, APP_KEY = "client_secret", "certificate", "hook", "app_key"


@dataclass(frozen=True, slots=True)
class Account:
    """One way in for money. `polled_until`: up to when the bank's list is known; `zone`: the provider's."""

    id: int
    provider_id: int
    name: str
    kind: str
    profile: str
    pix_key: str
    client_id: str
    settings: Mapping[str, Any]
    reported_by: str
    collects: bool
    hook_check: str
    hook_addresses: Sequence[str]
    hook_relay_url: str
    polled_until: datetime | None
    swept_on: date | None
    since: datetime
    zone: str

    @property
    def feed(self) -> str:
        """The name of its heartbeat."""
        return feed_name(self.id)

    @property
    def bank(self) -> str:
        """The bank (COMPE) whose return files are read here; "" for an account that is asked otherwise."""
        return self.profile if self.kind == "bank_files" else ""

    @property
    def is_ours(self) -> bool:
        """Whether what Religa hears of the bank counts here."""
        return self.reported_by != "other"


def feed_name(account_id: int) -> str:
    """The name of an account's heartbeat."""
    return f"account {account_id}"


_ACCOUNT = """
    SELECT a.id, a.provider_id, a.name, a.kind, a.profile, a.pix_key, a.client_id, a.settings, a.reported_by,
           a.collects, a.hook_check, a.hook_addresses, a.hook_relay_url, a.polled_until, a.swept_on, a.since, p.zone
      FROM payment_account a JOIN provider p ON p.id = a.provider_id WHERE a.closed_at IS NULL
"""


def get(account_id: int) -> Account | None:
    """The account, unless it is closed."""
    return next(iter(_accounts(f"{_ACCOUNT} AND a.id = %s", account_id)), None)


def of_hook(secret: str) -> Account | None:
    """The account whose webhook has this secret in its address."""
    return next(iter(_accounts(f"{_ACCOUNT} AND a.hook_digest = %s", digest(secret))), None)


def collecting(provider_id: int) -> Account | None:
    """Where new charges are made."""
    return next(iter(_accounts(f"{_ACCOUNT} AND a.collects AND a.provider_id = %s", provider_id)), None)


def of_contract(contract_id: int) -> Account | None:
    """Where new charges of a contract are made."""
    query = f"{_ACCOUNT} AND a.collects AND a.provider_id = (SELECT provider_id FROM contract WHERE id = %s)"
    return next(iter(_accounts(query, contract_id)), None)


def listening() -> list[Account]:
    """Every account whose bank can be asked."""
    return _accounts(
        f"{_ACCOUNT} AND a.kind IN ('api_pix', 'efi_cobrancas') AND a.reported_by <> 'other' ORDER BY a.id"
    )


def connected() -> list[Account]:
    """Every account whose bank is listened to, also where that only serves to compare."""
    return _accounts(
        f"{_ACCOUNT} AND a.kind IN ('api_pix', 'efi_cobrancas')"
        " AND (a.reported_by <> 'other' OR a.client_id <> '') ORDER BY a.id"
    )


def every() -> list[Account]:
    """All open accounts."""
    return _accounts(f"{_ACCOUNT} ORDER BY a.id")


def of_provider(provider_id: int) -> list[Account]:
    """All open accounts of a provider."""
    return _accounts(f"{_ACCOUNT} AND a.provider_id = %s ORDER BY a.id", provider_id)


def _accounts(query: str, *parameters: object) -> list[Account]:
    found = raw.rows(query, parameters)
    return [Account(*row) for row in found]


def digest(secret: str) -> bytes:
    """By which the secret of an address is found without being kept readable."""
    return sha256(secret.encode()).digest()


# -- secrets --------------------------------------------------------------------------------------------------------


def secret(account_id: int, name: str) -> str | None:
    """A secret in clear, None where there is none. Raises `secrets.Unopenable` if the key has changed."""
    found = raw.rows(
        "SELECT sealed FROM account_secret WHERE payment_account_id = %s AND name = %s", [account_id, name]
    )
    return secrets.open_sealed(found[0][0], place=_place(account_id, name)) if found else None


def keep_secret(*, account_id: int, name: str, clear: str, at: datetime, author: str) -> None:
    """Seals a secret in the place of the one before."""
    raw.run(
        "INSERT INTO account_secret (payment_account_id, name, sealed, changed_at, author) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT ON CONSTRAINT account_secret_name_once DO UPDATE SET sealed = excluded.sealed,"
        " changed_at = excluded.changed_at, author = excluded.author",
        [account_id, name, secrets.seal(clear, place=_place(account_id, name)), at, author],
    )
    if name == HOOK:
        raw.run("UPDATE payment_account SET hook_digest = %s WHERE id = %s", [digest(clear), account_id])


def forget_secrets(account_id: int, *, at: datetime, author: str) -> None:
    """Empties them all: what is not needed any more is not kept."""
    found = raw.rows(
        "SELECT name FROM account_secret WHERE payment_account_id = %s AND name <> 'hook'", [account_id]
    )
    for (name,) in found:
        keep_secret(account_id=account_id, name=name, clear="", at=at, author=author)
    raw.run("UPDATE payment_account SET hook_digest = NULL WHERE id = %s", [account_id])


def secrets_changed_at(account_id: int) -> datetime | None:
    """When any of its secrets was last set."""
    query = "SELECT max(changed_at) FROM account_secret WHERE payment_account_id = %s"
    return raw.rows(query, [account_id])[0][0]  # type: ignore[no-any-return]


def _place(account_id: int, name: str) -> str:
    return f"payment_account/{account_id}/{name}"


# -- how far the bank has been heard --------------------------------------------------------------------------------


def heard(account: Account, *, until: datetime, at: datetime, swept_on: date | None = None) -> None:
    """The bank's list is known up to `until`, whatever was in it; the guard's heartbeat is `at`, where it counts."""
    raw.run(
        "UPDATE payment_account SET polled_until = greatest(polled_until, %s), swept_on = coalesce(%s, swept_on)"
        " WHERE id = %s",
        [until, swept_on, account.id],
    )
    if account.is_ours:
        _beat(account, "poll", at)


def _beat(account: Account, kind: str, at: datetime) -> None:
    raw.run(
        "INSERT INTO feed_heartbeat (provider_id, name, kind, configured, last_completed_at)"
        " VALUES (%s, %s, %s, true, %s) ON CONFLICT ON CONSTRAINT feed_heartbeat_name_once"
        " DO UPDATE SET last_completed_at = greatest(feed_heartbeat.last_completed_at, excluded.last_completed_at)",
        [account.provider_id, account.feed, kind, at],
    )


def expected(account: Account) -> None:
    """The bank is silent: from now on its silence counts, for one that has never spoken since the account began."""
    raw.run(
        "INSERT INTO feed_heartbeat (provider_id, name, kind, configured, last_completed_at)"
        " VALUES (%s, %s, 'poll', true, %s) ON CONFLICT ON CONSTRAINT feed_heartbeat_name_once DO NOTHING",
        [account.provider_id, account.feed, account.since],
    )


def heard_by_file(account: Account, *, generated_on: date | None, at: datetime) -> None:
    """A file of the account has been read: the guard's heartbeat. An old file says nothing of the days after it."""
    known = at
    if generated_on is not None:
        ended = datetime.combine(generated_on + timedelta(days=1), time(), ZoneInfo(account.zone))
        known = min(at, ended)
    _beat(account, "file", known)


def heard_within(account: Account, at: datetime, age: timedelta) -> bool:
    """Whether the bank's list is known up to `age` before an instant."""
    found = raw.rows("SELECT polled_until FROM payment_account WHERE id = %s", [account.id])
    return bool(found) and found[0][0] is not None and found[0][0] >= at - age

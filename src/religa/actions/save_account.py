"""Opens a payment account, changes it, closes it; its secrets go in and never come out.

Each is one transaction and leaves a row of `account_change` with who did it. No bank is asked: `money/webhook.py` and
`money/check_account.py` do that.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from religa.domain.certificates import CertificateFacts
from religa.domain.payment_accounts import (
    AccountFault,
    AccountProblem,
    PaymentAccount,
    masked_url,
    problems_of,
    secret_problems,
    tidied,
)
from religa.records import account_rows, accounts
from religa.records.account_rows import Kept
from religa.records.errors import Broken, naming


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that was read and may be used. `pem`: itself, its chain and its private key."""

    pem: str = field(repr=False)
    facts: CertificateFacts


@dataclass(frozen=True, slots=True, repr=False)
class NewSecrets:
    """Secrets that were typed; None: the known one stays."""

    client_secret: str | None = None
    app_key: str | None = None
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Who does it, when, at which provider."""

    name: str
    at: datetime
    provider_id: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What holds beyond the account. `banks`: the profiles that are known; `own`: how our own addresses for events
    start, "" where they have none."""

    banks: Collection[str]
    own: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    account_id: int


@dataclass(frozen=True, slots=True)
class NotSaved:
    """Everything that is wrong; nothing was changed."""

    problems: tuple[AccountProblem, ...]


def create(account: PaymentAccount, new: NewSecrets, *, by: Author, around: Surroundings) -> Saved | NotSaved:
    """Opens it. One whose bank can be asked gets the secret of its address for events, too."""
    account, new = tidied(account), _tidied(new)
    problems = [
        *problems_of(account, banks=around.banks, own=around.own),
        *_secret_problems(account, new, True),
    ]
    problems += _against_others(account, by, None)
    if problems:
        return NotSaved(tuple(problems))
    return _in_words(lambda: _create(account, new, by), account, by, None)


def change(
    account_id: int, account: PaymentAccount, new: NewSecrets, *, by: Author, around: Surroundings
) -> Saved | NotSaved:
    """Writes it anew. Its kind and bank stay; its key, too, once something was charged there."""
    account, new = tidied(account), _tidied(new)
    problems = [
        *problems_of(account, banks=around.banks, own=around.own),
        *_secret_problems(account, new, False),
    ]
    problems += _against_others(account, by, account_id)
    if problems:
        return NotSaved(tuple(problems))
    return _in_words(lambda: _change(account_id, account, new, by), account, by, account_id)


def close(account_id: int, *, by: Author, anyway: bool = False) -> Saved | NotSaved:
    """Ends it for good and forgets its secrets. `anyway`: although money may still come on charges made there, which
    nobody will see then; refunds under way are never left alone."""
    with transaction.atomic():
        kept = _open(by.provider_id, account_id)
        if kept is None:
            return NotSaved((AccountProblem(AccountFault.GONE),))
        problems = tuple(_unfinished(kept, anyway))
        if problems:
            return NotSaved(problems)
        account_rows.close(account_id, at=by.at, author=by.name)
        accounts.forget_secrets(account_id, at=by.at, author=by.name)
        account_rows.write_down(account_id, "closed", at=by.at, author=by.name)
    return Saved(account_id)


def new_hook_secret() -> str:
    """The secret of an address for events: 256 bits, in letters that an address may have."""
    return secrets.token_urlsafe(32)


def _tidied(new: NewSecrets) -> NewSecrets:
    """Pasted secrets come with blanks and line ends that no bank gives."""
    secret, key = ((text or "").strip() or None for text in (new.client_secret, new.app_key))
    return NewSecrets(secret, key, new.certificate)


def _secret_problems(account: PaymentAccount, new: NewSecrets, is_new: bool) -> Iterator[AccountProblem]:
    needed = is_new and account.kind == "efi_cobrancas"
    yield from secret_problems(new.client_secret, "client_secret", is_needed=needed)
    yield from secret_problems(new.app_key, "app_key")


def _against_others(account: PaymentAccount, by: Author, account_id: int | None) -> Iterator[AccountProblem]:
    if account_rows.name_taken(by.provider_id, account.name, but=account_id):
        yield AccountProblem(AccountFault.NAME_TAKEN, "name")
    if account.collects:
        other = account_rows.collecting_besides(by.provider_id, account_id)
        if other:
            yield AccountProblem(AccountFault.COLLECTS_ELSEWHERE, "collects", other)


def _in_words(
    write: Callable[[], Saved | NotSaved], account: PaymentAccount, by: Author, account_id: int | None
) -> Saved | NotSaved:
    """What the database alone finds, since somebody else was quicker, is said like everything else."""
    try:
        with transaction.atomic(), naming():
            return write()
    except Broken:
        problems = tuple(_against_others(account, by, account_id))
        if not problems:
            raise
        return NotSaved(problems)


def _create(account: PaymentAccount, new: NewSecrets, by: Author) -> Saved:
    account_id = account_rows.add(account, provider_id=by.provider_id, at=by.at, author=by.name)
    account_rows.write_down(account_id, "created", at=by.at, author=by.name, detail={"kind": account.kind})
    if account.is_called:
        _keep(account_id, accounts.HOOK, new_hook_secret(), by)
    _keep_secrets(account_id, new, by)
    return Saved(account_id)


def _change(account_id: int, account: PaymentAccount, new: NewSecrets, by: Author) -> Saved | NotSaved:
    kept = _open(by.provider_id, account_id)
    if kept is None:
        return NotSaved((AccountProblem(AccountFault.GONE),))
    problems = tuple(_fixed(kept, account))
    if problems:
        return NotSaved(problems)
    changed = _difference(kept.account, account)
    if changed:
        account_rows.change(account_id, account, author=by.name)
        account_rows.write_down(account_id, "changed", at=by.at, author=by.name, detail=changed)
    _keep_secrets(account_id, new, by)
    return Saved(account_id)


def _open(provider_id: int, account_id: int) -> Kept | None:
    kept = account_rows.one(provider_id, account_id, lock=True)
    return kept if kept and kept.closed_at is None else None


def _fixed(kept: Kept, account: PaymentAccount) -> Iterator[AccountProblem]:
    """Charges name their account: with another bank behind it their money would be looked for at the wrong place."""
    if (kept.account.kind, kept.account.profile) != (account.kind, account.profile):
        yield AccountProblem(AccountFault.BANK_FIXED, "profile")
    if kept.account.pix_key != account.pix_key and account_rows.has_charges(kept.id):
        yield AccountProblem(AccountFault.KEY_IN_USE, "pix_key")


def _unfinished(kept: Kept, anyway: bool) -> Iterator[AccountProblem]:
    left = account_rows.unfinished(kept.id)
    if kept.account.collects:
        yield AccountProblem(AccountFault.STILL_COLLECTS)
    if left.refunds:
        yield AccountProblem(AccountFault.STILL_REFUNDING, detail=str(left.refunds))
    if left.charges and not anyway:
        yield AccountProblem(AccountFault.STILL_CHARGED, "anyway", str(left.charges))


def _difference(before: PaymentAccount, after: PaymentAccount) -> dict[str, list[Any]]:
    """Fields as [before, after]. The address of the other system may hold its secret."""
    old, new = asdict(before), asdict(after)
    changed = {name: [old[name], new[name]] for name in old if old[name] != new[name]}
    if "relay_url" in changed:
        changed["relay_url"] = [masked_url(url) if url else "" for url in changed["relay_url"]]
    return changed


def _keep_secrets(account_id: int, new: NewSecrets, by: Author) -> None:
    for name, clear in ((accounts.CLIENT_SECRET, new.client_secret), (accounts.APP_KEY, new.app_key)):
        if clear:
            _keep(account_id, name, clear, by)
            account_rows.write_down(account_id, "secret_set", at=by.at, author=by.name, detail={"name": name})
    if new.certificate is not None:
        _keep_certificate(account_id, new.certificate, by)


def _keep_certificate(account_id: int, certificate: Certificate, by: Author) -> None:
    facts = certificate.facts
    _keep(account_id, accounts.CERTIFICATE, certificate.pem, by)
    account_rows.set_certificate_facts(account_id, subject=facts.subject, expires_at=facts.expires_at)
    account_rows.write_down(
        account_id, "certificate_set", at=by.at, author=by.name,
        detail={"fingerprint": facts.fingerprint, "expires_at": facts.expires_at.isoformat()},
    )  # fmt: skip


def _keep(account_id: int, name: str, clear: str, by: Author) -> None:
    accounts.keep_secret(account_id=account_id, name=name, clear=clear, at=by.at, author=by.name)

"""Whose account a return file is of, by its header. Banks leave out what they like; people type as they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from religa.domain.nosso_numero import core, whole
from religa.ports.bank_files import BankFile, FileHeader
from religa.records import bank_files
from religa.records.accounts import Account
from religa.records.bank_files import FileAccount


@dataclass(frozen=True, slots=True)
class Found:
    """The account. `assumed`: the header names none, and this is the bank's only one."""

    account: Account
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class NoAccount:
    """Nothing was read. `why`: `no_account` (none of this bank), `other_account` (of this bank, but not as the header
    names it), `several` (more than one would do) or `not_ours` (another system reports its payments). `names`: the
    bank's accounts here."""

    why: str
    bank: str
    header: FileHeader
    names: tuple[str, ...] = ()


def find(provider_id: int, file: BankFile) -> Found | NoAccount:
    """The account whose agency, number and covenant do not speak against the header, and one of which speaks for it."""
    ours = bank_files.accounts_of(provider_id, file.bank)
    found = _judge(ours, file)
    if isinstance(found, Found) and not found.account.is_ours:
        return NoAccount("not_ours", file.bank, file.header, (found.account.name,))
    return found


def provider_of(file: BankFile) -> int | NoAccount:
    """Whose file it is, where nobody says: the one provider with an account that would do."""
    judged = {provider: find(provider, file) for provider in bank_files.providers()}
    fitting = [provider for provider, found in judged.items() if isinstance(found, Found)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        return NoAccount("several", file.bank, file.header)
    refused = [found for found in judged.values() if isinstance(found, NoAccount)]
    near = [one for one in refused if one.why != "no_account"]
    return next(iter([*near, *refused]), NoAccount("no_account", file.bank, file.header))


def _judge(ours: Sequence[FileAccount], file: BankFile) -> Found | NoAccount:
    names = tuple(one.account.name for one in ours)
    if not ours:
        return NoAccount("no_account", file.bank, file.header)
    points = [(_agreement(one, file.header), one.account) for one in ours]
    possible = [(n, account) for n, account in points if n is not None]
    best = max((n for n, _ in possible), default=0)
    named = [account for n, account in possible if n == best]
    if best and len(named) == 1:
        return Found(named[0])
    if not best and len(ours) == len(named) == 1:
        return Found(named[0], assumed=True)
    return NoAccount("several" if named else "other_account", file.bank, file.header, names)


def _agreement(one: FileAccount, header: FileHeader) -> int | None:
    """How many of the three agree; None if one contradicts. What either side does not say counts for nothing."""
    pairs = [(one.agency, header.agency), (one.number, header.account), (one.covenant, header.convenio)]
    said = [_is_same(ours, theirs) for ours, theirs in pairs if whole(ours) and whole(theirs)]
    return sum(said) if all(said) else None


def _is_same(ours: str, theirs: str) -> bool:
    """With or without the check digit on either side."""
    mine, its = whole(ours), whole(theirs)
    return its in (mine, core(ours)) or mine == core(theirs) or its[:-1] == mine

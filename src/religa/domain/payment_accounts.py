"""A payment account as somebody fills it in, and what is wrong with that. Secrets are never part of it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from religa.domain.documents import InvalidPixKey, parse_pix_key

__all__ = [
    "CALLED",
    "AccountFault",
    "AccountProblem",
    "Owner",
    "PaymentAccount",
    "masked_url",
    "owner_of",
    "problems_of",
    "secret_problems",
    "tidied",
]

CALLED = ("api_pix", "efi_cobrancas")  # kinds whose bank can be asked, and collects
KINDS = (*CALLED, "bank_files", "desk", "other")
LEDGERS = ("religa", "other", "both")
HOOK_CHECKS = ("mtls", "addresses", "secret")
_WIDEST = {4: 8, 6: 16}  # a bank's network is smaller
_LONGEST = 200  # characters of one field; a webhook's address may have more
_PRINTABLE = re.compile(r"[!-~]+(?: [!-~]+)*")
_BANK_CODE = re.compile(r"[0-9]{3}")  # COMPE
_OF_THE_BANK = re.compile(r"[0-9A-Za-z][0-9A-Za-z./-]{0,29}")


@dataclass(frozen=True, slots=True)
class PaymentAccount:
    """As typed. `profile`: the bank's word in the adapter, or the bank code (three digits) of `bank_files`.

    `reported_by`: whose word of a payment counts. `collects`: new charges are made here. `poll_only`: the bank calls
    nobody, its list is read instead. `hook_check`: what besides the secret proves whoever posts events;
    `hook_addresses`: networks. `relay_url`: who gets every event as it came. `base_url`, `token_url`, `scope`: in place
    of the profile's. `payee`, `city`: as they stand in a Pix code. `unverified_webhook`: the bank shall call without a
    certificate. `sandbox`: Efí's.
    """

    name: str
    kind: str
    profile: str = ""
    pix_key: str = ""
    client_id: str = ""
    agency: str = ""
    number: str = ""
    covenant: str = ""
    reported_by: str = "religa"
    collects: bool = False
    poll_only: bool = False
    hook_check: str = "secret"
    hook_addresses: tuple[str, ...] = ()
    relay_url: str = ""
    base_url: str = ""
    token_url: str = ""
    scope: str = ""
    payee: str = ""
    city: str = ""
    unverified_webhook: bool = False
    sandbox: bool = False

    @property
    def is_called(self) -> bool:
        """Whether its bank can be asked at all."""
        return self.kind in CALLED


class AccountFault(StrEnum):
    """What is wrong with an account, or why it is not closed."""

    NO_NAME = "no_name"
    NAME_TAKEN = "name_taken"
    TOO_LONG = "too_long"
    KIND_UNKNOWN = "kind_unknown"
    BANK_UNKNOWN = "bank_unknown"
    BANK_FIXED = "bank_fixed"
    BANK_CODE_FORM = "bank_code_form"
    OF_THE_BANK_FORM = "of_the_bank_form"
    KEY_MISSING = "key_missing"
    KEY_FORM = "key_form"
    KEY_IN_USE = "key_in_use"
    CLIENT_ID_MISSING = "client_id_missing"
    SECRET_MISSING = "secret_missing"
    SECRET_CHARACTERS = "secret_characters"
    ADDRESS_FORM = "address_form"
    ADDRESS_MISSING = "address_missing"
    ADDRESSES_TOGETHER = "addresses_together"
    CANNOT_COLLECT = "cannot_collect"
    COLLECTS_ELSEWHERE = "collects_elsewhere"
    LEDGER_UNKNOWN = "ledger_unknown"
    CHECK_UNKNOWN = "check_unknown"
    CERTIFICATE_WAIVED = "certificate_waived"
    NETWORKS_MISSING = "networks_missing"
    NETWORK_FORM = "network_form"
    NETWORK_TOO_WIDE = "network_too_wide"
    RELAY_FORM = "relay_form"
    RELAY_LOOPS = "relay_loops"
    GONE = "gone"
    STILL_COLLECTS = "still_collects"
    STILL_CHARGED = "still_charged"
    STILL_REFUNDING = "still_refunding"


@dataclass(frozen=True, slots=True)
class AccountProblem:
    """`field`: of the account, or `client_secret`, `app_key`, `certificate`; `detail`: what the words name."""

    fault: AccountFault
    field: str = ""
    detail: str = ""


def tidied(account: PaymentAccount) -> PaymentAccount:
    """The same account as it is kept: no blanks at the ends, key and networks in their one form."""
    texts = {f: getattr(account, f).strip() for f in _TEXTS}
    networks = tuple(dict.fromkeys(n for text in account.hook_addresses if (n := _tidy_network(text))))
    return replace(account, **texts, pix_key=_tidy_key(account.pix_key.strip()), hook_addresses=networks)


def problems_of(account: PaymentAccount, *, banks: Collection[str], own: str) -> list[AccountProblem]:
    """Everything that can be seen without the database. `banks`: the profiles that are known; `own`: the start of our
    own addresses for events, "" where there is none."""
    if account.kind not in KINDS:
        return [AccountProblem(AccountFault.KIND_UNKNOWN, "kind")]
    found = [] if account.name else [AccountProblem(AccountFault.NO_NAME, "name")]
    found += [AccountProblem(AccountFault.TOO_LONG, f) for f in _TEXTS if len(getattr(account, f)) > _LONGEST]
    if account.kind == "api_pix":
        found += _api_pix_problems(account, banks)
    elif account.kind == "bank_files":
        found += _bank_problems(account)
    if account.is_called:
        found += [*_login_problems(account), *_address_problems(account), *_hook_problems(account, own)]
    elif account.collects:
        found.append(AccountProblem(AccountFault.CANNOT_COLLECT, "collects"))
    if account.reported_by not in LEDGERS:
        found.append(AccountProblem(AccountFault.LEDGER_UNKNOWN, "reported_by"))
    return found


def secret_problems(secret: str | None, field: str, *, is_needed: bool = False) -> list[AccountProblem]:
    """None: whatever is kept stays. A secret goes into a header: visible ASCII alone (RFC 6749, appendix A)."""
    if not secret:
        return [AccountProblem(AccountFault.SECRET_MISSING, field)] if is_needed else []
    if len(secret) > _LONGEST * 10 or not _PRINTABLE.fullmatch(secret):
        return [AccountProblem(AccountFault.SECRET_CHARACTERS, field)]
    return []


class Owner(StrEnum):
    """Whose an address is that a bank has registered for events."""

    NOBODY = "nobody"
    OURS = "ours"
    OURS_BEFORE = "ours_before"
    FOREIGN = "foreign"


def owner_of(url: str, *, ours: str, own: str) -> Owner:
    """`ours`: the address with the secret that holds now; `own`: how all of this account's addresses start."""
    if not url:
        return Owner.NOBODY
    if ours and url.rstrip("/") == ours:
        return Owner.OURS
    return Owner.OURS_BEFORE if own and url.startswith(own) else Owner.FOREIGN


def masked_url(url: str) -> str:
    """An address that a person recognises and cannot use: what follows the question mark, passwords and the last step
    of the path, where secrets stand, are left out."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "…"
    steps = [s for s in parts.path.split("/") if s]
    path = "".join(f"/{_masked_step(s)}" for s in steps)
    return f"{parts.scheme}://{host}{port}{path}" + ("?…" if parts.query else "")


def _masked_step(step: str) -> str:
    """A step of a path that may be a secret: long, or with digits among its letters."""
    return "…" if len(step) > 20 or (len(step) > 8 and any(c.isdigit() for c in step)) else step


_TEXTS = (
    "name", "profile", "client_id", "agency", "number", "covenant", "relay_url", "base_url", "token_url", "scope",
    "payee", "city",
)  # fmt: skip


def _tidy_key(text: str) -> str:
    try:
        return parse_pix_key(text).value
    except InvalidPixKey:
        return text


def _tidy_network(text: str) -> str:
    text = text.strip()
    network = _network(text)
    return text if network is None else str(network)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return None if "%" in text else ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _api_pix_problems(account: PaymentAccount, banks: Collection[str]) -> Iterator[AccountProblem]:
    if account.profile not in banks:
        yield AccountProblem(AccountFault.BANK_UNKNOWN, "profile")
    if not account.pix_key:
        yield AccountProblem(AccountFault.KEY_MISSING, "pix_key")
        return
    try:
        parse_pix_key(account.pix_key)
    except InvalidPixKey:
        yield AccountProblem(AccountFault.KEY_FORM, "pix_key")


def _bank_problems(account: PaymentAccount) -> Iterator[AccountProblem]:
    if not _BANK_CODE.fullmatch(account.profile):
        yield AccountProblem(AccountFault.BANK_CODE_FORM, "profile")
    for field in ("agency", "number", "covenant"):
        text = getattr(account, field)
        if text and not _OF_THE_BANK.fullmatch(text):
            yield AccountProblem(AccountFault.OF_THE_BANK_FORM, field)


def _login_problems(account: PaymentAccount) -> Iterator[AccountProblem]:
    if not account.client_id:
        yield AccountProblem(AccountFault.CLIENT_ID_MISSING, "client_id")
    elif not _PRINTABLE.fullmatch(account.client_id):
        yield AccountProblem(AccountFault.SECRET_CHARACTERS, "client_id")


def _address_problems(account: PaymentAccount) -> Iterator[AccountProblem]:
    """Both or none: with one of a test environment and one of production, secrets would go to the wrong place."""
    fields = ("base_url", "token_url") if account.kind == "api_pix" else ("base_url",)
    given = [f for f in fields if getattr(account, f)]
    for field in given:
        if not _is_address(getattr(account, field)):
            yield AccountProblem(AccountFault.ADDRESS_FORM, field)
    missing = [f for f in fields if f not in given]
    if account.kind == "api_pix" and missing:
        if given:
            yield AccountProblem(AccountFault.ADDRESSES_TOGETHER, missing[0])
        elif account.profile == "generic":
            yield AccountProblem(AccountFault.ADDRESS_MISSING, "base_url")


def _hook_problems(account: PaymentAccount, own: str) -> Iterator[AccountProblem]:
    if account.hook_check not in HOOK_CHECKS:
        yield AccountProblem(AccountFault.CHECK_UNKNOWN, "hook_check")
    if account.hook_check == "mtls" and account.unverified_webhook:
        yield AccountProblem(AccountFault.CERTIFICATE_WAIVED, "hook_check")
    if account.hook_check == "addresses" and not account.hook_addresses:
        yield AccountProblem(AccountFault.NETWORKS_MISSING, "hook_addresses")
    yield from _network_problems(account)
    if account.relay_url and not _is_address(account.relay_url):
        yield AccountProblem(AccountFault.RELAY_FORM, "relay_url")
    elif own and account.relay_url.startswith(own):
        yield AccountProblem(AccountFault.RELAY_LOOPS, "relay_url")


def _network_problems(account: PaymentAccount) -> Iterator[AccountProblem]:
    for text in account.hook_addresses:
        network = _network(text)
        if network is None:
            yield AccountProblem(AccountFault.NETWORK_FORM, "hook_addresses", text[:50])
        elif network.prefixlen < _WIDEST[network.version]:
            yield AccountProblem(AccountFault.NETWORK_TOO_WIDE, "hook_addresses", text[:50])


def _is_address(url: str) -> bool:
    """HTTPS with a host and no blanks; plain HTTP inside the own network alone, where an old system may stand."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or not _PRINTABLE.fullmatch(url) or " " in url or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_near(host))


def _is_near(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False

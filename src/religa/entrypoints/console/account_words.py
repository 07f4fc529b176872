"""What the pages of payment accounts say: how each fares, and what of it needs a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from religa.domain.certificates import Urgency, expiry
from religa.domain.documents import InvalidPixKey, parse_pix_key
from religa.entrypoints.console.staff import Desk
from religa.records.queries.accounts import AccountRow
from religa.wording.accounts import CHECKS, KINDS, LEDGERS, expiry_words, named

SILENT_AFTER = timedelta(minutes=15)  # the list is read every four minutes
WAITING_TOO_LONG = timedelta(minutes=5)
_TONES = {Urgency.SOON: "info", Urgency.DUE: "warn", Urgency.URGENT: "bad", Urgency.EXPIRED: "bad"}


@dataclass(frozen=True, slots=True)
class Shown:
    """An account as it stands on a page. `certificate`: word and tone; `warnings`: what needs a person, worst first."""

    row: AccountRow
    kind: str
    bank: str
    key: str
    ledger: str
    check: str
    certificate: str
    certificate_tone: str
    hook: str
    hook_tone: str
    warnings: tuple[str, ...]


def shown(row: AccountRow, desk: Desk, banks: dict[str, str]) -> Shown:
    certificate, tone = _certificate(row, desk)
    hook, hook_tone = _hook(row)
    return Shown(
        row, named(KINDS, row.kind), banks.get(row.profile, row.profile), _key(row.pix_key),
        named(LEDGERS, row.reported_by), named(CHECKS, row.hook_check), certificate, tone, hook, hook_tone,
        tuple(_warnings(row, desk)) if row.closed_at is None else (),
    )  # fmt: skip


def _key(key: str) -> str:
    """A CPF is somebody's, also as a key."""
    try:
        return parse_pix_key(key).masked if key.isdigit() and len(key) == 11 else key
    except InvalidPixKey:
        return key


def _certificate(row: AccountRow, desk: Desk) -> tuple[str, str]:
    if row.certificate_expires_at is None:
        return ("nenhum", "warn") if row.kind == "api_pix" else ("não precisa", "info")
    warning = expiry(row.certificate_expires_at, desk.at)
    if warning is None:
        return f"mais {(row.certificate_expires_at - desk.at).days} dias", "good"
    return expiry_words(warning), _TONES[warning.urgency]


def _hook(row: AccountRow) -> tuple[str, str]:
    """As far as we did it ourselves; the account's page asks the bank."""
    if row.kind == "efi_cobrancas":
        return "em cada cobrança", "info"
    if row.kind != "api_pix":
        return "não tem", "info"
    if row.hook_change == "webhook_registered":
        return "registrado", "good"
    if row.poll_only:
        return "só consulta", "info"
    return (
        ("registrar de novo", "bad") if row.hook_change == "address_replaced" else ("não registrado", "warn")
    )


def _warnings(row: AccountRow, desk: Desk) -> Iterable[str]:
    warning = expiry(row.certificate_expires_at, desk.at) if row.certificate_expires_at else None
    if warning is not None:
        yield f"Certificado: {expiry_words(warning)}."
    heard = row.polled_until or row.since
    if row.is_asked and heard <= desk.at - SILENT_AFTER:
        yield f"O banco não responde há {_long(desk.at - heard)}: pagamentos podem estar sem baixa."
    if row.oldest_waiting is not None and row.oldest_waiting <= desk.at - WAITING_TOO_LONG:
        yield f"{_many(row.waiting, 'aviso do banco espera', 'avisos do banco esperam')} há " \
              f"{_long(desk.at - row.oldest_waiting)}."  # fmt: skip
    if row.refused:
        yield f"{_many(row.refused, 'aviso recusado', 'avisos recusados')} hoje."
    failing = row.relays_failing + row.relays_given_up
    if failing:
        yield f"{_many(failing, 'aviso não foi repassado', 'avisos não foram repassados')} ao outro sistema."


def _many(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"


def _long(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutos"
    return f"{minutes // 60} horas" if minutes < 48 * 60 else f"{minutes // (24 * 60)} dias"

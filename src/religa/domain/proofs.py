"""A debt notice given by hand, with its proof: a registered letter, a signature at the desk, a recorded call.

The burden of proof is the provider's (Manual Operacional 1.1.1), so a notice without every piece of its proof is no
notice. It counts from the day on which it reached the subscriber, however late it is entered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from religa.domain import messages
from religa.domain.changing import replace
from religa.domain.dunning import Claim
from religa.domain.facts import Evidence, Facts, Notice, NoticeKind
from religa.domain.standing import Standing


class ProofKind(StrEnum):
    """How a notice was given outside our channels."""

    LETTER = "letter"
    SIGNATURE = "signature"
    CALL = "call"


class ProofFault(StrEnum):
    """Why an entry proves nothing."""

    NO_INVOICE = "no_invoice"
    NOT_LATE = "not_late"
    GIVEN_BEFORE_LATE = "given_before_late"
    GIVEN_IN_THE_FUTURE = "given_in_the_future"
    NO_RECEIVER = "no_receiver"
    NO_TRACKING_CODE = "no_tracking_code"
    WRONG_TRACKING_CODE = "wrong_tracking_code"
    NO_REFERENCE = "no_reference"
    NO_PROTOCOL = "no_protocol"
    NO_RECORDING = "no_recording"
    WRONG_SCAN = "wrong_scan"
    NO_STATEMENT = "no_statement"


@dataclass(frozen=True, slots=True)
class Proof:
    """What is entered. `given_at`: when it reached the subscriber. `received_by`: who signed, or who heard it.

    `reference`: where paper or scan is kept; `scan_sha256`: 64 hexadecimal digits, or empty. `statement`: what the
    person who enters it confirms.
    """

    kind: ProofKind
    given_at: datetime
    received_by: str
    tracking_code: str = ""
    protocol: str = ""
    recording: str = ""
    reference: str = ""
    scan_sha256: str = ""
    statement: str = ""


@dataclass(frozen=True, slots=True)
class NotProven:
    """A business no, with every reason."""

    whys: tuple[ProofFault, ...]


def give(standing: Standing, invoices: Sequence[str], proof: Proof, at: datetime) -> Facts | NotProven:
    """The debt notice as a fact, delivered when the proof says; or everything that is wrong with the entry."""
    whys = (*faults_of(proof, at), *_invoice_faults(standing, invoices, proof.given_at, at))
    if whys:
        return NotProven(tuple(dict.fromkeys(whys)))
    names = tuple(dict.fromkeys(invoices))
    kept = Notice(
        kind=NoticeKind.DEBT,
        invoices=names,
        sent_at=proof.given_at,
        evidence=((proof.given_at, Evidence.DELIVERED),),
        opens_at=announced(standing, names, proof.given_at),
        automatic=False,
    )
    notices = tuple(sorted((*standing.facts.notices, kept), key=lambda n: n.sent_at))
    return replace(standing.facts, notices=notices)


def announced(standing: Standing, invoices: Sequence[str], given_at: datetime) -> datetime | None:
    """The block date that the paper or the call had to name; None where the policy blocks without a notice."""
    return messages.announced(standing, tuple(invoices), given_at)


def late_claims(standing: Standing, at: datetime) -> list[Claim]:
    """What a notice may speak of: invoices that are late and not wholly contested."""
    return [c for c in standing.late(at) if c.principal.undisputed > 0]


def faults_of(proof: Proof, at: datetime) -> tuple[ProofFault, ...]:
    """What is missing or wrong in the entry itself, whatever it is about."""
    checks = [
        (proof.given_at > at, ProofFault.GIVEN_IN_THE_FUTURE),
        (not proof.received_by, ProofFault.NO_RECEIVER),
        (not proof.statement, ProofFault.NO_STATEMENT),
        (not re.fullmatch(r"(?:[0-9a-f]{64})?", proof.scan_sha256), ProofFault.WRONG_SCAN),
    ]
    return (*(why for applies, why in checks if applies), *_PIECES[proof.kind](proof))


def _letter(proof: Proof) -> Iterator[ProofFault]:
    if not proof.tracking_code:
        yield ProofFault.NO_TRACKING_CODE
    elif not is_tracking_code(proof.tracking_code):
        yield ProofFault.WRONG_TRACKING_CODE


def _signature(proof: Proof) -> Iterator[ProofFault]:
    if not proof.reference:
        yield ProofFault.NO_REFERENCE


def _call(proof: Proof) -> Iterator[ProofFault]:
    if not proof.protocol:
        yield ProofFault.NO_PROTOCOL
    if not proof.recording:
        yield ProofFault.NO_RECORDING


_PIECES = {ProofKind.LETTER: _letter, ProofKind.SIGNATURE: _signature, ProofKind.CALL: _call}


def _invoice_faults(
    standing: Standing, invoices: Sequence[str], given_at: datetime, at: datetime
) -> Iterator[ProofFault]:
    late = {c.invoice.id: c for c in late_claims(standing, at)}
    if not invoices:
        yield ProofFault.NO_INVOICE
    if any(name not in late for name in invoices):
        yield ProofFault.NOT_LATE
    if any(given_at < counts_from(late[name]) for name in invoices if name in late):
        yield ProofFault.GIVEN_BEFORE_LATE


def counts_from(claim: Claim) -> datetime:
    """From when a notice can speak of it: once it is late (RGC art. 70), in its present life if it was reopened."""
    reopened = claim.invoice.reopened_at
    return claim.late_from if reopened is None else max(claim.late_from, reopened)


def is_tracking_code(text: str) -> bool:
    """Whether a text is a postal item's number with its right check digit (UPU S10): `AA123456785BR`."""
    found = re.fullmatch(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}", text)
    return found is not None and _s10_check(found[1]) == int(found[2])


def _s10_check(serial: str) -> int:
    rest = 11 - sum(int(d) * w for d, w in zip(serial, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def given_on(day: date, standing: Standing, at: datetime) -> datetime:
    """The instant of a day on which something was given: now if it is today, else noon, since its hour is not known."""
    calendars = standing.calendars
    if day == calendars.day(at):
        return at
    return datetime.combine(day, time(12), calendars.zone)

"""Reads what comes back to an address of `verp`: delivery status notifications (RFC 3464), and what old servers write.

Nothing of it is believed but the mark in the address it was sent to, and that is only known to whoever got the mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message

from religa.adapters.smtp import verp
from religa.ports.messages import EMAIL, Receipt, ReceiptState

LONGEST = 1024 * 1024  # octets of a mail that are looked at
_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
_SOFT = frozenset(
    {"5.2.2", "5.2.3", "5.7.509"}
)  # mailbox full, too long: the address is good (RFC 3463 § 3.3)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"\b([45]\d\d)[ -]")
_DAEMON = re.compile(r"mailer-daemon|postmaster|mail delivery", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bounced:
    """What a mail said of a message of ours."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class NotABounce:
    """Nothing of ours, or nothing that says how it went: an answer of a person, a vacation notice, a delay."""

    why: str


def read_bounce(
    octets: bytes, *, keys: Sequence[bytes], at: datetime, recipient: str = ""
) -> Bounced | NotABounce:
    """One mail. `recipient`: to whom it was delivered, where the mail server says so besides. Never raises."""
    mail = message_from_bytes(octets[:LONGEST], policy=policy.compat32)
    mark = _mark(mail, recipient, keys)
    if mark is None:
        return NotABounce("it came to no address of ours")
    status = _status_of_report(mail)
    if status is None:
        status = _status_of_prose(mail)
    if status is None:
        return NotABounce("it says nothing of a delivery")
    action, code = status
    if action == "delivered":
        return Bounced(Receipt(EMAIL, mark.message_id, ReceiptState.DELIVERED, at, message=mark.message))
    if action != "failed":
        return NotABounce(f"not final: {action[:20]}")
    permanent = code.startswith("5") and code not in _SOFT
    return Bounced(
        Receipt(EMAIL, mark.message_id, ReceiptState.FAILED, at, f"bounced {code}", permanent, mark.message)
    )


def _mark(mail: Message, recipient: str, keys: Sequence[bytes]) -> verp.Mark | None:
    texts = [recipient, *(str(value) for name in _TO for value in mail.get_all(name, []))]
    return next((mark for text in texts if (mark := verp.find(text, keys=keys))), None)


def _status_of_report(mail: Message) -> tuple[str, str] | None:
    """Action and status of the first recipient (RFC 3464 § 2.3). Every mail of ours has one recipient."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            for fields in _blocks(part):
                if action := str(fields.get("Action", "")).strip().lower():
                    return action, _code(
                        str(fields.get("Status", "")), str(fields.get("Diagnostic-Code", ""))
                    )
    return None


def _blocks(part: Message) -> Iterator[Message]:
    """The groups of fields; some servers send them as one text."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (block for block in payload if isinstance(block, Message))
        return
    for block in re.split(r"\r?\n\s*\r?\n", str(payload)):
        yield message_from_bytes(block.encode(errors="replace"), policy=policy.compat32)


def _code(status: str, diagnostic: str) -> str:
    """The enhanced code; where there is only a reply code, `5.0.0` or `4.0.0` of it; unreadable counts as for now."""
    for text in (status, diagnostic):
        if found := _STATUS.search(text):
            return found[1]
    found = _CODE.search(diagnostic)
    return f"{found[1][0]}.0.0" if found else "4.0.0"


def _status_of_prose(mail: Message) -> tuple[str, str] | None:
    """Servers without RFC 3464 (qmail among them) write a letter: only a daemon's, and only with a code in it."""
    if str(mail.get("Auto-Submitted", "")).strip().lower().startswith("auto-replied"):
        return None
    if not _DAEMON.search(f"{mail.get('From', '')} {mail.get('Return-Path', '')}"):
        return None
    text = _text(mail)
    if found := _STATUS.search(text):
        return ("failed", found[1]) if found[1][0] in "45" else None
    found = _CODE.search(text)
    return ("failed", f"{found[1][0]}.0.0") if found else None


def _text(mail: Message) -> str:
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            payload = part.get_payload(decode=True)
            return payload[:20_000].decode("latin-1") if isinstance(payload, bytes) else ""
    return ""

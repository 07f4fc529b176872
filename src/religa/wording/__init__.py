"""Says what the domain decides in the reader's language: the same words in portal, console, bot and API.

Codes and names come from `say`; whole answers from `explain` and `trust_refused`. A code without words in
every language is caught by a test.
"""

from __future__ import annotations

from enum import StrEnum

from religa.wording.changes import change_receipt, trust_ends
from religa.wording.decisions import Cause, Circumstances, Reader, beside, cause, explain, explained
from religa.wording.faults import Beside, Fault
from religa.wording.guard_reasons import GUARD_REASONS
from religa.wording.language import Language, Words
from religa.wording.moments import Moments, joined, month
from religa.wording.names import NAMES
from religa.wording.reasons import HOLD_REASONS, REASONS
from religa.wording.receipts import Receipt, payment_receipt, trust_receipt
from religa.wording.refusals import refused, trust_refused

__all__ = [
    "Beside",
    "Cause",
    "Circumstances",
    "Fault",
    "Language",
    "Moments",
    "Reader",
    "Receipt",
    "Words",
    "beside",
    "cause",
    "change_receipt",
    "explain",
    "explained",
    "guard_reason",
    "hold_reason",
    "joined",
    "month",
    "payment_receipt",
    "refused",
    "say",
    "trust_ends",
    "trust_receipt",
    "trust_refused",
]


def say(code: StrEnum, language: Language = Language.PT) -> str:
    """A name as it stands on screen, or a reason as a clause that can follow "porque"."""
    kind = type(code)
    return (NAMES.get(kind) or REASONS[kind])[code].in_(language)


def guard_reason(code: str, language: Language = Language.PT) -> str:
    """Why the mass-block guard holds a run, as a clause; an unknown code as it is."""
    words = GUARD_REASONS.get(code)
    return code if words is None else words.in_(language)


def hold_reason(reason: str, language: Language = Language.PT) -> str:
    """Why a contract is not blocked until a date, as a clause; what a person wrote as it is."""
    words = HOLD_REASONS.get(reason)
    return reason if words is None else words.in_(language)

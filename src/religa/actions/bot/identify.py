"""Who it is that calls or writes: the number says whom it may be, the end of the document says that it is him.

A calling number can be forged and a phone changes hands, so this is less than a code: it may hear how things stand and
ask for an unlock, and never hears of amounts or of what was. Guesses are counted for each number and for each document;
right ones do not count. An unknown number and a wrong end are answered alike.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from religa.actions import login_code
from religa.domain import phones
from religa.records.queries import callers
from religa.records.queries import portal as subscribers
from religa.records.queries.callers import Holder
from religa.records.throttle import Limit, give_back, try_once

DIGITS = 4  # of the document; four leave a guesser 1 chance in 2,000 an hour at a CPF
GUESSED_BY_NUMBER = Limit("digits_number", 5, timedelta(hours=1))
GUESSED_FOR_DOCUMENT = Limit("digits_document", 5, timedelta(hours=1))
TRIED_FOR_DOCUMENT = Limit("bot_code_document", 15, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Identified:
    """`number`: the calling number as it is registered; empty where a code was the proof."""

    subscriber_id: int
    language: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class NotIdentified:
    """Nobody has this number, or the end is another, or the code is wrong, used or over: which is not said."""


@dataclass(frozen=True, slots=True)
class TooManyTries:
    """This number has guessed too often; it may try again when its hour is over."""


Answer = Identified | NotIdentified | TooManyTries


def by_caller(*, provider_id: int, number: str, digits: str, at: datetime) -> Answer:
    """`number`: digits with country code. `digits`: the last characters of the document.

    Where a number is several people's, the digits tell them apart; if they do not, nobody is identified.
    """
    canonical = phones.same_phone(number)[0]
    if not try_once(GUESSED_BY_NUMBER, f"{provider_id}|{canonical}", at=at):
        return TooManyTries()
    holders = callers.holders_of(number, provider_id=provider_id)
    documents = sorted({h.document for h in holders}) or [canonical]  # a stranger costs a count, too
    within = {d for d in documents if try_once(GUESSED_FOR_DOCUMENT, f"{provider_id}|{d}", at=at)}
    fitting = [h for h in holders if h.document in within and _fits(h, digits)]
    if len(fitting) != 1:
        return NotIdentified()
    _uncount(provider_id, canonical, documents)
    return Identified(fitting[0].subscriber_id, fitting[0].language, canonical)


def _fits(holder: Holder, digits: str) -> bool:
    return hmac.compare_digest(holder.document[-DIGITS:].encode(), digits.upper().encode())


def _uncount(provider_id: int, canonical: str, documents: Sequence[str]) -> None:
    give_back(GUESSED_BY_NUMBER, f"{provider_id}|{canonical}")
    for document in documents:
        give_back(GUESSED_FOR_DOCUMENT, f"{provider_id}|{document}")


def by_code(*, provider_id: int, document: str, code: str, at: datetime) -> Answer:
    """`document`: CPF or CNPJ without mask; `code`: what was sent to its holder."""
    if not try_once(TRIED_FOR_DOCUMENT, f"{provider_id}|{document}", at=at):
        return NotIdentified()
    found = login_code.check(document=document, code=code, at=at)
    if not isinstance(found, login_code.LoggedIn):
        return NotIdentified()
    person = subscribers.subscriber(found.subscriber_id)
    if person is None or person.provider_id != provider_id:
        return NotIdentified()
    give_back(TRIED_FOR_DOCUMENT, f"{provider_id}|{document}")
    return Identified(person.pk, person.language)

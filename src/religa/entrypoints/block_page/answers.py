"""Answers to what was asked on the block page, in the reader's words: found through the session, never by number."""

from __future__ import annotations

from dataclasses import dataclass

from religa.actions import open_pay_window, unlock_on_trust
from religa.actions.open_pay_window import WindowOpened, WindowRefused
from religa.actions.unlock_on_trust import NotUnlocked, Unlocked
from religa.domain.reasons import TrustRefusal
from religa.entrypoints.block_page.visit import Visit
from religa.records.queries.who import Found
from religa.wording import say


@dataclass(frozen=True, slots=True)
class Given:
    """`kind`: `trust` or `window`. `until`: open until then, in words; else `whys`, and from when to ask again."""

    kind: str
    protocol: str
    until: str = ""
    whys: tuple[str, ...] = ()
    starting: str = ""
    pay_opens: bool = False


def key_of(found: Found, nonce: str) -> str:
    """Keys of different contracts never meet, and neither do those of other doors."""
    return f"block:{found.contract_id}:{nonce}"


def read(visit: Visit, nonce: str) -> Given | None:
    """The answer that this contract was given; None for anybody else's."""
    if visit.found is None:
        return None
    key = key_of(visit.found, nonce)
    trusted = unlock_on_trust.answered(key=key)
    if trusted is not None:
        return _of_trust(visit, trusted)
    window = open_pay_window.answered(key=key)
    return None if window is None else _of_window(visit, window)


def _of_trust(visit: Visit, answer: Unlocked | NotUnlocked) -> Given:
    if isinstance(answer, Unlocked):
        return Given("trust", answer.protocol, visit.moments.until(answer.until))
    refusal = answer.refusal
    eligible = refusal.eligible_at
    return Given(
        "trust",
        answer.protocol,
        whys=_clauses(visit, refusal.whys),
        starting=visit.moments.starting(eligible) if eligible else "",
        pay_opens=bool(refusal.pay_now),
    )


def _of_window(visit: Visit, answer: WindowOpened | WindowRefused) -> Given:
    if isinstance(answer, WindowOpened):
        return Given("window", answer.protocol, visit.moments.until(answer.until))
    return Given("window", answer.protocol, whys=tuple(say(why, visit.language) for why in answer.whys))


def _clauses(visit: Visit, whys: tuple[TrustRefusal, ...]) -> tuple[str, ...]:
    return tuple(say(why, visit.language) for why in whys)

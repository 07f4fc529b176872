"""Opens the internet for some minutes so that the subscriber's bank app works (janela para pagar)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from religa.actions import protocol
from religa.actions.carry_out import Done, carry_out
from religa.actions.once import Answer, kept_answer, once
from religa.domain import deeds
from religa.domain.invoicing import Refused
from religa.domain.reasons import Refusal

_SCOPE = "pay_window"


@dataclass(frozen=True, slots=True)
class WindowOpened:
    """Online until an exact instant, which is minutes away."""

    until: datetime
    protocol: str


@dataclass(frozen=True, slots=True)
class WindowRefused:
    """Every reason; nothing was opened."""

    whys: tuple[Refusal, ...]
    protocol: str


def open_window(*, contract_id: int, at: datetime, author: str = "") -> Done | Refused:
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause="pay window",
        deed=lambda standing: deeds.open_pay_window(standing, at),
        author=author,
    )


def ask(*, contract_id: int, at: datetime, key: str) -> WindowOpened | WindowRefused:
    """Answers a subscriber's request, with a protocol number (RGC art. 9). The same `key` again: the same answer."""
    asked = {"contract": contract_id}

    def give() -> Answer:
        return _give(contract_id, at)

    return _read(once(scope=_SCOPE, key=key, asked=asked, at=at, give=give))


def answered(*, key: str) -> WindowOpened | WindowRefused | None:
    """The answer already given to a key; None if there is none."""
    kept = kept_answer(scope=_SCOPE, key=key)
    return None if kept is None else _read(kept)


def _give(contract_id: int, at: datetime) -> Answer:
    with transaction.atomic():
        done = open_window(contract_id=contract_id, at=at)
        said: Answer = (
            {"until": done.after.pay_windows[-1].until.isoformat()}
            if isinstance(done, Done)
            else {"whys": [why.value for why in done.whys]}
        )
        told = protocol.of_contract(contract_id=contract_id, subject="pay_window", at=at, text=_note(said))
    return {**said, "protocol": told}


def _note(said: Answer) -> str:
    return f"open until {said['until']}" if "until" in said else "refused: " + ", ".join(said["whys"])


def _read(kept: Answer) -> WindowOpened | WindowRefused:
    if "until" in kept:
        return WindowOpened(datetime.fromisoformat(kept["until"]), kept["protocol"])
    return WindowRefused(tuple(Refusal(why) for why in kept["whys"]), kept["protocol"])

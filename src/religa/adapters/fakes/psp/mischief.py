"""What a fake PSP does wrong on demand: a plan that can be read, sent as JSON, and repeated.

Shares are percentages drawn by a seeded count, so the same plan and the same order of events give the same mishaps.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Mischief:
    """Nothing goes wrong by default. `_pct`: 0 to 100; `_ms`: thousandths of a second; `_next`: that many requests.

    Calls to the webhook: `lose_pct` are never made, `repeat_pct` are made twice, `delay_pct` come `delay_ms` late;
    `hold` keeps all until they are asked for (`deliver_all`); `reorder` gathers that many and sends the last first;
    `together` puts up to that many Pix into one call; a call that is not answered with 2xx is made `retries` more
    times, `retry_ms` apart. Their shape: `root_array` (as Inter), `foreign_key` (a chave that is not ours),
    `without_key`, `test_call` (one event without Pix whenever a webhook is registered, as Efí).

    Answers: `hang_next` requests get none, `fail_next` and `fail_pct` get a 500 in XML (as Bradesco), all others come
    `slow_ms` late. `refuse_future`: a period may not end in the future. `refuse_repeats`: a PUT on a txid that exists
    is a 409 (as Efí), even if it changes nothing. `unknown_fields`: more than the standard knows, in answers and
    events. `offset`: instants of Pix with -03:00 and two decimals (as BB). `copy_paste_as`: the field that holds the
    code (`brcode` as Sicoob), "" leaves it out.

    Money: `twice` lets every payment of a charge arrive as two Pix; `returns_end` is what becomes of a devolução at
    once (DEVOLVIDO, NAO_REALIZADO, or EM_PROCESSAMENTO until it is settled by hand).
    """

    seed: int = 0
    lose_pct: int = 0
    repeat_pct: int = 0
    delay_pct: int = 0
    delay_ms: int = 0
    hold: bool = False
    reorder: int = 0
    together: int = 1
    retries: int = 0
    retry_ms: int = 0
    root_array: bool = False
    foreign_key: str = ""
    without_key: bool = False
    test_call: bool = False
    hang_next: int = 0
    fail_next: int = 0
    fail_pct: int = 0
    slow_ms: int = 0
    refuse_future: bool = False
    refuse_repeats: bool = False
    unknown_fields: bool = False
    offset: bool = False
    copy_paste_as: str = "pixCopiaECola"
    twice: bool = False
    returns_end: str = "DEVOLVIDO"

    def changed(self, said: Mapping[str, Any]) -> Mischief:
        """This plan with some fields set. Raises `ValueError` naming every field that is unknown or of another kind."""
        kinds = {field.name: type(getattr(self, field.name)) for field in fields(self)}
        wrong = [f"{name}: not one of {', '.join(kinds)}" for name in said if name not in kinds]
        wrong += [
            f"{name}: {value!r} is not {kinds[name].__name__}"
            for name, value in said.items()
            if name in kinds and type(value) is not kinds[name]
        ]
        if wrong:
            raise ValueError("; ".join(wrong))
        return replace(self, **said)


NONE = Mischief()


class Dice:
    """Whether the next thing of a kind is struck: the n-th has the same answer in every run."""

    def __init__(self) -> None:
        self._thrown: Counter[str] = Counter()

    def strikes(self, plan: Mischief, what: str, pct: int) -> bool:
        """`what`: the field that asks, so that one share does not move another's draws."""
        if pct <= 0:
            return False
        self._thrown[what] += 1
        drawn = hashlib.blake2b(f"{plan.seed}:{what}:{self._thrown[what]}".encode(), digest_size=4).digest()
        return int.from_bytes(drawn, "big") % 100 < pct

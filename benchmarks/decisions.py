"""Pure decisions per second on a realistic mix of contracts: no database, one core.

    .venv/bin/python benchmarks/decisions.py [--contracts 20000] [--rounds 7]

The contracts are not made up as values: short stories in the language of docs/scenarios.md are played by the same
runner as scenario files, on four due days, and what is known on 16 December 2026 at 10:00 is what is decided. The
goal is 10,000 decisions a second on one core.
"""

from __future__ import annotations

import argparse
import gc
import platform
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from religa.domain.access import decide_access
from religa.domain.calendar import Calendars
from religa.domain.facts import Facts, Status
from religa.domain.policy import Policy
from religa.domain.steps import next_steps
from religa.entrypoints.commands.scenario.command import calendars_of
from religa.entrypoints.commands.scenario.files import read_scenario
from religa.entrypoints.commands.scenario.player import play
from religa.entrypoints.commands.scenario.pure_stage import PureStage
from religa.entrypoints.commands.scenario.yaml_lines import documents

GOAL = 10_000
DUE_DAYS = ("05", "08", "10", "12")
AT = datetime(2026, 12, 16, 13, tzinfo=UTC)

PAID = """
  - {at: 2026-08-20 08:00, invoice: {id: I8, amount: 99.90, due: 2026-09-DD}}
  - {at: 2026-09-04 20:15, pay: {invoice: I8, amount: all, id: P8}}
  - {at: 2026-09-20 08:00, invoice: {id: I9, amount: 99.90, due: 2026-10-DD}}
  - {at: 2026-10-04 12:30, pay: {invoice: I9, amount: all, id: P9}}"""
NEXT = """
  - {at: 2026-12-15 08:00, invoice: {id: I12, amount: 99.90, due: 2027-01-DD}}"""
NOVEMBER = """
  - {at: 2026-10-20 08:00, invoice: {id: I10, amount: 99.90, due: 2026-11-DD}}"""
DECEMBER = """
  - {at: 2026-11-20 08:00, invoice: {id: I11, amount: 99.90, due: 2026-12-DD}}"""
TRUST = """
  - {at: 2026-12-15 11:00, unlock: {kind: promise}, expect: granted}"""
COMPLICATED = """
  - {at: 2026-11-18 10:00, pay: {amount: 40.00, id: P10, method: boleto, paid_at: 2026-11-17 10:00}}
  - {at: 2026-12-02 11:00, unlock: {kind: promise}}
  - {at: 2026-12-14 09:30, dispute: {invoice: I11, amount: 30.00}}
  - {at: 2026-12-14 10:30, agreement: {id: A1, invoices: [I10], instalments: [{due: 2026-12-21, amount: 31.00}, {due: 2027-01-21, amount: 31.00}]}}
  - {at: 2026-12-15 18:00, pay_window: }
  - {at: 2026-12-15 19:00, hold: {until: 2026-12-18 12:00, reason: promised by phone}}"""

MIX: tuple[tuple[str, int, str, set[Status]], ...] = (
    ("nothing owed", 43, PAID, {Status.CURRENT}),
    ("not yet due", 42, PAID + NEXT, {Status.CURRENT}),
    ("late, notified", 8, PAID + DECEMBER, {Status.LATE}),
    ("blocked", 4, PAID + NOVEMBER + DECEMBER + NEXT, {Status.BLOCKED}),
    ("trusted", 2, PAID + NOVEMBER + DECEMBER + TRUST, {Status.TRUSTED}),
    (
        "complicated",
        1,
        PAID + NOVEMBER + DECEMBER + COMPLICATED,
        {Status.HELD, Status.LOCKED, Status.BLOCKED},
    ),
)


def main() -> None:
    args = _arguments()
    policy, calendars, kinds = _contracts()
    contracts = list(islice(_mixed(kinds), args.contracts))
    print(f"machine  {_processor()}, {platform.python_implementation()} {platform.python_version()}")
    print("mix      " + ", ".join(f"{share} % {name}" for name, share, _, _ in MIX))
    for name, facts in kinds.items():
        print(
            f"         {name:15} {1e6 / _rate(decide_access, facts * 500, policy, calendars, 3):6.1f} µs a decision"
        )
    rate = _rate(decide_access, contracts, policy, calendars, args.rounds)
    verdict = "reached" if rate >= GOAL else "MISSED"
    print(f"decide   {rate:,.0f} decisions/s on one core (goal {GOAL:,}: {verdict})")
    print(
        f"steps    {_rate(next_steps, contracts, policy, calendars, args.rounds):,.0f} next_steps/s on one core"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--contracts", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=7)
    return parser.parse_args()


def _contracts() -> tuple[Policy, Calendars, dict[str, list[Facts]]]:
    """The policy, the calendars that all contracts share, and the facts of each kind of contract."""
    stages = {
        name: [_played(name, events.replace("DD", day)) for day in DUE_DAYS] for name, _, events, _ in MIX
    }
    first = stages["blocked"][0]
    for name, _, _, expected in MIX:
        found = {decide_access(s.facts, s.policy, first.calendars, AT).status for s in stages[name]}
        assert found <= expected, f"{name}: {found}"
    return first.policy, first.calendars, {name: [s.facts for s in found] for name, found in stages.items()}


def _played(name: str, events: str) -> PureStage:
    text = f"name: {name}\npolicy: {{preset: anatel-rgc-2025}}\nevents:{events}\n"
    text += "expect:\n  - {at: 2026-12-16 10:00}\n"
    [told] = [read_scenario(document) for document in documents(text)]
    stage = PureStage(told, calendars_of(told))
    differences = play(told, stage)
    assert not differences, differences
    return stage


def _mixed(kinds: dict[str, list[Facts]]) -> Iterator[Facts]:
    """Facts in the shares of the mix, spread evenly, for ever."""
    owing = dict.fromkeys(kinds, 0)
    shares = {name: share for name, share, _, _ in MIX}
    turn = 0
    while True:
        for name, share in shares.items():
            owing[name] += share
        chosen = max(owing, key=owing.__getitem__)
        owing[chosen] -= sum(shares.values())
        turn += 1
        yield kinds[chosen][turn % len(DUE_DAYS)]


def _rate(
    ask: Callable[[Facts, Policy, Calendars, datetime], object],
    contracts: list[Facts],
    policy: Policy,
    calendars: Calendars,
    rounds: int,
) -> float:
    """Answers per second of processor time: the best of some rounds (whatever else the machine does only slows)."""
    spent = []
    for _ in range(rounds):
        gc.collect()
        started = time.process_time()
        for facts in contracts:
            ask(facts, policy, calendars, AT)
        spent.append(time.process_time() - started)
    return len(contracts) / min(spent)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )


if __name__ == "__main__":
    main()

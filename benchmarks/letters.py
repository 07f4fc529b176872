"""How long it takes to write messages by template: their values and their texts, no database, one core.

    .venv/bin/python benchmarks/letters.py [--messages 100000]

Each person has a name, one to three bills, a day and a Pix code of his own. The goal is 100,000 in less than 30 s of CPU.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from religa.actions.messages import texts
from religa.domain.message_kinds import MessageKind
from religa.domain.template_check import Habits
from religa.records.templates import Sender
from religa.wording import Language, letters
from religa.wording.letters import Bill, Letter

GOAL = 30.0  # seconds of CPU for 100,000
TODAY = date(2026, 12, 16)
SENDER = Sender(
    1, "Ponte Fibra", "41222333000142", "Avenida do Sol, 1200, Centro, Caruaru, PE", "0800 591 0000, 24 horas",
    ZoneInfo("America/Recife"), Habits(),
)  # fmt: skip
PIX = "00020126770014br.gov.bcb.pix2555pix.example/qr/v2/cobv/{:032x}5204000053039865802BR5911PONTE FIBRA6007CARUARU62070503***6304ABCD"
CASES = (
    ("debt notice by e-mail", MessageKind.DEBT_NOTICE, "email", Language.PT),
    ("block warning by SMS, without accents", MessageKind.BLOCK_WARNING, "sms", Language.PT),
    ("reminder in Spanish by WhatsApp", MessageKind.REMINDER, "whatsapp", Language.ES),
)


def people(count: int) -> Iterator[tuple[str, Letter]]:
    """Name and what the message is about."""
    for n in range(count):
        bills = [
            Bill(f"2026-{11 - k:02}", date(2026, 11 - k, 5 + n % 20), 79_90 + n % 9000, 82_40 + n % 9000 + k)
            for k in range(1 + n % 3)
        ]
        yield (
            f"Pessoa{n} da Silva",
            Letter(bills, TODAY, TODAY + timedelta(days=16 + n % 5), 75, PIX.format(n)),
        )


def write(count: int, kind: MessageKind, channel: str, language: Language) -> tuple[float, int]:
    """CPU seconds and characters."""
    book, characters = texts.Texts({1: SENDER}, {}), 0
    start = time.process_time()
    for name, letter in people(count):
        who = letters.person(name, is_company=False, today=TODAY, language=language)
        text = book.write(
            provider=1, kind=kind, channel=channel, language=language, values=letter.values(language) | who
        )
        characters += len(text.body)
    return time.process_time() - start, characters


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--messages", type=int, default=100_000)
    count = parser.parse_args().messages
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for title, kind, channel, language in CASES:
        seconds, characters = write(count, kind, channel, language)
        reached = "reached" if seconds * 100_000 / count < GOAL else "MISSED"
        print(
            f"    {title}: {count} in {seconds:.1f} s of CPU, {seconds / count * 1e6:.0f} µs each, "
            f"{characters // count} characters; goal {GOAL:.0f} s for 100,000 {reached}"
        )


if __name__ == "__main__":
    main()

"""`religa amount`: what a dated Pix charge costs on the day it is paid. docs/operators/amounts.md"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from django.conf import settings

from religa import wiring
from religa.domain.calendar import Calendars
from religa.domain.facts import Method
from religa.domain.pix_amounts import Cost, NothingLeft, UntilDiscount, cost, last_payable_day
from religa.domain.pix_bodies import Body, Wrong, read, write_money

_ANY_ZONE = ZoneInfo("America/Sao_Paulo")  # only civil days are compared here, never instants
_MOST_DIGITS = 20
_PLACE = "UF, IBGE code or UF/IBGE"
_COLUMNS = "{:<10}  {:>10}  {:>10}  {:>10}  {:>10}  {:>12}  {:>12}  {:<10}  {}"
_HEAD = ("paid on", "abatimento", "desconto", "juros", "multa", "by Pix", "by boleto", "payable to", "file")


class Unusable(Exception):
    """A file of which nothing is answered; one sentence for each problem."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Answer:
    """What one charge costs. `by_boleto` is None where rebate and discount would leave nothing to pay by boleto."""

    where: str
    paid_on: date
    by_pix: Cost
    by_boleto: Cost | None
    last_payable_day: date


@click.command(short_help="What an overdue Pix charge costs on the day it is paid.")
@click.argument("files", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each charge, by Pix.")
@click.option("--municipality", default="", metavar="PLACE", help=f"Where the payers bank: {_PLACE}.")
def amount(files: tuple[str, ...], as_json: bool, municipality: str) -> None:
    """Say what the charges in FILES cost on the day they are paid.

    Each file (- is the standard input) holds a cobv body of API Pix with "pago_em": "YYYY-MM-DD" beside it, or a list
    of them. A file with a problem is left out whole; every problem is said, and the exit code is 2.
    """
    _refuse_unknown(municipality)
    if not as_json:
        click.echo(_COLUMNS.format(*_HEAD))
    bad = False
    for name in files:
        try:
            answers = _answers(name, municipality)
        except Unusable as why:
            bad = True
            for problem in why.problems:
                click.echo(f"{name}: {problem}", err=True)
            continue
        for answer in answers:
            _say(answer, _line if as_json else _row)
    sys.exit(2 if bad else 0)


def _refuse_unknown(municipality: str) -> None:
    try:
        wiring.payer_calendars(_ANY_ZONE, (), municipality=municipality, file=settings.HOLIDAY_FILE)
    except ValueError as why:
        raise click.BadParameter(str(why), param_hint="--municipality") from why


def _say(answer: Answer, written: Callable[[Answer], str]) -> None:
    """The sum also where the bank takes no payment any more; then that is said, too."""
    click.echo(written(answer))
    if answer.paid_on > answer.last_payable_day:
        click.echo(
            f"{answer.where}: paid on {answer.paid_on}, after {answer.last_payable_day}, the last payable day: "
            "the bank refuses this payment, the sum is only what the rule gives",
            err=True,
        )


def _line(answer: Answer) -> str:
    found = answer.by_pix
    parts = {
        "abatimento": found.rebate,
        "desconto": found.discount,
        "juros": found.interest,
        "multa": found.fine,
        "total": found.total,
    }
    written = {name: write_money(centavos) for name, centavos in parts.items()}
    return json.dumps(
        {**written, "last_payable_day": answer.last_payable_day.isoformat()}, separators=(",", ":")
    )


def _row(answer: Answer) -> str:
    found, boleto = answer.by_pix, answer.by_boleto
    amounts = (found.rebate, found.discount, found.interest, found.fine, found.total)
    return _COLUMNS.format(
        answer.paid_on.isoformat(),
        *map(write_money, amounts),
        "-" if boleto is None else write_money(boleto.total),
        answer.last_payable_day.isoformat(),
        answer.where,
    )


def _answers(name: str, municipality: str) -> list[Answer]:
    """One answer for each charge of a file, or `Unusable` with every problem of all of them."""
    answers, problems = [], []
    for prefix, body in _bodies(name):
        found = read(body)
        answer = found if isinstance(found, Wrong) else _answer(name + prefix, found, municipality)
        if isinstance(answer, Wrong):
            before = f"{prefix}: " if prefix else ""
            problems += [before + problem for problem in answer.problems]
        else:
            answers.append(answer)
    if problems:
        raise Unusable(*problems)
    return answers


def _answer(where: str, body: Body, municipality: str) -> Answer | Wrong:
    try:
        calendars = _calendars(body, body.municipality or municipality)
    except ValueError as why:
        return Wrong((f"codMun: {why}",))
    by_pix = cost(calendars, body.charge, on=body.paid_on)
    if isinstance(by_pix, NothingLeft):
        return Wrong((_nothing_left(by_pix, body.paid_on),))
    by_boleto = cost(calendars, body.charge, on=body.paid_on, method=Method.BOLETO)
    last = last_payable_day(calendars, body.charge)
    return Answer(where, body.paid_on, by_pix, by_boleto if isinstance(by_boleto, Cost) else None, last)


def _nothing_left(found: NothingLeft, day: date) -> str:
    rebate, discount = write_money(found.rebate), write_money(found.discount)
    return (
        f"valor.desconto: on {day} abatimento ({rebate}) and desconto ({discount}) leave nothing to pay "
        f"of {write_money(found.original)}"
    )


def _calendars(body: Body, municipality: str) -> Calendars:
    """The payer's calendars, for every year that the charge asks about, and one more to move a day into."""
    charge = body.charge
    steps = charge.discount.steps if isinstance(charge.discount, UntilDiscount) else ()
    days = (body.paid_on, charge.due_date, *(step.day for step in steps))
    last = max(*days, charge.due_date + timedelta(days=charge.payable_days))
    return _calendars_of(min(days).year, last.year + 1, municipality)


@lru_cache(maxsize=64)
def _calendars_of(first: int, last: int, municipality: str) -> Calendars:
    years = range(first, last + 1)
    return wiring.payer_calendars(_ANY_ZONE, years, municipality=municipality, file=settings.HOLIDAY_FILE)


def _bodies(name: str) -> Iterator[tuple[str, object]]:
    """Each charge of a file, and how it is named behind the file's name where the file holds several."""
    content = _content(name)
    if not isinstance(content, list):
        yield "", content
        return
    if not content:
        raise Unusable("holds no charge")
    for n, body in enumerate(content):
        yield f"[{n}]", body


def _content(name: str) -> object:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        text = data.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_once, parse_int=_whole, parse_constant=_refuse_constant)
    except OSError as why:
        raise Unusable(f"cannot be read: {why.strerror}") from why
    except UnicodeDecodeError as why:
        raise Unusable("is not UTF-8 text: save it again with that encoding") from why
    except json.JSONDecodeError as why:
        raise Unusable(f"line {why.lineno}, column {why.colno}: is not JSON: {why.msg}") from why
    except RecursionError as why:
        raise Unusable("is nested too deeply for a charge") from why
    except ValueError as why:  # of the three below
        raise Unusable(str(why)) from why


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different: with two values for one name, which is meant?"""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name} stands twice in one object: keep one of the two")
        found[name] = value
    return found


def _whole(digits: str) -> int:
    """Python refuses thousands of digits in words for programmers."""
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits is nothing that a charge says")
    return int(digits)


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is not a number")

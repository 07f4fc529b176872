"""The list of what was received (`GET /pix`): pages from 0 to the last one, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from religa.adapters.api_pix import reading
from religa.adapters.api_pix.wire import Answered, Outcome
from religa.ports.money import BankUnreachable, MoneySeen, NoAnswer, Received

Query = dict[str, str]
_MOST_PAGES = 1000


def period(since: datetime, until: datetime, now: datetime) -> Query | None:
    """The question for a half-open period in whole seconds, never into the future; None where nothing can be in it.

    Some banks refuse a `fim` in the future (bacen/pix-api issue 504).
    """
    begin, end = _whole_second(since), min(_whole_second(until, up=True), _whole_second(now))
    return None if since >= until or begin > end else {"inicio": _rfc3339(begin), "fim": _rfc3339(end)}


def read(ask: Callable[[Query], Outcome], asked: Query) -> Received | NoAnswer:
    """All that was received, or the failure of any page."""
    entries = _pages(ask, asked)
    return _received(entries) if isinstance(entries, list) else entries


def _pages(ask: Callable[[Query], Outcome], asked: Query) -> list[Any] | NoAnswer:
    """All entries of the list, each once."""
    entries: dict[str, Any] = {}
    for page in range(_MOST_PAGES):
        outcome = ask({**asked, "paginacao.paginaAtual": str(page)})
        if not isinstance(outcome, Answered):
            return outcome
        body, before = reading.obj(outcome.body), len(entries)
        entries |= {json.dumps(each, sort_keys=True): each for each in reading.items(body.get("pix"))}
        paging = reading.obj(reading.obj(body.get("parametros")).get("paginacao"))
        total = reading.number(paging.get("quantidadeTotalDeItens"))
        if "pix" not in body and total != 0:
            return BankUnreachable("the answer is no list of Pix")
        if _is_last(page, reading.number(paging.get("quantidadeDePaginas")), len(entries) > before):
            return _whole(entries, total or 0)
    return BankUnreachable(f"the bank's list has more than {_MOST_PAGES} pages")


def _is_last(page: int, pages: int | None, brought_new: bool) -> bool:
    """Where a bank does not count its pages, one that brings nothing new is behind the last."""
    return page + 1 >= pages if pages is not None else not brought_new


def _whole(entries: dict[str, Any], total: int) -> list[Any] | BankUnreachable:
    if len(entries) < total:
        return BankUnreachable(f"the bank's list is not whole: {len(entries)} of {total}")
    return list(entries.values())


def _received(entries: list[Any]) -> Received:
    payments: dict[str, MoneySeen] = {}
    unread = []
    for place, entry in enumerate(entries):
        try:
            seen = reading.money(entry)
        except reading.Unreadable:
            unread.append(reading.text(reading.obj(entry).get("endToEndId")) or f"entry {place + 1}")
        else:
            payments[seen.id] = seen
    oldest_first = sorted(payments.values(), key=lambda seen: (seen.paid_at, seen.id))
    return Received(tuple(oldest_first), tuple(unread))


def _whole_second(at: datetime, *, up: bool = False) -> datetime:
    whole = at.astimezone(UTC).replace(microsecond=0)
    return whole + timedelta(seconds=1) if up and whole < at else whole


def _rfc3339(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")

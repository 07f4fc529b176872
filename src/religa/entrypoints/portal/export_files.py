"""The files in which a person takes his data away: JSON for programs; a zip with a page, tables (CSV) and the JSON.

JSON keeps English keys, centavos and UTC. What people read has their language, reais and the provider's civil time.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string

from religa import wording
from religa.domain.money import format_reais
from religa.records.queries.own_data import AMOUNTS, Section, plain
from religa.wording import Language
from religa.wording.own_data import COLUMN_NAMES, NO, SECTION_NAMES, YES, codes_of

VERSION = 1
_CHANGED = "=+-@\t\r"  # a text that begins so is a formula to a spreadsheet


@dataclass(frozen=True, slots=True)
class About:
    """Whose data by whom, when, under which protocol number."""

    provider: str
    cnpj: str
    at: datetime
    protocol: str
    zone: ZoneInfo
    language: Language


@dataclass(frozen=True, slots=True)
class Table:
    """A section as people read it."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def as_json(sections: Sequence[Section], about: About) -> bytes:
    """`{format, version, provider, cnpj, at, protocol, amounts, data: {section: [{column: value}]}}`."""
    document = {
        "format": "religa-own-data",
        "version": VERSION,
        "provider": about.provider,
        "cnpj": about.cnpj,
        "at": about.at.isoformat(),
        "protocol": about.protocol,
        "amounts": "centavos",
        "data": {s.name: [_object(s, row) for row in s.rows] for s in sections},
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _object(section: Section, row: Sequence[Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in zip(section.columns, row, strict=True)}


def as_zip(sections: Sequence[Section], about: About) -> bytes:
    """`index.html`, one CSV for each section that has rows, `dados.json`."""
    tables = list(_tables(sections, about))
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("index.html", as_page(tables, about))
        for table in tables:
            packed.writestr(f"{table.name}.csv", as_csv(table))
        packed.writestr("dados.json", as_json(sections, about))
    return kept.getvalue()


def as_page(tables: Sequence[Table], about: About) -> str:
    return render_to_string(
        "portal/own_data_file.html", {"tables": tables, "about": about, "at": _local(about.at, about)}
    )


def as_csv(table: Table) -> bytes:
    """As a Brazilian spreadsheet opens it: semicolons, a byte order mark; no cell is a formula."""
    kept = io.StringIO()
    writer = csv.writer(kept, delimiter=";")
    writer.writerow(table.columns)
    writer.writerows([_harmless(cell) for cell in row] for row in table.rows)
    return kept.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in _CHANGED and cell else cell


def _tables(sections: Sequence[Section], about: About) -> Iterator[Table]:
    for section in sections:
        if section.rows:
            yield Table(
                section.name,
                SECTION_NAMES[section.name].in_(about.language),
                [COLUMN_NAMES[name].in_(about.language) for name in section.columns],
                [
                    [_said(section.name, n, v, about) for n, v in zip(section.columns, row, strict=True)]
                    for row in section.rows
                ],
            )


def _said(section: str, column: str, value: Any, about: About) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return (YES if value else NO).in_(about.language)
    if isinstance(value, datetime):
        return _local(value, about)
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}" if about.language is Language.EN else f"{value:%d/%m/%Y}"
    if column in AMOUNTS:
        return format_reais(value, about.language).replace("\N{NO-BREAK SPACE}", " ")
    return _worded(section, column, str(value), about)


def _worded(section: str, column: str, value: str, about: About) -> str:
    codes = codes_of(section, column)
    known = None if codes is None else next((code for code in codes if code.value == value), None)
    return value if known is None else wording.say(known, about.language)


def _local(at: datetime, about: About) -> str:
    """To the second, in the provider's civil time."""
    local = at.astimezone(about.zone)
    return f"{local:%Y-%m-%d %H:%M:%S}" if about.language is Language.EN else f"{local:%d/%m/%Y %H:%M:%S}"

"""The header of a file, of either width. It says whose file it is and nothing of money: what cannot be read of it is
said, and the titles are read all the same."""

from __future__ import annotations

from datetime import date

from religa.adapters.cnab.rows import Row, parse_day
from religa.adapters.cnab.spec import HeaderSpec
from religa.ports.bank_files import FileHeader, Note, NoteKind

NOTHING = FileHeader(agency="", account="", convenio="", company_document="", generated_on=None, sequence="")


def read_header(row: Row, spec: HeaderSpec) -> tuple[FileHeader, list[Note]]:
    """What the header says, by its layout's columns, and what of it cannot be read."""
    generated_on, notes = _generated_on(row, spec)
    header = FileHeader(
        agency=row.text(spec.agency),
        account=row.text(spec.account),
        convenio=row.text(spec.convenio),
        company_document=document(row.text(spec.company_document)),
        generated_on=generated_on,
        sequence=row.text(spec.sequence),
    )
    return header, notes


def document(text: str) -> str:
    """A CNPJ or CPF as the bank writes it, 14 characters at most; "" for zeros."""
    return text[-14:] if text.strip("0") else ""


def _generated_on(row: Row, spec: HeaderSpec) -> tuple[date | None, list[Note]]:
    written = row.text(spec.generated_on)
    try:
        return parse_day(written, spec.date_form), []
    except ValueError:
        first, last = spec.generated_on
        words = f"the header's day {written!r} (columns {first}-{last}) is not a date"
        return None, [Note(NoteKind.HEADER_UNREADABLE, row.number, words)]

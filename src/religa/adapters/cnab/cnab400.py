"""Files of 400 columns: a header, a line for each title, now and then another kind of record, a trailer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from religa.adapters.cnab.headers import NOTHING, document, read_header
from religa.adapters.cnab.lines import Line
from religa.adapters.cnab.records import Places, Records, Title
from religa.adapters.cnab.rows import Problems, Row
from religa.adapters.cnab.spec import Bank, DateForm, Layout400, PaidColumn, Span
from religa.ports.bank_files import BankRecord, Note, ProblemKind

WIDTH = 400
SEQUENCE = (395, 400)


class File400:
    """One file being read. What is wrong goes to `problems`; the rest counts only if there is nothing."""

    def __init__(self, bank: Bank, layout: Layout400, problems: Problems) -> None:
        self._bank, self._layout, self._problems = bank, layout, problems
        self._records = Records(layout.meaning)
        self._last, self._numbered = (
            0,
            False,
        )  # the sequence number of the line before, and whether it had one
        self.header, self.header_notes = NOTHING, list[Note]()
        self.ignored: Counter[str] = Counter()
        self.has_trailer = False

    @property
    def records(self) -> list[BankRecord]:
        return self._records.all

    @property
    def notes(self) -> list[Note]:
        return self.header_notes + self._records.notes

    def read(self, lines: list[Line]) -> None:
        """All lines, the header first."""
        rows = (Row(line, WIDTH, self._problems) for line in lines)
        header = next(rows)
        self.header, self.header_notes = read_header(header, self._layout.header)
        self._check_sequence(header)
        for row in rows:
            self._check_sequence(row)
            self._take(row)

    def _check_sequence(self, row: Row) -> None:
        """Every 400 layout numbers its lines from 1: the only way to see that one is lost from the middle."""
        expected, stated = self._last + 1, row.count(SEQUENCE, "sequence number")
        self._last = stated or expected
        if not stated and self._numbered:
            words = "no sequence number, as the lines before have: is the line cut off?"
            row.wrong(SEQUENCE, ProblemKind.MISSING, words)
        elif self._last != expected:
            words = f"sequence number {self._last}, {expected} expected: a line is missing, doubled or moved"
            row.wrong(SEQUENCE, ProblemKind.SEQUENCE, words)
        self._numbered = bool(stated)

    def _take(self, row: Row) -> None:
        kind = row.raw[0]
        if self.has_trailer:
            row.wrong(None, ProblemKind.OUT_OF_PLACE, "after the trailer: several files in one?")
        elif kind == self._layout.detail:
            self._take_detail(row)
        elif kind == "9":
            self._take_trailer(row)
        else:
            self._take_other(row, kind)

    def _take_other(self, row: Row, kind: str) -> None:
        pix = self._layout.pix
        if kind in self._layout.refused:
            row.wrong((1, 1), ProblemKind.UNKNOWN_RECORD, self._layout.refused[kind])
        elif kind == "0":
            row.wrong(None, ProblemKind.OUT_OF_PLACE, "a second header: several files in one?")
        elif kind not in "12345678":
            row.wrong((1, 1), ProblemKind.UNKNOWN_RECORD, f"{kind!r} is no type of record")
        elif pix and kind == pix.marker and self.records:
            self.ignored[f"type {kind} (Pix)"] += 1
            self.records[-1] = replace(self.records[-1], txid=row.text(pix.txid))
        else:
            self.ignored[f"type {kind}"] += 1

    def _take_detail(self, row: Row) -> None:
        layout = self._layout
        self._complete_header(row)
        title = self._title(row)
        places = Places(row, layout.amount_paid, layout.paid_on, row, layout.occurrence)
        self._records.add(title, places)

    def _complete_header(self, row: Row) -> None:
        """Some layouts name agency, account or company in the titles alone."""
        if self.records:
            return
        layout, header = self._layout, self.header
        self.header = replace(
            header,
            agency=header.agency or row.text(layout.agency),
            account=header.account or row.text(layout.account),
            company_document=header.company_document or document(row.text(layout.company_document)),
        )

    def _title(self, row: Row) -> Title:
        layout = self._layout
        fee, paid, net = self._money(row)
        credited = layout.credited_on
        return Title(
            account=self._account(row),
            nosso_numero=row.text(layout.nosso_numero),
            document_number=row.text(layout.document_number),
            occurrence=row.text(layout.occurrence),
            amount_title=row.amount(layout.amount_title, "amount of the title"),
            amount_paid=paid,
            amount_net=net,
            fee=fee,
            interest_and_fine=sum(row.amount(span, "interest or fine") for span in layout.interest_and_fine),
            discount=row.amount(layout.discount, "discount"),
            rebate=row.amount(layout.rebate, "rebate"),
            paid_on=row.day(layout.paid_on, DateForm.DMY6, "day of the occurrence"),
            credited_on=row.day(credited, layout.credited_form, "day of the credit") if credited else None,
        )

    def _money(self, row: Row) -> tuple[int, int, int]:
        """Fee, what the payer paid, what is credited; in a column that is net the payer paid the fee besides."""
        layout = self._layout
        fee = row.amount(layout.fee, "fee")
        written = row.amount(layout.amount_paid, "amount paid")
        if layout.paid_column is PaidColumn.NET:
            return fee, written + fee if written else 0, written
        if layout.amount_net:
            return fee, written, row.amount(layout.amount_net, "amount credited")
        return fee, written, max(written - fee, 0)

    def _account(self, row: Row) -> str:
        layout, header = self._layout, self.header
        agency = row.text(layout.agency) if layout.agency else header.agency
        account = row.text(layout.account) if layout.account else header.account
        return f"{self._bank.code}/{agency}/{account}"

    # -- the trailer ---------------------------------------------------------------------------------------------

    def _take_trailer(self, row: Row) -> None:
        self.has_trailer = True
        totals, records = self._layout.totals, self.records
        self._compare(row, totals.details, len(records), ProblemKind.COUNT, "titles")
        if totals.titles:
            titles = sum(record.amount_title for record in records)
            self._compare(row, totals.titles, titles, ProblemKind.SUM, "centavos of titles")
        for code, span in totals.occurrences:
            there = sum(record.occurrence == code for record in records)
            self._compare(row, span, there, ProblemKind.COUNT, f"titles with occurrence {code}")

    def _compare(self, row: Row, span: Span | None, there: int, kind: ProblemKind, what: str) -> None:
        """Zero or blank in a trailer is "not said", as several banks use it."""
        stated = row.count(span, what) if span else 0
        if stated and stated != there:
            row.wrong(span, kind, f"the trailer says {stated} {what}, the file has {there}")

"""Files of 400 columns: a header, a line for each title, now and then another kind of record, a trailer."""

from __future__ import annotations

from dataclasses import replace

from religa.adapters.cnab.being_read import BeingRead
from religa.adapters.cnab.headers import document
from religa.adapters.cnab.lines import Line
from religa.adapters.cnab.records import Places, Told
from religa.adapters.cnab.rows import Problems, Row
from religa.adapters.cnab.spec import Bank, DateForm, Layout400, PaidColumn, Span
from religa.ports.bank_files import BankRecord, ProblemKind

WIDTH = 400
SEQUENCE = (395, 400)


class File400(BeingRead):
    """One file being read, by the layout of its bank."""

    def __init__(self, bank: Bank, layout: Layout400, problems: Problems) -> None:
        super().__init__(bank, layout.meaning, problems)
        self._layout = layout
        self._last = 0  # the sequence number of the line before
        self._numbered = False  # whether that line had one

    def read(self, lines: list[Line]) -> None:
        """All lines, the header first."""
        rows = (Row(line, WIDTH, self._problems) for line in lines)
        header = next(rows)
        self._begin(header, self._layout.header)
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
            self._refuse_second_file(row, "after the trailer")
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
            self._refuse_second_file(row, "a second header")
        elif kind not in "12345678":
            row.wrong((1, 1), ProblemKind.UNKNOWN_RECORD, f"{kind!r} is no type of record")
        elif pix and kind == pix.marker and self.records:
            self._ignore(f"type {kind} (Pix)")
            self._name_transaction(row.text(pix.txid))
        else:
            self._ignore(f"type {kind}")

    def _take_detail(self, row: Row) -> None:
        self._complete_header(row)
        layout = self._layout
        fee, paid, net = self._money(row)
        told = Told(
            account=self._account(row),
            nosso_numero=row.text(layout.nosso_numero),
            occurrence=row.text(layout.occurrence),
            paid_on=row.day(layout.paid_on, DateForm.DMY6, "day of the occurrence"),
            amount=paid,
        )
        self.records.append(self._record(row, told, fee, net))

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

    def _record(self, row: Row, told: Told, fee: int, net: int) -> BankRecord:
        layout, credited = self._layout, self._layout.credited_on
        places = Places(row, layout.occurrence, row, layout.amount_paid, layout.paid_on)
        movement, key = self._titles.judge(told, places)
        return BankRecord(
            line=row.number,
            nosso_numero=told.nosso_numero,
            document_number=row.text(layout.document_number),
            occurrence=told.occurrence,
            movement=movement,
            amount_title=row.amount(layout.amount_title, "amount of the title"),
            amount_paid=told.amount,
            amount_net=net,
            fee=fee,
            interest_and_fine=sum(row.amount(span, "interest or fine") for span in layout.interest_and_fine),
            discount=row.amount(layout.discount, "discount"),
            rebate=row.amount(layout.rebate, "rebate"),
            paid_on=told.paid_on,
            credited_on=row.day(credited, layout.credited_form, "day of the credit") if credited else None,
            key=key,
            occurrence_words=self._titles.words(told.occurrence),
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
        """Where a layout names no account, the bank's code of the company stands for it."""
        layout, header = self._layout, self.header
        agency = row.text(layout.agency) if layout.agency else header.agency
        account = row.text(layout.account) if layout.account else header.account
        return f"{self._bank.code}/{agency}/{account or header.convenio}"

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

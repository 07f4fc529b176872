"""Files of 240 columns (FEBRABAN): batches of titles, each a T segment (the title) and a U segment (the money)."""

from __future__ import annotations

from religa.adapters.cnab.being_read import BeingRead
from religa.adapters.cnab.lines import Line
from religa.adapters.cnab.records import Places, Told
from religa.adapters.cnab.rows import Problems, Row
from religa.adapters.cnab.spec import Bank, DateForm, Layout240, Span
from religa.ports.bank_files import BankRecord, ProblemKind

WIDTH = 240
BANK, TYPE, SEGMENT, OCCURRENCE, OPTIONAL = (1, 3), 7, 13, (16, 17), (18, 19)
LOTS, RECORDS, OF_LOT = (18, 23), (24, 29), (18, 23)


class File240(BeingRead):
    """One file being read, by the layout of its bank."""

    def __init__(self, bank: Bank, layout: Layout240, problems: Problems) -> None:
        super().__init__(bank, layout.meaning, problems)
        self._layout = layout
        self._waiting: Row | None = None  # a T whose U has not come
        self._in_lot = False
        self._lots = self._details = 0  # batches begun; details of the one that runs
        self._headless = 0  # batches whose header is not there: no title is lost by that

    def read(self, lines: list[Line]) -> None:
        """All lines, the header first."""
        self._begin(Row(lines[0], WIDTH, self._problems), self._layout.header)
        for position, line in enumerate(lines[1:], 2):
            row = Row(line, WIDTH, self._problems)
            if row.text(BANK) != self._bank.code:
                words = f"bank {row.text(BANK)!r} in a file of {self._bank.code}"
                row.wrong(BANK, ProblemKind.FOREIGN_BANK, words)
            self._take(row, position)
        self._expect_no_u()

    def _take(self, row: Row, position: int) -> None:
        kind = row.raw[TYPE]
        if self.has_trailer:
            self._refuse_second_file(row, "after the trailer")
        elif kind == "3":
            self._take_detail(row)
        elif kind == "1":
            self._expect_no_u()
            self._begin_lot()
        elif kind == "5":
            self._end_lot(row)
        elif kind == "9":
            self._end_file(row, position)
        else:
            self._take_other(row, kind)

    def _take_other(self, row: Row, kind: str) -> None:
        if kind == "0":
            self._refuse_second_file(row, "a second header")
        elif kind in "24":  # FEBRABAN's first and last records of a batch, of no use here
            self._details += 1
            self._ignore(f"record {kind}")
        else:
            words = f"{kind!r} is no type of record"
            row.wrong((TYPE + 1, TYPE + 1), ProblemKind.UNKNOWN_RECORD, words)

    def _begin_lot(self) -> None:
        self._in_lot, self._lots, self._details = True, self._lots + 1, 0

    # -- details -------------------------------------------------------------------------------------------------

    def _take_detail(self, row: Row) -> None:
        if not self._in_lot:
            self._begin_lot()
            self._headless += 1
        self._details += 1
        segment = row.raw[SEGMENT]
        if segment == "T":
            self._expect_no_u()
            self._waiting = row
        elif segment == "U":
            self._take_u(row)
        elif self._is_pix(row):
            self._ignore("segment Y (Pix)")
            self._name_transaction(self._txid(row))
        else:
            self._ignore(f"segment {segment.strip() or '?'}")

    def _take_u(self, row: Row) -> None:
        title, self._waiting = self._waiting, None
        if title is None:
            row.wrong(None, ProblemKind.UNPAIRED, "a U segment without its T segment")
        elif title.text(OCCURRENCE) != row.text(OCCURRENCE):
            words = f"occurrence {row.text(OCCURRENCE)!r} in U, {title.text(OCCURRENCE)!r} in its T"
            row.wrong(OCCURRENCE, ProblemKind.UNPAIRED, words)
        else:
            self._add(title, row)

    def _expect_no_u(self) -> None:
        if self._waiting is not None:
            self._waiting.wrong(None, ProblemKind.UNPAIRED, "a T segment without its U segment")
            self._waiting = None

    def _is_pix(self, row: Row) -> bool:
        pix = self._layout.pix
        return pix is not None and row.raw[SEGMENT] + row.text(OPTIONAL) == pix.marker and bool(self.records)

    def _txid(self, row: Row) -> str:
        return row.text(self._layout.pix.txid) if self._layout.pix else ""

    def _add(self, t: Row, u: Row) -> None:
        layout = self._layout
        told = Told(
            account=f"{self._bank.code}/{t.text(layout.account)}",
            nosso_numero=t.text(layout.nosso_numero),
            occurrence=t.text(OCCURRENCE),
            paid_on=u.day(layout.paid_on, DateForm.DMY8, "day of the occurrence"),
            amount=u.amount(layout.amount_paid, "amount paid"),
        )
        self.records.append(self._record(t, u, told))

    def _record(self, t: Row, u: Row, told: Told) -> BankRecord:
        layout = self._layout
        places = Places(t, OCCURRENCE, u, layout.amount_paid, layout.paid_on)
        movement, key = self._titles.judge(told, places)
        return BankRecord(
            line=t.number,
            nosso_numero=told.nosso_numero,
            document_number=t.text(layout.document_number),
            occurrence=told.occurrence,
            movement=movement,
            amount_title=t.amount(layout.amount_title, "amount of the title"),
            amount_paid=told.amount,
            amount_net=u.amount(layout.amount_net, "amount credited"),
            fee=t.amount(layout.fee, "fee"),
            interest_and_fine=u.amount(layout.interest_and_fine, "interest and fine"),
            discount=u.amount(layout.discount, "discount"),
            rebate=u.amount(layout.rebate, "rebate"),
            paid_on=told.paid_on,
            credited_on=u.day(layout.credited_on, DateForm.DMY8, "day of the credit"),
            key=key,
            occurrence_words=self._titles.words(told.occurrence),
        )

    # -- trailers ------------------------------------------------------------------------------------------------

    def _end_lot(self, row: Row) -> None:
        self._expect_no_u()
        # FEBRABAN counts the batch's header and trailer; a bank that does not is believed as well.
        self._compare(row, OF_LOT, (self._details + 2, self._details), "records in the batch")
        self._in_lot, self._details = False, 0

    def _end_file(self, row: Row, position: int) -> None:
        self._expect_no_u()
        self.has_trailer = True
        self._compare(row, LOTS, (self._lots,), "batches")
        self._compare(row, RECORDS, (position, position + self._headless), "records")

    def _compare(self, row: Row, span: Span, there: tuple[int, ...], what: str) -> None:
        """Zero or blank in a trailer is "not said"."""
        stated = row.count(span, what) if self._layout.counts else 0
        if stated and stated not in there:
            words = f"the trailer says {stated} {what}, the file has {there[0]}"
            row.wrong(span, ProblemKind.COUNT, words)

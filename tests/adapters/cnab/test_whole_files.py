"""What editors, portals and e-mail do to a file; batches; what makes a record and a file the same one again."""

from __future__ import annotations

import codecs
import hashlib
from datetime import date

import pytest

from cnab_files import WRITERS, Boleto, octets, put, written
from religa.adapters.cnab import Reader
from religa.ports.bank_files import BankFile, Movement, NoteKind

ANA, BRUNO = Boleto("000000000097", paid=10225), Boleto("000000000186", paid=4000)


def read(data: bytes) -> BankFile:
    file = Reader().read(data)
    assert isinstance(file, BankFile), file
    return file


def bradesco() -> list[str]:
    return written("237", "cnab400", ANA, BRUNO)


def paid(file: BankFile) -> list[tuple[int, int]]:
    return [(record.line, record.amount_paid) for record in file.records]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_lines_end_as_they_like(end: str):
    assert paid(read(octets(bradesco(), end))) == [(2, 10225), (3, 4000)]


@pytest.mark.parametrize("tail", [b"", b"\x1a", b"\r\n\r\n   \r\n", b"\r\n\x1a\r\n", b"\0\0"])
def test_blank_ends_and_dos_end_of_file_are_nothing(tail: bytes):
    assert len(read(octets(bradesco()) + tail).records) == 2


def test_blank_lines_between_count_as_lines_of_the_file_alone():
    lines = bradesco()
    assert paid(read(octets([lines[0], "", lines[1], "   ", *lines[2:]]))) == [(3, 10225), (5, 4000)]


def test_a_byte_order_mark_is_dropped():
    assert len(read(codecs.BOM_UTF8 + octets(bradesco())).records) == 2


def with_accents() -> list[str]:
    lines = written("237", "cnab240", Boleto("00000000030P", document="MÊS Nº 11"))
    assert "Conceição" in lines[2]
    return lines


def test_accents_are_one_column_each_in_latin_1():
    record = read("\r\n".join(with_accents()).encode("latin-1")).records[0]
    assert (record.document_number, record.fee) == ("MÊS Nº 11", 250)


def test_accents_are_one_column_each_in_a_file_saved_as_utf_8():
    for mark in (b"", codecs.BOM_UTF8):
        record = read(mark + "\n".join(with_accents()).encode("utf-8")).records[0]
        assert (record.document_number, record.fee, record.amount_paid) == ("MÊS Nº 11", 250, 9990)


def test_lines_without_their_blank_ends_are_filled_up():
    lines = [text.rstrip() for text in written("237", "cnab240", ANA, BRUNO)]
    assert len(lines[1]) < 240
    assert paid(read(octets(lines))) == [(3, 10225), (5, 4000)]


def test_lines_of_one_column_more_are_accepted():
    assert len(read(octets(text + "." for text in bradesco())).records) == 2


def test_a_missing_trailer_is_said_and_what_is_there_is_read():
    for layout, cut in (("cnab400", 1), ("cnab240", 2), ("cnab240", 1)):
        nosso = WRITERS["237", layout][1]
        file = read(octets(written("237", layout, Boleto(nosso))[:-cut]))
        assert (len(file.records), [note.kind for note in file.notes]) == (1, [NoteKind.NO_TRAILER])


def test_a_file_without_titles_says_so():
    file = read(octets(written("237", "cnab400")))
    assert (file.records, [note.kind for note in file.notes]) == ((), [NoteKind.NO_TITLES])


def test_a_header_whose_day_cannot_be_read_does_not_hold_up_the_payments():
    lines = bradesco()
    file = read(octets([put(lines[0], 95, "311326"), *lines[1:]]))
    assert (len(file.records), file.header.generated_on) == (2, None)
    assert [note.kind for note in file.notes] == [NoteKind.HEADER_UNREADABLE]
    assert "'311326'" in file.notes[0].words


def test_a_settlement_of_nothing_is_said_and_is_no_payment():
    file = read(octets(written("237", "cnab400", Boleto("000000000097", paid=0), BRUNO)))
    assert [record.movement for record in file.records] == [Movement.OTHER, Movement.PAYMENT]
    assert [(note.kind, note.line) for note in file.notes] == [(NoteKind.PAYMENT_OF_NOTHING, 2)]


# -- batches ----------------------------------------------------------------------------------------------------------


def two_batches() -> list[str]:
    lines = written("237", "cnab240", ANA)
    second = [put(text, 4, "0002") for text in written("237", "cnab240", BRUNO)[1:5]]
    return [*lines[:5], *second, put(lines[5], 18, "000002" + "000010")]


def test_every_batch_of_a_file_is_read():
    assert paid(read(octets(two_batches()))) == [(3, 10225), (7, 4000)]


def test_other_segments_are_counted_and_passed_over():
    lines = written("237", "cnab240", ANA)
    other = [line.ljust(240) for line in ("2370001300003A", "2370001300004B", "2370001300005B")]
    lines = [*lines[:4], *other, put(lines[4], 18, "000007"), put(lines[5], 24, "000009")]
    file = read(octets(lines))
    assert (len(file.records), file.ignored) == (1, (("segment A", 1), ("segment B", 2)))


def test_a_batch_trailer_may_count_the_details_alone():
    lines = written("033", "cnab240", Boleto("0000000001040"))
    assert len(read(octets([*lines[:4], put(lines[4], 18, "000002"), lines[5]])).records) == 1


def test_a_trailer_of_zeros_says_nothing():
    lines = written("237", "cnab240", ANA)
    lines = [*lines[:4], put(lines[4], 18, "000000"), put(lines[5], 18, "000000000000")]
    assert len(read(octets(lines)).records) == 1


def test_a_batch_without_its_header_loses_no_title():
    lines = written("341", "cnab240", Boleto("00231327"))
    assert paid(read(octets([lines[0], *lines[2:]]))) == [(2, 9990)]


def test_the_way_of_a_file_is_the_batchs_where_the_header_does_not_say():
    lines = written("756", "cnab240", Boleto("0000000834"))
    assert len(read(octets([put(lines[0], 143, "0"), *lines[1:]])).records) == 1


# -- the same again ---------------------------------------------------------------------------------------------------


def test_a_file_is_known_by_its_octets():
    data = octets(bradesco())
    assert read(data).sha256 == hashlib.sha256(data).hexdigest()
    assert read(data) == read(data)


def test_a_record_has_the_same_key_in_another_file_and_another_place():
    alone = read(octets(written("237", "cnab400", BRUNO)))
    both = read(octets(bradesco(), "\n"))
    assert alone.records[0].key == both.records[1].key
    assert str(alone.records[0].key) == "237/01420/00169102:000000000186:06:2026-11-10:4000:1"


def test_equal_records_of_a_file_are_told_apart_by_their_order():
    file = read(octets(written("237", "cnab400", ANA, BRUNO, ANA, ANA)))
    assert [record.key.nth for record in file.records] == [1, 1, 2, 3]
    assert len({record.key for record in file.records}) == 4


@pytest.mark.parametrize(
    "other",
    [
        Boleto("000000000098", paid=10225),
        Boleto("000000000097", paid=10226),
        Boleto("000000000097", paid=10225, occurrence="17"),
        Boleto("000000000097", paid=10225, paid_on=date(2026, 11, 9)),
    ],
)
def test_another_title_amount_code_or_day_is_another_record(other: Boleto):
    keys = [record.key for record in read(octets(written("237", "cnab400", ANA, other))).records]
    assert keys[0] != keys[1]
    assert [key.nth for key in keys] == [1, 1]


def test_the_same_number_at_another_account_is_another_record():
    lines = bradesco()
    elsewhere = read(octets([lines[0], put(lines[1], 25, "09999"), *lines[2:]]))
    assert elsewhere.records[0].key != read(octets(lines)).records[0].key

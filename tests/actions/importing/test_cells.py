"""One cell at a time: what people and spreadsheets write, and what of it may come in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from religa.actions.importing import cells, moments
from religa.actions.importing.cells import Bad, LeftOut, Mended
from religa.actions.importing.problems import What

ZONE = ZoneInfo("America/Fortaleza")


def refusal(read, cell: str) -> What:
    with pytest.raises(Bad) as caught:
        read(cell)
    return caught.value.what


@pytest.mark.parametrize(
    ("cell", "document"),
    [
        ("390.533.447-05", "39053344705"),
        (" 39053344705 ", "39053344705"),
        ('="01234567890"', "01234567890"),
        ("12.abc.345/01de-35", "12ABC34501DE35"),
    ],
)
def test_a_document_comes_in_with_or_without_its_mask(cell, document):
    assert cells.document(cell) == document


@pytest.mark.parametrize(
    ("short", "whole"), [("1234567890", "01234567890"), ("191", None), ("8000000000100", None)]
)
def test_a_document_short_by_zeros_is_completed_only_if_its_check_digits_then_hold(short, whole):
    if whole is None:
        assert refusal(cells.document, short) is What.DOCUMENT_LENGTH
    else:
        assert (cells.document(short), type(cells.document(short))) == (whole, Mended)


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("1,23E+10", What.SCIENTIFIC),
        ("1.2345678909E+10", What.SCIENTIFIC),
        ("390.533.447-06", What.DOCUMENT_DIGITS),
        ("111.111.111-11", What.DOCUMENT_DIGITS),
        ("390.533.447", What.DOCUMENT_LENGTH),
        ("39O.533.447-05", What.DOCUMENT_CHARACTERS),
        ("=A1+1", What.FORMULA),
    ],
)
def test_a_mangled_document_says_how(cell, what):
    assert refusal(cells.document, cell) is what


@pytest.mark.parametrize("cell", ["=1+1", '=HYPERLINK("http://example.com")', "@SUM(A1)", '="a"&"b'])
def test_a_formula_is_no_text(cell):
    assert refusal(cells.text, cell) is What.FORMULA


def test_a_password_may_look_like_a_formula_and_is_kept_to_the_letter():
    assert cells.secret(" =1+1 ") == " =1+1 "


def test_a_control_character_would_break_the_database_and_is_refused():
    assert refusal(cells.text, "Ana\x00") is What.CONTROL_CHARACTER
    assert refusal(cells.secret, "se\x00nha") is What.CONTROL_CHARACTER


@pytest.mark.parametrize(
    ("cell", "centavos"),
    [("99,90", 9990), ("1.299,90", 129990), ("R$ 10", 1000), ("0,00", 0), ("12.5", 1250)],
)
def test_amounts_are_centavos(cell, centavos):
    assert cells.money(cell) == centavos


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("-3,50", What.NEGATIVE),
        ("1.234", What.AMOUNT_AMBIGUOUS),
        ("dez", What.NOT_AN_AMOUNT),
        ("=9", What.FORMULA),
    ],
)
def test_an_amount_that_could_mean_two_things_is_refused(cell, what):
    assert refusal(cells.money, cell) is what


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("31/12/2026", date(2026, 12, 31)),
        ("1/2/2026", date(2026, 2, 1)),
        ("2026-02-01", date(2026, 2, 1)),
        ("01/02/2026 00:00:00", date(2026, 2, 1)),
        ("0000-00-00", None),
        ("00/00/0000", None),
    ],
)
def test_days_are_read_as_brazilians_and_databases_write_them(cell, day):
    assert moments.day(cell) == day


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("31/02/2026", What.IMPOSSIBLE_DATE),
        ("12/25/2026", What.IMPOSSIBLE_DATE),
        ("46022", What.DATE_SERIAL),
        ("01/02/26", What.NOT_A_DATE),
        ("01/02/0206", What.DATE_RANGE),
        ("amanhã", What.NOT_A_DATE),
    ],
)
def test_an_impossible_day_says_why(cell, what):
    assert refusal(moments.day, cell) is what


def test_a_wall_time_is_one_of_the_providers_zone():
    assert moments.instant(ZONE)("01/12/2026 09:30") == datetime(2026, 12, 1, 12, 30, tzinfo=UTC)


def test_until_a_day_means_until_its_end():
    assert moments.instant(ZONE, end_of_day=True)("01/12/2026") == datetime(2026, 12, 2, 3, 0, tzinfo=UTC)


def test_what_happened_cannot_lie_in_the_future():
    read = moments.past_instant(ZONE, datetime(2026, 12, 1, 15, 0, tzinfo=UTC))
    assert read("01/12/2026") == datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
    assert refusal(read, "01/12/2026 12:01") is What.FUTURE


@pytest.mark.parametrize(
    "cell", ["11/2026", "2026-11", "nov/2026", "novembro de 2026", "10/11/2026", "Nov-26"]
)
def test_a_month_has_many_spellings_and_one_meaning(cell):
    assert moments.reference(cell) == "2026-11"


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("(85) 90000-0001", "5585900000001"),
        ("085 3000-0002", "558530000002"),
        ("+55 85 90000 0001", "5585900000001"),
        ("+1 212 555 0100", "12125550100"),
    ],
)
def test_a_phone_gets_its_country(cell, number):
    assert cells.phone(cell) == number


@pytest.mark.parametrize("cell", ["90000-0001", "não tem", "55 123"])
def test_a_phone_nobody_could_call_is_left_out_not_an_error(cell):
    with pytest.raises(LeftOut):
        cells.phone(cell)


def test_a_boleto_number_needs_its_three_check_digits():
    good = "00190.00009 00000.000000 00000.000000 1 00000000009990"
    bare = cells.linha_digitavel(good)
    assert len(bare) == 47
    for place in (0, 9, 12, 20, 25, 31):
        broken = bare[:place] + str((int(bare[place]) + 1) % 10) + bare[place + 1 :]
        assert refusal(cells.linha_digitavel, broken) is What.LINHA_DIGITS
    assert refusal(cells.linha_digitavel, bare[:-1]) is What.LINHA_LENGTH


def test_a_collection_slip_has_four_blocks_of_its_own():
    slip = "846700000017435900240209024050002435842210108119"
    assert cells.linha_digitavel("84670000001-7 43590024020-9 02405000243-5 84221010811-9") == slip
    assert (
        refusal(cells.linha_digitavel, slip[:11] + str((int(slip[11]) + 1) % 10) + slip[12:])
        is What.LINHA_DIGITS
    )


@pytest.mark.parametrize(
    ("cell", "kbps"),
    [("300M", 300_000), ("300 Mbps", 300_000), ("1G", 1_000_000), ("512k", 512), ("2048", 2048)],
)
def test_a_speed_has_a_unit_or_is_kilobits(cell, kbps):
    assert cells.speed(cell) == kbps

"""Holidays of a state, of a municipality and of the provider: they close for blocks, never for banks."""

import os
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from religa.adapters.holidays import HolidayFileError, bank_holidays, local_holidays
from religa.adapters.holidays.provider_file import easter
from religa.adapters.holidays.states import UF_BY_IBGE
from religa.domain.calendar import Calendars

EXAMPLE = Path(__file__).parents[3] / "deploy" / "holidays.example.toml"
NO_NAME = 'the name of the holiday is missing: write it between quotes after "="'
NO_CODE = "is not the code of a municipality: IBGE codes have seven digits, such as 2304400"
FORTALEZA, RECIFE, SAO_PAULO = "2304400", "2611606", "3550308"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "holidays.toml"


def problems_of(file: Path) -> tuple[str, ...]:
    with pytest.raises(HolidayFileError) as refused:
        local_holidays([2026], uf="CE", ibge_code=FORTALEZA, file=file)
    assert all(f"{file}: {problem}" in str(refused.value) for problem in refused.value.problems)
    return refused.value.problems


def test_a_state_adds_its_own_days_and_not_the_nations() -> None:
    assert local_holidays([2026], uf="CE") == {
        date(2026, 3, 19): "São José",
        date(2026, 3, 25): "Abolição da escravidão no Ceará",
        date(2026, 8, 15): "Nossa Senhora da Assunção",
    }


def test_a_state_day_on_a_national_one_keeps_the_states_name_only() -> None:
    assert local_holidays([2026], uf="DF")[date(2026, 4, 21)] == "Fundação de Brasília"


@pytest.mark.parametrize("uf", UF_BY_IBGE.values())
def test_every_state_is_known(uf: str) -> None:
    added = local_holidays([2026], uf=uf)
    assert all(found.year == 2026 and name for found, name in added.items())
    assert added or uf == "MT"  # the one state whose only own day, 20 November, is now the nation's


def test_without_a_place_and_a_file_nothing_is_added() -> None:
    assert local_holidays([2026]) == {}


def test_the_file_adds_days_everywhere_by_state_and_by_municipality(file: Path) -> None:
    file.write_text(
        '[everywhere]\n"18/12/2026" = "Mudança de sede"\n'
        '[state.CE]\n"02/01" = "Um dia do Ceará"\n[state.SP]\n"03/01" = "Um dia de São Paulo"\n'
        f'[municipality.{FORTALEZA}]\n"13/04" = "Fortaleza"\n'
        f'[municipality.{SAO_PAULO}]\n"25/01" = "São Paulo"\n',
        encoding="utf-8",
    )
    in_fortaleza = local_holidays([2026], uf="CE", ibge_code=FORTALEZA, file=file)
    assert set(in_fortaleza) - set(local_holidays([2026], uf="CE")) == {
        date(2026, 1, 2),
        date(2026, 4, 13),
        date(2026, 12, 18),
    }
    assert list(in_fortaleza) == sorted(in_fortaleza)
    assert local_holidays([2026], file=file) == {date(2026, 12, 18): "Mudança de sede"}
    assert date(2026, 1, 25) in local_holidays([2026], uf="SP", ibge_code=SAO_PAULO, file=file)


def test_a_municipality_the_file_does_not_name_has_its_states_days(file: Path) -> None:
    file.write_text('[municipality.3550308]\n"25/01" = "São Paulo"\n', encoding="utf-8")
    assert local_holidays([2026], uf="CE", ibge_code=FORTALEZA, file=file) == local_holidays([2026], uf="CE")


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ('"15/08"', {date(2026, 8, 15), date(2027, 8, 15), date(2028, 8, 15)}),
        ('"5/8"', {date(2026, 8, 5), date(2027, 8, 5), date(2028, 8, 5)}),
        ('"18/12/2026"', {date(2026, 12, 18)}),
        ("2026-12-18", {date(2026, 12, 18)}),
        ('"29/02"', {date(2028, 2, 29)}),
        ("easter", {date(2026, 4, 5), date(2027, 3, 28), date(2028, 4, 16)}),
        ("easter-2", {date(2026, 4, 3), date(2027, 3, 26), date(2028, 4, 14)}),
        ('"easter+60"', {date(2026, 6, 4), date(2027, 5, 27), date(2028, 6, 15)}),
        ('"31/12/1999"', set()),
    ],
)
def test_each_way_to_write_a_day(key: str, days: set[date], file: Path) -> None:
    file.write_text(f'[everywhere]\n{key} = "Um dia"\n')
    assert set(local_holidays([2026, 2027, 2028], file=file)) == days


def test_two_names_of_one_day_are_both_kept_and_one_name_is_not_repeated(file: Path) -> None:
    file.write_text('[everywhere]\n"19/03" = "São José"\n"25/03" = "Aniversário"\n', encoding="utf-8")
    found = local_holidays([2026], uf="CE", file=file)
    assert found[date(2026, 3, 19)] == "São José"
    assert found[date(2026, 3, 25)] == "Abolição da escravidão no Ceará; Aniversário"


def test_a_local_day_closes_for_blocks_but_not_for_banks() -> None:
    saint_john = date(2026, 6, 24)
    local = local_holidays([2026], uf="PE", ibge_code=RECIFE, file=EXAMPLE)
    assert local[saint_john] == "São João"
    calendars = Calendars(
        zone=ZoneInfo("America/Recife"),
        bank_holidays=frozenset(bank_holidays([2026])),
        local_holidays=frozenset(local),
    )
    assert calendars.is_closed(saint_john)
    assert calendars.is_bank_day(saint_john)


def test_the_example_reads_with_its_comments_taken_away_too(file: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    uncommented = text.replace('# "', '"')
    assert uncommented.count('\n"') > text.count('\n"')
    file.write_text(uncommented, encoding="utf-8")
    found = local_holidays([2026], uf="SP", ibge_code=SAO_PAULO, file=file)
    assert {date(2026, 1, 25), date(2026, 12, 18), date(2026, 12, 24)} <= set(found)


def test_a_file_saved_by_a_windows_editor_reads_the_same(file: Path) -> None:
    file.write_bytes('[everywhere]\r\n"15/08" = "Assunção"\r\n'.encode("utf-8-sig"))
    assert local_holidays([2026], file=file) == {date(2026, 8, 15): "Assunção"}


def test_an_edited_file_counts_at_once(file: Path) -> None:
    file.write_text('[everywhere]\n"15/08" = "Um"\n')
    assert date(2026, 8, 15) in local_holidays([2026], file=file)
    before = file.stat().st_mtime_ns
    file.write_text('[everywhere]\n"16/08" = "Um"\n')
    os.utime(file, ns=(before + 1, before + 1))  # a clock of coarse ticks may show no difference by itself
    assert set(local_holidays([2026], file=file)) == {date(2026, 8, 16)}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('[everywhere]\n"31/02" = "x"', 'everywhere "31/02": month 2 has no day 31'),
        ('[everywhere]\n"29/02/2026" = "x"', 'everywhere "29/02/2026": month 2 has no day 29 in 2026'),
        ('[everywhere]\n"00/01" = "x"', 'everywhere "00/01": month 1 has no day 0'),
        ('[everywhere]\n"01/01/0000" = "x"', 'everywhere "01/01/0000": month 1 has no day 1 in 0'),
        (
            '[everywhere]\n"08/15" = "x"',
            'everywhere "08/15": there is no month 15: the day comes first, then the month',
        ),
        (
            '[everywhere]\n08-15 = "x"',
            'everywhere "08-15": is not a day: write "15/08" (every year), "18/12/2026" (once) '
            'or "easter+60" (days from Easter)',
        ),
        (
            '[everywhere]\n"easter+400" = "x"',
            'everywhere "easter+400": Easter is counted from -80 to +250 days',
        ),
        (
            '[municipality.2304400]\n"15/08" = 1',
            f'municipality.2304400 "15/08": {NO_NAME}',
        ),
        (
            '[municipality.2304400]\n"15/08" = " "',
            f'municipality.2304400 "15/08": {NO_NAME}',
        ),
        (
            '[municipality.Fortaleza]\n"15/08" = "x"',
            f"municipality.Fortaleza: {NO_CODE}",
        ),
        (
            '[municipality.9904400]\n"15/08" = "x"',
            f"municipality.9904400: {NO_CODE}",
        ),
        (
            '[state.ce]\n"15/08" = "x"',
            "state.ce: is not a Brazilian state: write two capital letters, such as CE",
        ),
        (
            '[municipio.2304400]\n"15/08" = "x"',
            "municipio: unknown: know [everywhere], [state.UF] or [municipality.CODE]",
        ),
        ("state = 1", "state: is not a table: know [everywhere], [state.UF] or [municipality.CODE]"),
        (
            'state.CE = "15/08"',
            'state.CE: is not a table: write [state.CE], then lines "day" = "name"',
        ),
        (
            '[everywhere]\n15/08 = "x"',
            'line 2: 15/08 = "x": is not valid TOML; write "day" = "name", both between quotes '
            "(Expected '=' after a key in a key/value pair)",
        ),
        (
            '[everywhere]\n"15/08" = "x"\n"15/08" = "y"\n',
            'line 3: "15/08" = "y": stands twice: keep one of the two',
        ),
        (
            '[state.CE]\n"15/08" = "x"\n[state.CE]\n"16/08" = "y"\n',
            "line 3: [state.CE]: stands twice: keep one of the two",
        ),
    ],
)
def test_a_mistake_is_named_with_file_key_and_reason(content: str, problem: str, file: Path) -> None:
    file.write_text(content)
    assert problems_of(file) == (problem,)


def test_all_mistakes_are_named_at_once(file: Path) -> None:
    file.write_text('[everywhere]\n"31/02" = "x"\n"30/01" = ""\n[state.XX]\n"1/1" = "x"\n[b]\n[a]\n')
    assert [problem.split(":")[0] for problem in problems_of(file)] == [
        "a",
        "b",
        'everywhere "31/02"',
        'everywhere "30/01"',
        "state.XX",
    ]


def test_a_text_that_stops_in_the_middle_is_refused(file: Path) -> None:
    file.write_text('[everywhere]\n"15/08" = "Assun')
    assert "TOML" in problems_of(file)[0]


def test_a_file_in_another_encoding_is_refused(file: Path) -> None:
    file.write_bytes('[everywhere]\n"15/08" = "Assunção"\n'.encode("latin-1"))
    assert problems_of(file) == ("is not UTF-8 text: save it again with that encoding",)


def test_a_file_that_is_not_there_is_refused(file: Path) -> None:
    assert problems_of(file) == ("cannot be read: No such file or directory",)


@pytest.mark.parametrize(
    ("uf", "ibge_code", "reason"),
    [
        ("ce", None, "'ce' is not a Brazilian state"),
        ("XX", None, "'XX' is not a Brazilian state"),
        (None, "230440", "seven digits"),
        (None, "9904400", "seven digits"),
        (None, "23044OO", "seven digits"),
        ("SP", FORTALEZA, "municipality 2304400 is in CE, not in SP"),
    ],
)
def test_a_place_that_does_not_exist_is_refused(uf: str | None, ibge_code: str | None, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        local_holidays([2026], uf=uf, ibge_code=ibge_code)


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (1818, (3, 22)),  # the earliest there is
        (1943, (4, 25)),  # the latest
        (1954, (4, 18)),  # the two years that an epact of 28 and 29 would get wrong
        (1981, (4, 19)),
        (2000, (4, 23)),
        (2026, (4, 5)),
        (2038, (4, 25)),
        (2100, (3, 28)),
    ],
)
def test_easter_falls_on_its_sunday(year: int, sunday: tuple[int, int]) -> None:
    assert easter(year) == date(year, *sunday)

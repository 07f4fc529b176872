"""`religa cnab show` as an operator calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cnab_files import Boleto, octets, put, written
from religa.adapters.cnab.banks import BANKS
from religa.entrypoints.commands import main
from religa.entrypoints.commands.cnab import cnab

MANUAL = Path(__file__).resolve().parents[3] / "docs/operators/bank-files.md"
ITAU = written(
    "341",
    "cnab400",
    Boleto("00231327", title=4000, paid=4000, fee=210),
    Boleto("00123442", occurrence="25", title=5650, paid=5650, fee=0, credited_on=None),
)


def show(folder: Path, lines: list[str], *options: str) -> Result:
    file = folder / "CB111126.RET"
    file.write_bytes(octets(lines))
    return CliRunner().invoke(cnab, ["show", str(file), *options])


def test_as_json_amounts_are_texts_and_days_iso_or_null(tmp_path: Path):
    result = show(tmp_path, ITAU, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == {
        "bank": "341",
        "layout": "cnab400",
        "header": {
            "agency": "0111",
            "account": "123450",
            "convenio": "",
            "company_document": "11222333000181",
            "generated_on": "2026-11-11",
            "sequence": "00112",
        },
        "records": [
            {
                "line": 2,
                "nosso_numero": "00231327",
                "occurrence": "06",
                "is_payment": True,
                "amount_title": "40.00",
                "amount_paid": "40.00",
                "amount_net": "37.90",
                "fee": "2.10",
                "interest_and_fine": "0.00",
                "discount": "0.00",
                "paid_on": "2026-11-10",
                "credited_on": "2026-11-11",
            },
            {
                "line": 3,
                "nosso_numero": "00123442",
                "occurrence": "25",
                "is_payment": False,
                "amount_title": "56.50",
                "amount_paid": "56.50",
                "amount_net": "56.50",
                "fee": "0.00",
                "interest_and_fine": "0.00",
                "discount": "0.00",
                "paid_on": "2026-11-10",
                "credited_on": None,
            },
        ],
    }


def test_the_table_marks_payments_and_sums_them_alone(tmp_path: Path):
    result = show(tmp_path, ITAU)
    assert result.exit_code == 0, result.output
    assert "341 Itaú, cnab400, of 2026-11-11" in result.stdout
    rows = [text.split() for text in result.stdout.splitlines() if "00231327" in text or "00123442" in text]
    assert rows[0][:4] == ["2", "00231327", "*", "06"]
    assert rows[1][:3] == ["3", "00123442", "25"]
    assert "2 titles, 1 of them payments (*):" in result.stdout
    sums = {
        t.split()[0]: t.split()[-1]
        for t in result.stdout.splitlines()
        if t.startswith("  ") and "R$" in t[:30]
    }
    assert (sums["paid"], sums["credited"], sums["fees"]) == ("40,00", "37,90", "2,10")


def test_a_payment_taken_back_and_records_passed_over_are_said(tmp_path: Path):
    lines = written("237", "cnab400", Boleto("000000000097", occurrence="40"))
    lines = [*lines[:2], "4".ljust(394) + "000003", put(lines[2], 395, "000004")]
    result = show(tmp_path, lines)
    assert "1 take a payment back (!): look at each." in result.stdout
    assert "Records that say nothing of a title's money: 1 of type 4." in result.stdout


def test_notes_go_to_standard_error_so_that_the_json_stays_whole(tmp_path: Path):
    result = show(tmp_path, ITAU[:-1], "--json")
    assert result.exit_code == 0
    assert len(json.loads(result.stdout)["records"]) == 2
    assert result.stderr == "CB111126.RET: no trailer: the file may have been cut off\n"


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_refused_file_says_every_problem_and_ends_with_two(tmp_path: Path, options: tuple[str, ...]):
    lines = [ITAU[0], put(ITAU[1], 254, "X" * 2), put(ITAU[2], 111, "311126"), ITAU[3]]
    result = show(tmp_path, lines, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "CB111126.RET is refused: 2 problems: nothing of the file is taken",
        "  line 2, columns 254-266: amount paid 'XX00000003790' is not a whole number",
        "  line 3, columns 111-116: day of the occurrence '311126' is not a date (DDMMYY)",
    ]


def test_a_long_list_of_problems_says_how_many_more_there_are(tmp_path: Path):
    lines = written("237", "cnab400", *(Boleto(f"{n:012d}") for n in range(60)))
    result = show(tmp_path, [put(text, 153, "?") if text[0] == "1" else text for text in lines])
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == "  ... and 10 more"


def test_a_remessa_ends_with_two_and_its_reason(tmp_path: Path):
    result = show(tmp_path, [put(ITAU[0], 1, "01REMESSA"), *ITAU[1:]])
    assert result.exit_code == 2
    assert "this is a remessa" in result.stderr


def test_a_file_that_is_not_there_ends_with_two(tmp_path: Path):
    result = CliRunner().invoke(cnab, ["show", str(tmp_path / "none.ret")])
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_no_database_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    file = tmp_path / "a.ret"
    file.write_bytes(octets(ITAU))
    result = CliRunner().invoke(main.main, ["cnab", "show", str(file)])
    assert result.exit_code == 0, result.output


def test_the_manual_names_every_bank_and_the_layouts_that_are_read():
    rows = [text.split("|") for text in MANUAL.read_text("utf-8").splitlines() if text[2:5].isdigit()]
    said = {cells[1].split()[0]: (cells[2].strip() != "no", cells[3].strip() != "no") for cells in rows}
    assert said == {
        code: (bank.layout_240 is not None, bank.layout_400 is not None) for code, bank in BANKS.items()
    }

"""`religa amount`: what dated Pix charges cost, from files, without a database."""

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from religa.entrypoints.commands import main
from religa.entrypoints.commands.amount import amount

PAGE = Path(__file__).parents[3] / "docs" / "operators" / "amounts.md"
BODY: dict[str, Any] = {
    "calendario": {"dataDeVencimento": "2026-12-10"},
    "valor": {
        "original": "99.90",
        "multa": {"modalidade": 2, "valorPerc": "2.00"},
        "juros": {"modalidade": 3, "valorPerc": "1.00"},
    },
    "pago_em": "2026-12-12",
}
LINE = (
    '{"abatimento":"0.00","desconto":"0.00","juros":"0.06","multa":"1.99","total":"101.95",'
    '"last_payable_day":"2027-01-11"}\n'
)


def ask(*arguments: object, **more: Any) -> Result:
    return CliRunner().invoke(amount, [str(a) for a in arguments], catch_exceptions=False, **more)


@pytest.fixture
def file(tmp_path):
    """`file(content)`: the path of a file that holds it, as JSON unless it is text."""

    def write(content: object, name: str = "charge.json") -> Path:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write


def paid(on: str, **changes: object) -> dict[str, Any]:
    return {**deepcopy(BODY), "pago_em": on, **changes}


def test_each_charge_is_one_line_of_json(file):
    answer = ask("--json", file(BODY), file([paid("2026-12-10"), paid("2026-12-21")], "two.json"))
    assert (answer.exit_code, answer.stderr) == (0, "")
    first, *others = answer.stdout.splitlines(keepends=True)
    assert first == LINE
    assert [json.loads(line)["total"] for line in others] == ["99.90", "102.25"]


def test_the_standard_input_is_a_file_named_by_a_hyphen():
    assert ask("--json", "-", input=json.dumps(BODY)).stdout == LINE


def test_a_mark_in_front_of_the_text_is_no_problem(tmp_path):
    path = tmp_path / "windows.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(BODY).encode())
    assert ask("--json", path).stdout == LINE


def test_it_needs_no_database(file, monkeypatch, tmp_path):
    monkeypatch.setenv("RELIGA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr("religa.entrypoints.commands.database.provided", lambda: pytest.fail("asked for one"))
    answer = CliRunner().invoke(main.main, ["amount", "--json", str(file(BODY))], catch_exceptions=False)
    assert answer.stdout == LINE
    assert not (tmp_path / "home").exists()


def test_a_bad_file_is_told_whole_and_the_others_are_answered(file):
    bad = paid("12/12/2026")
    bad["valor"]["juros"]["modalidade"] = 9
    path = file(bad, "bad.json")
    answer = ask("--json", file(BODY, "a.json"), path, file(BODY, "c.json"))
    assert (answer.exit_code, answer.stdout) == (2, LINE * 2)
    assert answer.stderr.splitlines() == [
        f"{path}: valor.juros.modalidade: 9 is not one of 1 to 8",
        f'{path}: pago_em: "12/12/2026" is not a day: write it as text, as YYYY-MM-DD',
    ]


def test_a_list_with_a_bad_charge_is_left_out_whole(file):
    path = file([BODY, {**BODY, "pago_em": None}, 7])
    answer = ask("--json", path)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr.splitlines() == [
        f"{path}: [1]: pago_em: is missing: write a day as YYYY-MM-DD",
        f"{path}: [2]: 7 is not a charge: write an object with calendario, valor and pago_em",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1, column 1: is not JSON: Expecting value"),
        ('{"a": 1,\n "b": }', "line 2, column 7: is not JSON: Expecting value"),
        ('{"valor": 1, "valor": 2}', "valor stands twice in one object: keep one of the two"),
        ('{"valor": NaN}', "NaN is not a number"),
        ("[]", "holds no charge"),
        ("[" * 100_000, "is nested too deeply for a charge"),
        ("9" * 5_000, "a number of 5000 digits is nothing that a charge says\n"),
    ],
)
def test_a_file_that_is_no_json_is_told_why(file, text, problem):
    path = file(text)
    answer = ask("--json", path)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr.startswith(f"{path}: {problem}")


def test_a_file_that_cannot_be_read_is_told_why(tmp_path):
    (tmp_path / "latin").write_bytes(b'"\xe7"')
    answer = ask("--json", tmp_path / "none.json", tmp_path, tmp_path / "latin")
    assert answer.exit_code == 2
    assert answer.stderr.splitlines() == [
        f"{tmp_path}/none.json: cannot be read: No such file or directory",
        f"{tmp_path}: cannot be read: Is a directory",
        f"{tmp_path}/latin: is not UTF-8 text: save it again with that encoding",
    ]


def test_a_payment_after_the_last_payable_day_is_answered_and_said(file):
    path = file(paid("2027-01-12"))
    answer = ask("--json", path)
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["total"] == "102.98"
    assert answer.stderr == (
        f"{path}: paid on 2027-01-12, after 2027-01-11, the last payable day: "
        "the bank refuses this payment, the sum is only what the rule gives\n"
    )
    assert ask("--json", file(paid("2027-01-11"))).stderr == ""


def test_a_discount_that_leaves_nothing_is_a_problem_of_the_file(file):
    body = paid("2026-11-30")
    body["valor"]["desconto"] = {"modalidade": 5, "valorPerc": "10.00"}
    path = file(body)
    answer = ask("--json", path)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr == (
        f"{path}: valor.desconto: on 2026-11-30 abatimento (0.00) and desconto (99.90) leave nothing to pay "
        "of 99.90\n"
    )


# -- the payer's municipality -----------------------------------------------------------------------------------

# Friday 9 July 2027 is a holiday of São Paulo: due then, paid on Monday, it is late or not.
NINTH = {"calendario": {"dataDeVencimento": "2027-07-09"}}


@pytest.mark.parametrize(
    ("options", "place", "total"),
    [
        ((), None, "101.98"),  # by the nation's bank holidays alone: three days
        (("--municipality", "SP"), None, "99.90"),
        (("--municipality", "3550308"), None, "99.90"),
        (("--municipality", "SP/3550308"), None, "99.90"),
        ((), "3550308", "99.90"),
        (("--municipality", "SP"), "2304400", "101.98"),  # the body's own word counts
    ],
)
def test_the_holidays_are_those_of_the_payers_municipality(file, options, place, total):
    body = paid("2027-07-12", **NINTH, codMun=place)
    assert json.loads(ask("--json", *options, file(body)).stdout)["total"] == total


def test_a_municipality_of_the_providers_own_list_counts(file, settings, tmp_path):
    settings.HOLIDAY_FILE = tmp_path / "holidays.toml"
    settings.HOLIDAY_FILE.write_text('[municipality.2304400]\n"10/12" = "Padroeira"\n', encoding="utf-8")
    assert json.loads(ask("--json", "--municipality", "CE/2304400", file(BODY)).stdout)["juros"] == "0.03"
    assert ask("--json", file(BODY)).stdout == LINE


@pytest.mark.parametrize("place", ["XX", "sp", "9900000", "355", "SP/2304400"])
def test_a_place_that_does_not_exist_is_refused_before_anything_is_read(file, place):
    answer = ask("--json", "--municipality", place, file(BODY))
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "Invalid value for --municipality" in answer.stderr


def test_a_municipality_in_a_body_that_does_not_exist_is_a_problem_of_the_file(file):
    path = file(paid("2026-12-12", codMun="9900000"))
    answer = ask("--json", path)
    assert answer.exit_code == 2
    assert answer.stderr.startswith(f"{path}: codMun: '9900000' is not the code of a municipality")


# -- for people -------------------------------------------------------------------------------------------------


def test_without_json_it_is_a_table_with_the_amount_of_each_method(file):
    path = file([BODY, paid("2026-12-10")])
    head, *rows = ask(path).stdout.splitlines()
    assert head.split() == [
        *("paid", "on", "abatimento", "desconto", "juros", "multa"),
        *("by", "Pix", "by", "boleto", "payable", "to", "file"),
    ]
    assert [row.split() for row in rows] == [
        ["2026-12-12", "0.00", "0.00", "0.06", "1.99", "101.95", "102.02", "2027-01-11", f"{path}[0]"],
        ["2026-12-10", "0.00", "0.00", "0.00", "0.00", "99.90", "99.90", "2027-01-11", f"{path}[1]"],
    ]


def test_the_example_of_the_manual_is_true(file):
    page = PAGE.read_text(encoding="utf-8")
    body = re.search(r"^```json\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert body is not None
    assert ask("--json", file(body[1])).stdout in page
    assert ask(file(body[1])).stdout.splitlines()[1].rpartition("  ")[0] in page

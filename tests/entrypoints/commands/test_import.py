"""`religa import` as an operator calls it: files in a folder, a report, files to look through afterwards."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from religa.actions.importing import columns, words
from religa.actions.importing.problems import What
from religa.entrypoints.commands import import_
from religa.entrypoints.commands.progress import Bar
from religa.records.models import Contract, ContractAccess, ImportBatch, Invoice

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples/import"
MANUAL = ROOT / "docs/operators/import.md"


def call(*arguments: object):
    return CliRunner().invoke(import_.command, [str(a) for a in arguments])


@pytest.mark.django_db
def test_the_example_is_tried_out_then_written_then_found_unchanged():
    trial = call(EXAMPLE)
    assert (trial.exit_code, Contract.objects.count()) == (0, 0), trial.output
    assert "Foi só um ensaio: nada foi gravado" in trial.output
    applied = call(EXAMPLE, "--apply")
    assert applied.exit_code == 0, applied.output
    assert "assinantes.csv (utf-8, ponto e vírgula): 6 registros: 6 novos" in applied.output
    assert ContractAccess.objects.filter(access="walled").count() == 1
    again = call(EXAMPLE, "--apply")
    assert (
        "assinantes.csv (utf-8, ponto e vírgula): 6 registros: 0 novos, 0 alterados, 6 iguais" in again.output
    )
    assert ImportBatch.objects.filter(state="done").count() == 2


@pytest.mark.django_db
def test_the_cut_over_list_names_contracts_and_reasons_and_no_person(tmp_path):
    call(EXAMPLE, "--cutover", tmp_path / "virada.csv")
    rows = list(csv.reader((tmp_path / "virada.csv").open(encoding="utf-8-sig"), delimiter=";"))
    assert rows[0] == ["contrato", "hoje", "depois da virada", "motivo", "até"]
    assert {(r[0], r[1], r[2]) for r in rows[1:]} == {
        ("C1002", "liberado", "liberado, com dívida para bloquear"),
        ("C1003", "bloqueado", "bloqueado"),
        ("C1004", "bloqueado", "liberado"),
    }
    assert "Exemplo" not in (tmp_path / "virada.csv").read_text("utf-8")


@pytest.mark.django_db
def test_errors_are_said_with_their_place_and_written_harmlessly(tmp_path):
    (tmp_path / "provedor.csv").write_text("cnpj;nome\n12.ABC.345/01DE-35;Exemplo\n")
    (tmp_path / "assinantes.csv").write_text("id;cpf;nome;idioma\nA1;390.533.447-06;Ana;+1\n")
    done = call(tmp_path, "--apply", "--errors", tmp_path / "erros.csv")
    assert done.exit_code == 1
    assert (
        'ERRO: assinantes.csv, linha 2, cpf "***.533.***-**": os dígitos verificadores não conferem'
        in done.output
    )
    assert "Nada foi gravado: 2 erros" in done.output
    rows = list(csv.reader((tmp_path / "erros.csv").open(encoding="utf-8-sig"), delimiter=";"))
    assert [r[:4] for r in rows[1:]] == [
        ["assinantes.csv", "2", "cpf", "***.533.***-**"],
        ["assinantes.csv", "2", "idioma", "'+1"],
    ]


@pytest.mark.django_db
def test_the_report_can_be_in_english(tmp_path):
    (tmp_path / "subscribers.csv").write_text("id;cpf;nome\nA1;1;Ana\n")
    assert "Nothing was written" in call(tmp_path, "--lang", "en").output


@pytest.mark.django_db
def test_a_password_stands_nowhere_in_what_is_said(tmp_path):
    (tmp_path / "logins.csv").write_text("login;contrato;senha\nana;C9;segredo-de-ana\n;C9;outro-segredo\n")
    (tmp_path / "provedor.csv").write_text("cnpj;nome\n12.ABC.345/01DE-35;Exemplo\n")
    done = call(tmp_path, "--errors", tmp_path / "erros.csv")
    assert done.exit_code == 1
    assert "segredo" not in done.output + (tmp_path / "erros.csv").read_text("utf-8")


@pytest.mark.django_db
def test_a_file_of_any_name_can_be_said_to_hold_something():
    done = call(*(f"{path.stem}={path}" for path in sorted(EXAMPLE.glob("*.csv"))))
    assert done.exit_code == 0, done.output
    assert "faturas.csv" in done.output


def test_a_file_that_nobody_knows_is_refused_by_name(tmp_path):
    (tmp_path / "coisas.csv").write_text("a;b\n")
    done = call(tmp_path / "coisas.csv")
    assert done.exit_code == 2
    assert "não sei o que este arquivo contém" in done.output


@pytest.mark.django_db
def test_a_thousand_made_up_subscribers_come_in(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import make_import_sample as sample

    sample.make(1000, tmp_path, date(2026, 11, 20))
    done = call(tmp_path, "--apply")
    assert done.exit_code == 0, done.output
    assert (Contract.objects.count(), Invoice.objects.count()) == (1000, 3000)
    assert ContractAccess.objects.filter(decided_with="").count() == 0
    assert ContractAccess.objects.filter(access="walled").count() > 0


def test_the_progress_bar_is_silent_where_nobody_looks():
    stream = io.StringIO()
    bar = Bar({"read": "lendo"}, stream)
    bar.step("read", "faturas.csv", 10)
    bar.advance(10)
    bar.over()
    assert stream.getvalue() == ""


def test_the_progress_bar_says_what_is_done_and_how_far():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    bar = Bar({"read": "lendo"}, stream)
    bar.step("read", "faturas.csv", 10)
    bar.drawn_at = 0
    bar.advance(5)
    assert stream.getvalue().endswith("[############------------]  50%  lendo faturas.csv")


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("what", list(What))
def test_every_problem_has_words_in_every_language(what, language):
    assert "{" not in words.reason(what, "x", language)
    assert "{" not in words.reason(what, "", language)


def test_the_manual_names_every_file_and_column():
    manual = MANUAL.read_text("utf-8")
    titles = {f"`{c.title}`" for kind in columns.COLUMNS.values() for c in kind}
    names = {f"`{names[0]}.csv`" for names in columns.FILE_NAMES.values()}
    assert {name for name in titles | names if name not in manual} == set()
    assert {f"`{names[1]}.csv`" for names in columns.FILE_NAMES.values()} <= set(
        re.findall(r"`[a-z_]+\.csv`", manual)
    )

"""`religa cnab import` as an operator calls it."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from actions import world
from actions.money import files
from cnab_files import Boleto, octets, written
from religa.entrypoints.commands import database
from religa.entrypoints.commands.cnab import cnab
from religa.records.models import BankFile, Payment

pytestmark = pytest.mark.django_db
PAID = Boleto("00231327")


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.setattr(database, "provided", nullcontext)


@pytest.fixture
def bruno(db) -> int:
    provider = world.provider()
    files.account(provider)
    contract = world.contract(provider, "bruno")
    world.bill(contract, "F1")
    files.title("F1", "109/00231327-5")
    return contract


def save(folder: Path, *titles: Boleto, name: str = "CB111126.RET", bank: str = "341") -> str:
    path = folder / name
    path.write_bytes(octets(written(bank, "cnab400", *titles)))
    return str(path)


def call(*paths: str) -> Result:
    return CliRunner().invoke(cnab, ["import", *paths])


def test_a_file_is_brought_in_and_its_counts_are_said(tmp_path, bruno):
    result = call(save(tmp_path, PAID, Boleto("00999999"), Boleto("00231327", occurrence="25")))
    assert (result.exit_code, result.stderr) == (0, "")
    head, row = result.stdout.splitlines()
    assert head.split()[:4] == ["file", "account", "records", "credited"]
    assert row.split() == ["CB111126.RET", "Itaú", "cobrança", "3", "1", "R$", "99,90", "0", "1", "1", "0"]
    assert Payment.objects.count() == 1 and BankFile.objects.get().author


def test_the_same_file_again_says_when_and_by_whom_it_was_read(tmp_path, bruno):
    path = save(tmp_path, PAID)
    call(path)
    result = call(path)
    assert result.exit_code == 0
    assert "already read on 20" in result.stderr and BankFile.objects.get().author in result.stderr
    assert Payment.objects.count() == 1


def test_a_file_that_is_refused_keeps_no_other_back_and_the_exit_code_says_so(tmp_path, bruno):
    broken = tmp_path / "foto.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 no file of a bank")
    other = save(tmp_path, Boleto("00000000030P"), name="bradesco.ret", bank="237")
    result = call(str(broken), other, save(tmp_path, PAID))
    assert result.exit_code == 2
    assert "foto.jpg is refused" in result.stderr
    assert (
        "bradesco.ret is refused: there is no account here that is fed by files of this bank (bank 237"
        in result.stderr
    )
    assert [line.split()[1] for line in result.stdout.splitlines()[1:]] == ["refused", "refused", "Itaú"]
    assert Payment.objects.count() == 1


def test_a_file_of_an_account_that_is_not_here_is_refused_with_what_its_header_says(tmp_path, bruno):
    from religa.records.models import PaymentAccount

    PaymentAccount.objects.update(number="777")
    result = call(save(tmp_path, PAID))
    assert result.exit_code == 2
    assert (
        "it is of an account that is not here (bank 341, header: agency 0111, account 123450; here: Itaú cobrança)"
        in (result.stderr)
    )


def test_a_record_that_is_set_aside_makes_the_exit_code_1(tmp_path, bruno, monkeypatch):
    from religa.actions.money import file_records

    def cannot(*_):
        raise ValueError("not this one")

    monkeypatch.setattr(file_records, "money", cannot)
    result = call(save(tmp_path, PAID))
    assert result.exit_code == 1
    assert "line 2 is set aside: ValueError: not this one" in result.stderr


def test_a_large_file_is_read_by_two(tmp_path, bruno, monkeypatch):
    from concurrent.futures import Executor, Future

    class Both(Executor):
        given = 0

        def submit(self, call, /, *arguments, **more):
            Both.given += 1
            future: Future = Future()
            future.set_result(call(*arguments, **more))
            return future

    monkeypatch.setattr("religa.entrypoints.commands.cnab._LARGE", 2)
    monkeypatch.setattr("religa.entrypoints.commands.cnab._helpers", Both)
    result = call(save(tmp_path, PAID, *(Boleto(f"{n:08d}") for n in range(90, 100))))
    assert result.exit_code == 0 and Both.given == 2
    assert result.stdout.splitlines()[1].split()[3:9] == ["11", "1", "R$", "99,90", "0", "10"]

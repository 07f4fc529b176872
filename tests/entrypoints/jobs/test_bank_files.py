"""Return files that another program puts into a folder."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from actions import world
from actions.money import files
from actions.money.files import AT
from cnab_files import Boleto, octets, written
from religa.entrypoints import jobs
from religa.entrypoints.jobs import bank_files
from religa.entrypoints.jobs.bank_files import Look
from religa.records.models import BankFile, Payment, PaymentAccount, Provider

pytestmark = pytest.mark.django_db
GOOD = octets(written("341", "cnab400", Boleto("00231327")))
NAME = "CB111126.RET"


@pytest.fixture
def bruno(db) -> int:
    provider = world.provider()
    files.account(provider)
    contract = world.contract(provider, "bruno")
    world.bill(contract, "F1")
    files.title("F1", "109/00231327-5")
    return contract


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "retornos"
    made.mkdir()
    return made


def looked(folder: Path, times: int = 2) -> None:
    """As a worker does it, a minute after the other."""
    seen = Look({})
    for _ in range(times):
        seen = bank_files.take(folder, seen, at=AT)


def names(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir())


def test_a_file_is_read_at_the_second_look_and_moves_with_its_story(folder, bruno):
    (folder / NAME).write_bytes(GOOD)
    looked(folder, times=1)
    assert names(folder) == [NAME] and not Payment.objects.exists()
    looked(folder)
    assert names(folder) == [f"lidos/{NAME}", f"lidos/{NAME}.txt"]
    assert Payment.objects.count() == 1
    said = (folder / "lidos" / f"{NAME}.txt").read_text()
    assert "Lido na conta Itaú cobrança." in said and "1 registros: 1 creditados" in said


def test_a_file_that_still_grows_is_left_alone(folder, bruno):
    (folder / NAME).write_bytes(GOOD[:402])
    seen = bank_files.take(folder, Look({}), at=AT)
    (folder / NAME).write_bytes(GOOD)
    seen = bank_files.take(folder, seen, at=AT)
    assert names(folder) == [NAME]
    bank_files.take(folder, seen, at=AT)
    assert names(folder)[0] == f"lidos/{NAME}"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xd8 a picture", "Recusado; nada foi lido."),
        (GOOD[:402] + b"x" * 400, "Linha 2"),
        (b"", "Recusado"),
    ],
    ids=["picture", "broken", "empty"],
)
def test_what_cannot_be_read_is_put_aside_with_the_reason(folder, bruno, data, said):
    (folder / "x.ret").write_bytes(data)
    looked(folder)
    assert names(folder) == ["recusados/x.ret", "recusados/x.ret.txt"]
    assert said in (folder / "recusados/x.ret.txt").read_text()
    assert (folder / "recusados/x.ret").read_bytes() == data


def test_a_file_of_an_account_that_is_not_here_is_refused_with_what_it_says(folder, bruno):
    PaymentAccount.objects.update(number="777")
    (folder / NAME).write_bytes(GOOD)
    looked(folder)
    said = (folder / "recusados" / f"{NAME}.txt").read_text()
    assert "não está cadastrada" in said and "banco 341, agência 0111, conta 123450, convênio -" in said


def test_of_several_providers_the_one_is_meant_whose_account_it_is(folder, bruno):
    mine = PaymentAccount.objects.get()
    other = Provider.objects.create(
        name="Outra Net", cnpj="11222333000181", zone="America/Fortaleza", uf="CE"
    )
    files.account(other, agency="0222", number="54321-0")
    (folder / NAME).write_bytes(GOOD)
    looked(folder)
    assert BankFile.objects.get().payment_account_id == mine.pk


def test_a_name_that_comes_again_overwrites_nothing(folder, bruno):
    for last in ("00231327", "00999999", "00231327"):
        (folder / NAME).write_bytes(octets(written("341", "cnab400", Boleto(last))))
        looked(folder)
    moved = names(folder)
    assert len(moved) == 6 and f"lidos/{NAME}" in moved
    assert "Já lido em 11/11/2026" in (folder / "lidos" / "CB111126.202611111100001.RET.txt").read_text()
    assert Payment.objects.count() == 1


def test_links_folders_and_what_is_under_way_are_not_looked_at(folder, bruno, tmp_path):
    secret = tmp_path / "elsewhere.ret"
    secret.write_bytes(GOOD)
    (folder / "link.ret").symlink_to(secret)
    (folder / "sub").mkdir()
    (folder / "sub" / NAME).write_bytes(GOOD)
    (folder / "CB.RET.part").write_bytes(GOOD)
    (folder / ".hidden").write_bytes(GOOD)
    os.mkfifo(folder / "pipe")
    looked(folder)
    assert not Payment.objects.exists() and secret.exists()
    assert not (folder / "lidos").exists() and not (folder / "recusados").exists()


def test_a_file_that_another_worker_reads_is_left_to_it(folder, bruno):
    (folder / NAME).write_bytes(GOOD)
    with open(folder / NAME, "rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        looked(folder)
        assert names(folder) == [NAME] and not Payment.objects.exists()
    looked(folder)
    assert Payment.objects.count() == 1


def test_one_file_that_fails_keeps_no_other_back_and_stays(folder, bruno, monkeypatch):
    (folder / "a.ret").write_bytes(octets(written("341", "cnab400", Boleto("00000001"))))
    (folder / NAME).write_bytes(GOOD)
    good = bank_files.import_file

    def fails(file, *, name, **more):
        if name == "a.ret":
            raise RuntimeError("the disk is full")
        return good(file, name=name, **more)

    monkeypatch.setattr(bank_files, "import_file", fails)
    looked(folder)
    assert names(folder) == sorted(["a.ret", f"lidos/{NAME}", f"lidos/{NAME}.txt"], key=str)


def test_the_job_looks_where_the_setting_says_and_nowhere_without_it(folder, bruno, settings, caplog):
    settings.BANK_FILES_FOLDER = None
    jobs.read_bank_files(0)
    settings.BANK_FILES_FOLDER = folder
    (folder / NAME).write_bytes(GOOD)
    jobs.read_bank_files(0)
    jobs.read_bank_files(60)
    assert names(folder)[0] == f"lidos/{NAME}"
    settings.BANK_FILES_FOLDER = folder / "nowhere"
    jobs.read_bank_files(120)
    assert "there is no folder" in caplog.text

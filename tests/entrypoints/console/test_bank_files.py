"""The page of return files: brought in, listed, read record by record."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from actions import world
from actions.money import files
from cnab_files import Boleto, octets, written
from religa.records.models import BankFile, Payment, PaymentAccount, Provider

from ..reading import text_of

pytestmark = pytest.mark.django_db
PAGE = "/console/arquivos/"
PAID = Boleto("00231327")


@pytest.fixture
def bruno(provider) -> int:
    files.account(provider)
    contract = world.contract(provider, "bruno")
    world.bill(contract, "FCNAB")
    files.title("FCNAB", "109/00231327-5")
    return contract


def upload(client, data: bytes, name: str = "CB111126.RET", **more):
    return client.post(PAGE, {"arquivo": SimpleUploadedFile(name, data)}, **more)


def cnab(*titles: Boleto) -> bytes:
    return octets(written("341", "cnab400", *titles))


def test_an_uploaded_file_is_read_and_its_page_says_what_became_of_it(staff, bruno):
    done = upload(
        staff("finance"), cnab(PAID, Boleto("00999999"), Boleto("00231327", occurrence="25")), follow=True
    )
    text = text_of(done)
    assert "Arquivo lido." in text and "Itaú cobrança (banco 341, CNAB400)" in text
    assert "Creditados 1, R$ 99,90" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Não identificados 1, R$ 99,90" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Bruno" in text and "não é pagamento" in text
    assert (Payment.objects.filter(contract_id=bruno).count(), BankFile.objects.get().author) == (
        1,
        "Finance",
    )


def test_the_same_file_again_says_so_and_shows_it(staff, bruno):
    client = staff("finance")
    upload(client, cnab(PAID))
    assert "já tinha sido lido. Nada mudou." in text_of(upload(client, cnab(PAID), follow=True))
    assert Payment.objects.filter(contract_id=bruno).count() == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "O arquivo está vazio."),
        (b"\xff\xd8 a picture", "Não é um arquivo retorno"),
        (cnab(PAID)[:402] + b"x" * 398 + b"\r\n", "Linha 2"),
        (b" " * (20 * 1024 * 1024 + 1), "O arquivo passa de 20 MB."),
    ],
    ids=["empty", "picture", "broken", "too large"],
)
def test_what_cannot_be_read_is_refused_in_words(staff, bruno, data, said):
    page = upload(staff("manager"), data)
    assert page.status_code == 422 and said in text_of(page)
    assert not BankFile.objects.exists()


def test_a_post_without_a_file_asks_for_one(staff, bruno):
    page = staff("manager").post(PAGE)
    assert page.status_code == 422 and "Escolha um arquivo." in text_of(page)


def test_a_file_of_another_account_says_what_its_header_names(staff, bruno):
    PaymentAccount.objects.update(number="777")
    page = upload(staff("manager"), cnab(PAID))
    assert page.status_code == 422
    assert (
        "No cabeçalho: banco 341, agência 0111, conta 123450, convênio -. Contas deste banco aqui: Itaú cobrança."
        in (text_of(page))
    )


def test_records_are_filtered_by_what_became_of_them(staff, bruno):
    client = staff("finance")
    upload(client, cnab(PAID, Boleto("00999999")))
    one = f"{PAGE}{BankFile.objects.get().pk}/"
    assert "00999999" in text_of(client.get(one)) and "00231327" in text_of(client.get(one))
    only = text_of(client.get(one, {"resultado": "unidentified"}))
    assert "00999999" in only and "00231327" not in only
    assert "Nenhum com este resultado." in text_of(client.get(one, {"resultado": "noted"}))


@pytest.mark.parametrize(
    "asked", [{"pagina": "0"}, {"pagina": "-1"}, {"pagina": "9" * 30}, {"pagina": "²"}, {"resultado": "x"}]
)
def test_odd_questions_about_records_are_answered(staff, bruno, asked):
    client = staff("finance")
    upload(client, cnab(PAID))
    assert client.get(f"{PAGE}{BankFile.objects.get().pk}/", asked).status_code == 200


def test_a_long_file_has_pages(staff, bruno):
    client = staff("finance")
    upload(client, cnab(*(Boleto(f"{n:08d}") for n in range(500, 601))))
    one = f"{PAGE}{BankFile.objects.get().pk}/"
    first = text_of(client.get(one))
    assert "00000599" in first and "00000600" not in first and "Página seguinte" in first
    second = text_of(client.get(one, {"pagina": "2"}))
    assert "00000600" in second and "00000599" not in second and "Página anterior" in second


def test_notes_and_records_set_aside_are_said(staff, bruno, monkeypatch):
    from religa.actions.money import file_records

    good = file_records.money

    def bad(of, record, at):
        if record.nosso_numero == "00999999":
            raise ValueError("not <this> one")
        return good(of, record, at)

    monkeypatch.setattr(file_records, "money", bad)
    data = octets(written("341", "cnab400", PAID, Boleto("00999999"))[:-1])  # without its trailer
    text = text_of(upload(staff("finance"), data, follow=True))
    assert "1 registro não entrou" in text and "Linha 3: ValueError: not <this> one" in text
    assert "Falta o trailer" in text


def test_a_file_that_was_not_finished_says_how_to_go_on(staff, bruno):
    client = staff("finance")
    upload(client, cnab(PAID))
    BankFile.objects.update(finished_at=None, counts={})
    assert "Parou no meio" in text_of(client.get(PAGE))
    assert "A leitura parou no meio." in text_of(client.get(f"{PAGE}{BankFile.objects.get().pk}/"))


def test_files_of_another_provider_are_not_found(staff, bruno):
    other = Provider.objects.create(
        name="Outra Net", cnpj="11222333000181", zone="America/Fortaleza", uf="CE"
    )
    theirs = BankFile.objects.create(
        provider=other, sha256=b"1", name="deles.ret", bank="341", layout="cnab400", received_at=files.AT
    )
    client = staff("manager")
    assert "deles.ret" not in text_of(client.get(PAGE))
    assert client.get(f"{PAGE}{theirs.pk}/").status_code == 404


def test_without_the_forms_token_nothing_is_read(staff, bruno):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.cookies = staff("finance").cookies
    assert upload(client, cnab(PAID)).status_code == 403
    assert not BankFile.objects.exists()

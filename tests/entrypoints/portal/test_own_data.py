"""Meus dados: everything of one person, nothing of anybody else, no secret, and a note that it was given."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

import people
from religa.entrypoints.portal import export_files, own_data
from religa.entrypoints.portal.export_files import Table
from religa.records import raw
from religa.records.models import AccessRecord, DataExport, Message, ProtocolNumber
from religa.records.queries import own_data as queries
from religa.wording.own_data import COLUMN_NAMES, SECTION_NAMES

from ..reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def lived(maria, provider, now):
    """Maria has paid, promised, been written to and read about; so has a stranger."""
    stranger = people.blocked(provider, now, name="Outra Pessoa", number=1998)
    people.play(now)
    for one, name in ((maria, "MARIA"), (stranger, "ESTRANHA")):
        people.unlock(one, now)
        people.pay(one, 5_00, now, f"E-{name}")
        AccessRecord.objects.update_or_create(contract=one, defaults={"username": f"login-{name}"})
        Message.objects.create(
            provider=provider, contract=one, subscriber=one.subscriber, kind="code", channel="sms", address="55",
            text=f"codigo 123456 {name}", created_at=now,
        )  # fmt: skip
        raw.run(
            "INSERT INTO session_read (at, who, provider_id, contract_id, asked, reason) VALUES (%s, %s, %s, %s, %s, %s)",
            [now, "Helena do Atendimento", provider.pk, one.pk, "history", "processo em segredo"],
        )
    return maria


def take(client, form="json"):
    return client.post("/meus-dados/", {"formato": form})


def data(client):
    return json.loads(take(client).content)["data"]


def test_the_copy_has_everything_of_ones_own(enter, lived):
    found = data(enter(lived))
    assert set(found) == set(queries.SECTIONS)
    assert found["person"][0]["document"] == lived.subscriber.document
    assert [p["payment"] for p in found["payments"] if p["payment"] == "E-MARIA"] == ["E-MARIA"]
    for section in ("phones", "contracts", "logins", "invoices", "invoice_lines", "payment_parts", "notices", "messages",
                    "blocks", "unlocks", "contacts", "access_changes", "connection_records_read", "exports"):  # fmt: skip
        assert found[section], section
    assert found["unlocks"][0]["kind"] == "promise"


def test_the_copy_has_nothing_of_anybody_else_and_no_secret(enter, lived):
    for form in ("json", "zip"):
        text = take(enter(lived), form).content
        if form == "zip":
            with zipfile.ZipFile(io.BytesIO(text)) as packed:
                text = b"".join(packed.read(name) for name in packed.namelist())
        said = text.decode()
        for foreign in ("ESTRANHA", "Outra Pessoa", "123456", "Helena", "segredo", "digest", "password"):
            assert foreign not in said, foreign


def test_asking_is_written_down_and_kept_nowhere_else(enter, lived, now):
    answer = take(enter(lived), "zip")
    noted = DataExport.objects.get()
    assert (noted.subscriber_id, noted.format) == (lived.subscriber_id, "zip")
    assert ProtocolNumber.objects.filter(number=noted.protocol, subject="data_export").exists()
    assert answer["Cache-Control"] == "no-store, private" and "attachment" in answer["Content-Disposition"]


def test_the_files_can_be_read_by_people(enter, lived):
    with zipfile.ZipFile(io.BytesIO(take(enter(lived), "zip").content)) as packed:
        page = packed.read("index.html").decode()
        rows = list(csv.reader(io.StringIO(packed.read("payments.csv").decode("utf-8-sig")), delimiter=";"))
        assert json.loads(packed.read("dados.json"))["format"] == "religa-own-data"
    assert "Liberações em confiança" in page and "Promessa de pagamento" in page and "<script" not in page
    assert rows[0][:4] == ["contrato", "pagamento", "forma", "valor"]
    assert ["E-MARIA", "Pix", "R$ 5,00"] in [row[1:4] for row in rows]


def test_the_files_speak_the_readers_language(enter, lived):
    lived.subscriber.language = "en"
    lived.subscriber.save()
    with zipfile.ZipFile(io.BytesIO(take(enter(lived), "zip").content)) as packed:
        assert "Trust unlocks" in packed.read("index.html").decode()


def test_no_cell_is_a_formula():
    table = Table("t", "T", ["a"], [["=1+1"], ["@x"], ["+55"], ["-3"], ["\tx"], ["R$ 1,00"], [""]])
    written = export_files.as_csv(table).decode("utf-8-sig").splitlines()[1:]
    assert written == ["'=1+1", "'@x", "'+55", "'-3", "'\tx", "R$ 1,00", '""']


def test_looking_at_the_page_gives_nothing(enter, lived, tables):
    client = enter(lived)
    before = tables()
    assert "art. 18" in text_of(client.get("/meus-dados/"))
    assert client.post("/meus-dados/", {"formato": "exe"}).status_code == 422
    assert tables() == before


def test_copies_without_end_are_stopped(enter, lived, monkeypatch):
    monkeypatch.setattr(own_data, "ASKED", own_data.Limit("portal_export", 1, own_data.ASKED.within))
    client = enter(lived)
    assert [take(client).status_code for _ in range(2)] == [200, 429]


def test_every_table_and_column_has_a_name_in_every_language():
    assert set(SECTION_NAMES) == set(queries.SECTIONS)
    named = {column for columns, _ in queries.SECTIONS.values() for column in columns}
    assert named == set(COLUMN_NAMES)
    assert all(all(words) for words in (*SECTION_NAMES.values(), *COLUMN_NAMES.values()))


def test_what_came_before_the_holder_had_the_contract_is_not_his(lived, provider, now):
    from religa.actions import change_holder

    other = people.subscriber(provider, "Nova Dona", 1777)
    change_holder.change(contract_id=lived.pk, subscriber_id=other.pk, at=now + people.DAY / 86400)
    found = {section.name: section.rows for section in queries.of(other)}
    assert [row[0] for row in found["contracts"]] == [lived.external_id]
    for section in ("invoices", "payments", "payment_parts", "notices", "messages", "blocks", "unlocks", "contacts",
                    "connection_records_read"):  # fmt: skip
        assert found[section] == [], section

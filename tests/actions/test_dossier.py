"""A dossier tells everything about a contract, can be checked without us, and shows every change made to it."""

from __future__ import annotations

import copy
import io
import json
import os
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

import people
from religa.actions import (
    change_holder,
    compare_dossier,
    dispute,
    make_dossier,
    prove_notice,
    record_payment,
    switches,
)
from religa.actions.carry_out import Done
from religa.actions.compare_dossier import Unknown
from religa.domain.facts import Method
from religa.domain.proofs import Proof, ProofKind
from religa.entrypoints.common import dossier_pdf, dossier_words
from religa.records import dossiers, raw
from religa.records.dossiers import Sound, Unsound
from religa.records.models import Dossier, Message
from religa.records.queries import dossier as queries

KEPT: dict[str, bytes] = {}


@pytest.fixture
def now(db):
    from religa.records import locks

    return locks.database_now()


@pytest.fixture
def maria(now):
    """Blocked, trusted once, with something in nearly every part."""
    contract = people.blocked(people.provider(now), now)
    people.play(now - 12 * people.DAY)
    people.unlock(contract, now - 12 * people.DAY)
    people.play(now - people.DAY)
    other = people.bill(contract, due=people.days_ago(now, 20), amount=50_00)
    dispute.file(contract_id=contract.pk, invoice=other, at=now - people.DAY, reason="não <usei> & pronto")
    switches.turn_on(contract_id=contract.pk, switch="bar", at=now, reason="combinado")
    record_payment.record(
        contract_id=contract.pk, payment_id="E77", amount=10_00, method=Method.PIX, paid_at=now, at=now
    )
    proof = Proof(
        ProofKind.LETTER,
        now - 3 * people.DAY,
        "Maria das Dores",
        tracking_code="BR123456785BR",
        statement="leu",
    )
    blocking = f"{contract.external_id}-{people.days_ago(now, 45):%Y%m}"
    done = prove_notice.prove(
        contract_id=contract.pk, invoices=[blocking], proof=proof, at=now, author="Finance"
    )
    assert isinstance(done, Done)
    return contract


def made(contract, now, reason="processo 1/2026"):
    return make_dossier.make(contract_id=contract.pk, who="Finance", reason=reason, at=now)


@pytest.fixture
def file(request):
    """The bytes of one dossier, made once for all tests that only read it."""
    if "file" not in KEPT:
        KEPT["file"] = dossiers.written(
            made(request.getfixturevalue("maria"), request.getfixturevalue("now"))
        )
    return KEPT["file"]


@pytest.mark.django_db
def test_it_holds_every_part_and_is_sound(maria, now):
    document = json.loads(dossiers.written(made(maria, now)))
    parts = document["parts"]
    filled = {name for name, entries in parts.items() if entries}
    assert filled >= {
        "invoices", "notices", "messages", "suspensions", "unlocks", "payments", "disputes", "periods", "protocols",
        "policies", "access_changes",
    }  # fmt: skip
    debt = next(n for n in parts["notices"] if n["kind"] == "debt_notice" and n["automatic"])
    letter = next(m for m in parts["messages"] if m["notice"] == debt["notice"])
    assert "CNPJ" in letter["text"] and letter["template_version"] and letter["address"]
    assert [e["state"] for e in letter["events"]][:1] == ["queued"]
    assert next(n for n in parts["notices"] if n["proof"])["proof"]["tracking_code"] == "BR123456785BR"
    found = dossiers.check(dossiers.written(document))
    assert isinstance(found, Sound) and found.is_ours
    assert found.chain.changes == len(parts["access_changes"]) > 3


@pytest.mark.django_db
def test_who_made_it_is_kept_and_its_digest_too(maria, now):
    document = made(maria, now)
    kept = Dossier.objects.get()
    assert (kept.who, kept.reason, kept.contract_id) == ("Finance", "processo 1/2026", maria.pk)
    assert kept.sha256 == document["digests"]["whole"]


@pytest.mark.django_db
def test_a_code_of_the_holders_is_not_in_it(maria, now):
    Message.objects.create(
        provider_id=maria.provider_id, contract=maria, subscriber_id=maria.subscriber_id, kind="code", channel="sms",
        address="5581", text="135790 é o seu código", created_at=now,
    )  # fmt: skip
    assert b"135790" not in dossiers.written(made(maria, now))


@pytest.mark.django_db
def test_an_earlier_holder_stays_out_and_the_chain_holds(maria, now):
    heir = people.subscriber(maria.provider, "Joana Prado", 4001)
    change_holder.change(contract_id=maria.pk, subscriber_id=heir.pk, at=now + timedelta(seconds=1))
    document = made(maria, now + timedelta(seconds=2))
    text = dossiers.written(document).decode()
    assert "Joana Prado" in text and "Maria" not in text and "E77" not in text and "processo" in text
    assert document["parts"]["invoices"] == [] and document["parts"]["messages"] == []
    found = dossiers.check(text.encode())
    assert isinstance(found, Sound)
    assert 0 < found.chain.erased < found.chain.changes


@pytest.mark.django_db
def test_the_database_knows_its_own_and_says_what_went_on(maria, now):
    document = made(maria, now)
    answer = compare_dossier.compare(document)
    assert answer.agrees and answer.left_at == now and answer.changed == {}
    raw.run("UPDATE message SET text = '' WHERE contract_id = %s", [maria.pk])
    later = compare_dossier.compare(document)
    assert later.agrees and set(later.changed) == {"messages"}


@pytest.mark.django_db
def test_the_database_contradicts_a_file_whose_history_it_does_not_have(maria, now):
    document = made(maria, now)
    raw.run("UPDATE policy_version SET author = 'somebody else'")
    answer = compare_dossier.compare(document)
    assert not answer.agrees and answer.contradicted == ("policies",)


@pytest.mark.django_db
def test_a_dossier_that_never_left_or_is_of_elsewhere_is_not_taken_for_ours(maria, now):
    document = made(maria, now)
    Dossier.objects.all().delete()
    assert compare_dossier.compare(document).left_at is None
    document["provider"]["cnpj"] = "00000000000000"
    assert isinstance(compare_dossier.compare(document), Unknown)


def leaves(value, path=()):
    """Every place in a document that holds a plain value."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, (*path, key))
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from leaves(one, (*path, n))
    else:
        yield path


def put(document, path, value):
    changed = copy.deepcopy(document)
    *way, last = path
    place = changed
    for step in way:
        place = place[step]
    place[last] = value
    return changed


@pytest.mark.django_db
def test_whatever_single_value_is_changed_shows(file):
    document = json.loads(file)
    places = [p for p in leaves(document) if p not in {("digests", "algorithm"), ("digests", "canonical_form"),
                                                       ("signature", "algorithm")}]  # fmt: skip
    assert len(places) > 200

    @settings(max_examples=60, deadline=None)
    @given(st.sampled_from(places))
    def tampered(path):
        assert isinstance(dossiers.check(dossiers.written(put(document, path, "another"))), Unsound)

    tampered()


@pytest.mark.django_db
@pytest.mark.parametrize("part", queries.ORDER)
def test_an_entry_that_is_taken_away_or_moved_shows(file, part):
    document = json.loads(file)
    entries = document["parts"][part]
    for changed in (entries[1:], entries[::-1], [*entries, {"amount": 1}]):
        if changed != entries:
            document["parts"][part] = changed
            assert isinstance(dossiers.check(dossiers.written(document)), Unsound)


@pytest.mark.django_db
def test_whoever_works_out_all_digests_anew_still_lacks_the_key(file, settings):
    document = json.loads(file)
    document["parts"]["payments"] = []
    head = {name: document[name] for name in dossiers.HEAD[2:]}
    forged = dossiers.close(head, document["parts"])
    forged["signature"]["value"] = document["signature"]["value"]
    assert dossiers.check(dossiers.written(forged)) == Unsound(("The signature does not fit.",))
    settings.SECRETS_KEYS = ["of another installation" * 3]
    signed = dossiers.check(dossiers.written(dossiers.close(head, document["parts"])))
    assert isinstance(signed, Sound)
    settings.SECRETS_KEYS = []
    assert dossiers.check(dossiers.written(dossiers.close(head, document["parts"]))).is_ours
    settings.SECRETS_KEYS = ["a new key" * 5, "of another installation" * 3]
    assert signed.public_key != dossiers.public_key()


@pytest.mark.django_db
def test_a_chain_that_was_rewritten_shows_even_when_all_is_signed_again(file):
    document = json.loads(file)
    changes = document["parts"]["access_changes"]
    changes[1]["access"] = "closed"
    head = {name: document[name] for name in dossiers.HEAD[2:]}
    found = dossiers.check(dossiers.written(dossiers.close(head, document["parts"])))
    assert found == Unsound(("The chain of access changes is broken at change 2: was altered.",))


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"format": "religa-dossier"}', b"[" * 100_000, b'{"a":1,"a":2}',
     b'{"format":"religa-dossier","version":1,"digests":{"parts":7},"parts":3}', b'{"format":"x","version":NaN}'],
)  # fmt: skip
def test_any_other_file_is_no_dossier(content):
    assert isinstance(dossiers.check(content), Unsound)


@pytest.mark.django_db
def test_a_key_that_is_there_twice_is_not_taken(file):
    twice = file.replace(b'"version": 1,', b'"version": 1, "version": 1,', 1)
    assert isinstance(dossiers.check(twice), Unsound)


def text_of(pdf: bytes) -> tuple[str, PdfReader]:
    reader = PdfReader(io.BytesIO(pdf))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages), reader


@pytest.mark.django_db
def test_the_paper_says_what_the_file_says(file):
    document = json.loads(file)
    text, reader = text_of(dossier_pdf.drawn(document))
    bare = "".join(text.split())
    for page, content in enumerate(reader.pages, 1):
        words = content.extract_text()
        assert f"página {page} de {len(reader.pages)}" in words and document["digests"]["whole"] in words
    for part, entries in document["parts"].items():
        assert f"{dossier_words.PARTS[part]} ({len(entries)})" in text
    zone = people.ZONE
    for path in leaves(document["parts"]):
        value = document["parts"]
        for step in path:
            value = value[step]
        field = next(step for step in reversed(path) if isinstance(step, str))
        shown = dossier_words.said(field, value, zone)
        if len(shown) < 40:  # longer ones are broken over lines, and perhaps over pages
            assert "".join(shown.split()) in bare, (path, shown)
    for digest in document["digests"]["parts"].values():
        assert digest in bare
    assert "CNPJ" in text and "<usei>&pronto" in bare
    assert reader.metadata.subject.endswith(document["digests"]["whole"])


@pytest.mark.django_db
def test_every_field_has_a_name_in_portuguese(file):
    document = json.loads(file)
    named = {step for path in leaves({n: document[n] for n in ("provider", "contract", "holder", "parts")})
             for step in path if isinstance(step, str)}  # fmt: skip
    columns = named - set(document["parts"]) - {"provider", "contract", "holder", "parts", "hours"}
    assert columns - set(dossier_words.FIELDS) == set()


@pytest.mark.django_db
def test_the_same_document_is_the_same_paper_and_no_character_vanishes(file):
    document = json.loads(file)
    document["parts"]["messages"] = [{"text": "Olá 😀 ż\n" + "x" * 5_000 + "\0<b>", "message": 1}]
    first = dossier_pdf.drawn(document)
    assert first == dossier_pdf.drawn(document)
    assert "Olá [U+1F600] [U+017C]" in text_of(first)[0]


def test_the_name_of_a_file_has_nothing_odd_in_it():
    document = {"contract": {"number": '../10/a\r\n"', "key": 7}, "made": {"at": "2026-11-28T10:00:00+00:00"}}
    assert dossier_pdf.file_name(document) == "dossie-10-a-2026-11-28"
    assert os.sep not in dossier_pdf.file_name(document)

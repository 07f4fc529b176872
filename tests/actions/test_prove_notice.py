"""A notice given by hand is kept with its proof, counts as evidence, and leads to a block only through the guard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import transaction
from django.db.models import ProtectedError

from religa.actions import prove_notice
from religa.actions.carry_out import Done
from religa.domain.proofs import NotProven, Proof, ProofFault, ProofKind
from religa.records import errors, raw
from religa.records.errors import Broken
from religa.records.models import DeliveryEvent, Notice, NoticeProof

from . import world

pytestmark = pytest.mark.django_db
GIVEN = world.at("2026-11-12 12:00")
ENTERED = world.at("2026-11-20 15:00")
LETTER = Proof(ProofKind.LETTER, GIVEN, "Bruno", tracking_code="br 123456785 br", statement="disse tudo")


@pytest.fixture
def bruno():
    """His invoice of 10 November is late, and nothing was sent to him."""
    contract = world.contract(world.provider(), "bruno")
    world.bill(contract, "F1")
    return contract


def prove(contract, proof=LETTER, invoices=("F1",)):
    return prove_notice.prove(
        contract_id=contract, invoices=invoices, proof=proof, at=ENTERED, author="Agente: carta"
    )


def test_notice_evidence_and_proof_are_kept_together(bruno):
    done = prove(bruno)
    assert isinstance(done, Done)
    notice = Notice.objects.get(contract_id=bruno)
    assert (notice.kind, notice.sent_at, notice.automatic, notice.author) == (
        "debt_notice", GIVEN, False, "Agente: carta",
    )  # fmt: skip
    assert DeliveryEvent.objects.get(notice=notice).evidence == "delivered"
    kept = NoticeProof.objects.get(notice=notice)
    assert (kept.tracking_code, kept.received_by, kept.entered_at) == ("BR123456785BR", "Bruno", ENTERED)


def test_the_block_opens_on_its_day_and_no_notice_of_ours_is_sent_besides(bruno):
    prove(bruno)
    announced = Notice.objects.get(contract_id=bruno).opens_at
    world.play(world.at("2026-12-05 12:00"))
    [(access, opened)] = raw.rows(
        "SELECT a.access, s.opened_at FROM contract_access a JOIN suspension s USING (contract_id) WHERE contract_id = %s",
        [bruno],
    )
    assert (access, opened) == ("walled", announced)
    assert Notice.objects.filter(contract_id=bruno, kind="debt_notice").count() == 1


def test_what_is_not_proven_leaves_nothing(bruno):
    wrong = replace(LETTER, tracking_code="BR123456784BR", received_by="")
    assert prove(bruno, wrong) == NotProven((ProofFault.NO_RECEIVER, ProofFault.WRONG_TRACKING_CODE))
    assert prove(bruno, invoices=("F9",)) == NotProven((ProofFault.NOT_LATE,))
    assert not Notice.objects.exists() and not NoticeProof.objects.exists()


def test_an_invoice_of_somebody_else_is_not_found(bruno):
    other = world.billed(world.provider(cnpj="41222333000142"), "carla", "F2")
    assert prove(other) == NotProven((ProofFault.NOT_LATE,))


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({"tracking_code": ""}, "a letter is proven by its tracking code"),
        ({"kind": "call"}, "a call is proven by its protocol and its recording"),
        ({"kind": "signature"}, "a signature is proven by the paper, which is kept somewhere"),
        ({"given_at": world.at("2026-11-21 12:00")}, "a period does not end before it begins"),
        ({"scan_sha256": "xyz"}, "a SHA-256 has 64 hexadecimal digits"),
    ],
)
def test_the_database_keeps_no_proof_with_a_piece_missing(bruno, change, promise):
    prove(bruno)
    kept = NoticeProof.objects.values().get()
    notice = Notice.objects.create(contract_id=bruno, kind="debt_notice", sent_at=GIVEN)
    with pytest.raises(Broken, match=promise), errors.naming(), transaction.atomic():
        NoticeProof.objects.create(**{**kept, "id": None, "notice_id": notice.pk, **change})


def test_a_proof_keeps_its_notice(bruno):
    prove(bruno)
    with pytest.raises(ProtectedError):
        Notice.objects.all().delete()

"""Takes down a debt notice that was given by hand, with its proof; from then on it counts as any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from religa.actions.carry_out import Done, carry_out
from religa.domain import proofs
from religa.domain.proofs import NotProven, Proof
from religa.records.loaded import Ask
from religa.records.models import NoticeProof


def prove(
    *, contract_id: int, invoices: Sequence[str], proof: Proof, at: datetime, author: str
) -> Done | NotProven:
    """Keeps notice and proof together, or says everything that is wrong. What it makes ripe goes through the guard."""
    proof = tidy(proof)
    with transaction.atomic():
        done = carry_out(
            contract_id=contract_id,
            at=at,
            cause=f"notice by {proof.kind.value}",
            deed=lambda standing: proofs.give(standing, invoices, proof, at),
            author=author,
            ask=Ask(invoices=tuple(invoices)),
        )
        if isinstance(done, NotProven):
            return done
        _keep(_new_notice(done), proof, at, author)
    return done


def tidy(proof: Proof) -> Proof:
    """Codes in the one form in which they are compared."""
    return replace(
        proof,
        tracking_code="".join(proof.tracking_code.split()).upper(),
        scan_sha256="".join(proof.scan_sha256.split()).lower(),
    )


def _new_notice(done: Done) -> int:
    old = {n.key for n in done.before.notices}
    [key] = [n.key for n in done.after.notices if n.key not in old]
    assert key is not None
    return key


def _keep(notice: int, proof: Proof, at: datetime, author: str) -> None:
    NoticeProof.objects.create(
        notice_id=notice,
        kind=proof.kind.value,
        given_at=proof.given_at,
        entered_at=at,
        tracking_code=proof.tracking_code,
        received_by=proof.received_by,
        protocol=proof.protocol,
        recording=proof.recording,
        reference=proof.reference,
        scan_sha256=proof.scan_sha256,
        statement=proof.statement,
        author=author,
    )

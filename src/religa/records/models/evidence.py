"""Proof of a notice that no channel of ours carried, and the dossiers that were made of all evidence."""

from django.db import models
from django.db.models import Q

from religa.domain.proofs import ProofKind
from religa.records.models.base import check, known, ordered, to, unique

_SHA256 = r"^[0-9a-f]{64}$"


class NoticeProof(models.Model):
    """How a notice was given by hand: a letter, a signature at the desk, a call. Append-only.

    `received_by`: who signed, or who heard it. `reference`: where the paper or the scan is kept; `scan_sha256`: of the
    scan, which is not kept here. `statement`: what the person who entered it confirmed.
    """

    notice = to("records.Notice", index=False)
    kind = models.TextField()
    given_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    tracking_code = models.TextField(default="")
    received_by = models.TextField()
    protocol = models.TextField(default="")
    recording = models.TextField(default="")
    reference = models.TextField(default="")
    scan_sha256 = models.TextField(default="")
    statement = models.TextField()
    author = models.TextField()

    class Meta:
        db_table = "notice_proof"
        constraints = [
            unique("notice_proof", "notice_once", "notice"),
            known("notice_proof", "kind", ProofKind),
            ordered("notice_proof", "given_at", "entered_at"),
            check("notice_proof", "letter_has_code", ~Q(kind="letter") | ~Q(tracking_code="")),
            check("notice_proof", "signature_has_reference", ~Q(kind="signature") | ~Q(reference="")),
            check(
                "notice_proof", "call_has_recording", ~Q(kind="call") | ~(Q(protocol="") | Q(recording=""))
            ),
            check("notice_proof", "names_person", ~(Q(received_by="") | Q(author="") | Q(statement=""))),
            check("notice_proof", "scan_form", Q(scan_sha256="") | Q(scan_sha256__regex=_SHA256)),
        ]


class Dossier(models.Model):
    """One dossier that left: of which contract, who asked for it and why, and its digest. Append-only.

    It is also how a file is known again: `sha256` is the digest over the whole, as it is printed on the paper.
    """

    provider = to("records.Provider", index=False)
    contract = to("records.Contract")
    at = models.DateTimeField()
    who = models.TextField()
    reason = models.TextField()
    sha256 = models.TextField()

    class Meta:
        db_table = "dossier"
        constraints = [
            check("dossier", "names_person_and_reason", ~(Q(who="") | Q(reason=""))),
            check("dossier", "sha256_form", Q(sha256__regex=_SHA256)),
        ]
        indexes = [models.Index(fields=["provider", "-at"], name="dossier_latest")]

"""Writes on an invoice which fiscal document (NFCom, NFS-e) belongs to it; Religa makes none itself."""

from __future__ import annotations

from dataclasses import dataclass

from religa.domain.invoicing import Refused, refused
from religa.domain.reasons import Refusal
from religa.records.models import Invoice

LONGEST = 120  # an access key has 44 digits; some systems write number, series and date


@dataclass(frozen=True, slots=True)
class FiscalDocumentSet:
    """`before` is what stood there, "" nothing."""

    invoice: str
    before: str
    now: str


def set_fiscal_document(*, provider_id: int, invoice: str, document: str) -> FiscalDocumentSet | Refused:
    """`invoice`: its id as people know it. `document`: blanks around it do not count, "" takes it away.

    Raises `ValueError` for one of more than 120 characters. No decision reads it, so no contract is locked.
    """
    document = " ".join(document.split())
    if len(document) > LONGEST:
        raise ValueError(f"a fiscal document has at most {LONGEST} characters, not {len(document)}")
    found = Invoice.objects.filter(provider_id=provider_id, external_id=invoice).first()
    if found is None:
        return refused(Refusal.UNKNOWN_INVOICE)
    before, found.fiscal_document = found.fiscal_document, document
    found.save(update_fields=["fiscal_document"])
    return FiscalDocumentSet(invoice, before, document)

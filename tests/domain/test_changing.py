"""Changed copies are what `dataclasses.replace` would make."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import pytest

from religa.domain.boleto import Boleto
from religa.domain.changing import replace
from religa.domain.facts import Invoice, Line

AT = datetime(2026, 11, 1, 11, tzinfo=UTC)
INVOICE = Invoice(
    id="F1", issued_at=AT, due_date=date(2026, 11, 10), lines=(Line(99_90),), reference="2026-11"
)


def test_a_copy_has_the_new_values_and_all_others_of_the_old_one():
    changed = replace(INVOICE, waived=3, key=7)
    assert changed == dataclasses.replace(INVOICE, waived=3, key=7) != INVOICE
    assert (INVOICE.waived, INVOICE.key) == (0, None)


def test_a_copy_without_changes_is_equal_and_another():
    assert replace(INVOICE) == INVOICE and replace(INVOICE) is not INVOICE


def test_a_field_that_is_not_there_is_an_error():
    with pytest.raises(TypeError, match="Invoice has no owner"):
        replace(INVOICE, owner="Ana")


def test_what_checks_itself_when_made_is_not_copied_past_its_check():
    boleto = Boleto("00193373700000001000500940144816060680935031")
    with pytest.raises(TypeError, match="Boleto is more than its slots"):
        replace(boleto, barcode="1")

import pytest

from religa.actions.set_fiscal_document import FiscalDocumentSet, set_fiscal_document
from religa.domain.invoicing import Refused
from religa.domain.reasons import Refusal
from religa.records.models import Invoice

from . import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    made = world.provider()
    world.bill(world.contract(made, "ana"), "F1")
    return made


def test_an_invoice_gets_its_fiscal_document(provider):
    answer = set_fiscal_document(provider_id=provider.pk, invoice="F1", document="  NFCom 1  número 42 ")
    assert answer == FiscalDocumentSet("F1", "", "NFCom 1 número 42")
    assert Invoice.objects.get().fiscal_document == "NFCom 1 número 42"


def test_it_can_be_taken_away_again(provider):
    set_fiscal_document(provider_id=provider.pk, invoice="F1", document="42")
    assert set_fiscal_document(provider_id=provider.pk, invoice="F1", document="") == FiscalDocumentSet(
        "F1", "42", ""
    )


def test_an_invoice_of_another_provider_is_not_known(provider):
    answer = set_fiscal_document(provider_id=provider.pk + 1, invoice="F1", document="42")
    assert answer == Refused((Refusal.UNKNOWN_INVOICE,))
    assert Invoice.objects.get().fiscal_document == ""


def test_a_document_of_a_whole_page_is_a_mistake(provider):
    with pytest.raises(ValueError, match="at most 120 characters, not 121"):
        set_fiscal_document(provider_id=provider.pk, invoice="F1", document="4" * 121)

"""A letter carries the code of exactly what it names, and never waits for a bank."""

from __future__ import annotations

from datetime import date

import pytest

from religa.records.models import Charge, Message

from .. import world
from .bank import Bank

pytestmark = pytest.mark.django_db


def last_text(kind: str) -> str:
    return Message.objects.filter(kind=kind).latest("pk").text


def test_a_debt_notice_carries_the_dated_charge_of_its_invoice(bank: Bank, bruno):
    charge = bank.charge(bruno)
    world.play(world.NOTIFIED)
    assert charge.copy_paste in last_text("debt_notice")


def test_without_a_charge_the_notice_goes_out_without_a_code(bank: Bank, bruno):
    bank.psp.misbehave(fail_pct=100)
    world.play(world.NOTIFIED)
    assert "código Pix" not in last_text("debt_notice")


def test_a_charge_is_ordered_with_the_reminder_and_the_next_letter_has_it(bank: Bank, bruno):
    world.play(world.at("2026-11-09 12:00"))
    assert "código Pix" not in last_text("reminder")
    assert Charge.objects.get().status == "new"
    bank.at = world.at("2026-11-09 12:01")
    assert bank.tell() == 1
    world.play(world.NOTIFIED)
    assert Charge.objects.get().copy_paste in last_text("debt_notice")


def test_a_code_over_another_sum_is_not_sent(bank: Bank, bruno):
    charge = bank.charge(bruno)
    Charge.objects.filter(pk=charge.pk).update(amount=50_00)
    world.play(world.NOTIFIED)
    assert "código Pix" not in last_text("debt_notice")


def test_a_letter_about_several_invoices_carries_only_a_code_over_all_of_them(bank: Bank, bruno):
    world.bill(bruno, "F2", due=date(2026, 11, 10))
    bank.charge(bruno, "invoice", invoice="F1")
    bank.at = world.at("2026-11-11 08:30")
    everything = bank.charge(bruno)
    world.play(world.NOTIFIED)
    text = last_text("debt_notice")
    assert everything.scope == "everything" and everything.copy_paste in text
    assert text.count("código Pix") == 1


def test_without_an_account_that_collects_nothing_is_ordered(bank: Bank, bruno):
    from religa.records.models import PaymentAccount

    PaymentAccount.objects.update(collects=False)
    world.play(world.NOTIFIED)
    assert not Charge.objects.exists()

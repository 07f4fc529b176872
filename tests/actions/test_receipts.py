"""What is told at once: a trust unlock with its exact end, and what a payment has done."""

from __future__ import annotations

import pytest

from religa.actions import record_payment, unlock_on_trust
from religa.actions.messages import thanks
from religa.domain.facts import Method, UnlockKind
from religa.domain.trust import Request
from religa.records.models import ContractAccess, Message, Subscriber

from . import world

pytestmark = pytest.mark.django_db
PROMISE = Request(UnlockKind.PROMISE)
ASKED, PAID = world.at("2026-12-01 14:00"), world.at("2026-12-03 20:15")


@pytest.fixture
def bruno(db):
    """Bruno's invoice of November is late."""
    contract = world.contract(world.provider(), "bruno")
    world.bill(contract, "F1")
    return contract


@pytest.fixture
def carla(bruno):
    """Carla is blocked since Monday, 30 November, 09:00."""
    world.play(world.BLOCKED)
    return bruno


def pay(contract: int, amount: int = 99_90, at=PAID, method: Method = Method.PIX, name: str = "E1") -> None:
    record_payment.record(
        contract_id=contract, payment_id=name, amount=amount, method=method, paid_at=at, at=at
    )


def told(contract: int) -> list[tuple[str, str]]:
    """Kind and text of everything written to the contract that is no notice, since it was blocked; oldest first."""
    found = Message.objects.filter(contract_id=contract, notice=None).exclude(kind="blocked").order_by("id")
    return [(message.kind, message.text.replace("\xa0", " ")) for message in found]


def test_an_unlock_is_confirmed_with_its_exact_end_and_its_protocol(carla):
    given = unlock_on_trust.unlock(contract_id=carla, request=PROMISE, at=ASKED)
    [(kind, text)] = told(carla)
    assert kind == "trust"
    assert text == (
        "Religa Net Ltda: Sua internet está funcionando: foi liberada em confiança até segunda-feira, 7 de dezembro, "
        f"às 9 horas da manhã. Sem pagamento até lá, será bloqueada de novo. Protocolo: {given.protocol}."
    )
    message = Message.objects.get(kind="trust")
    assert (message.state, message.channel, message.address) == ("queued", "email", "a@example.org")
    assert message.subject == "Internet liberada em confiança"


def test_the_same_request_again_and_a_refused_one_confirm_nothing_more(carla):
    for _ in range(2):
        unlock_on_trust.unlock(contract_id=carla, request=PROMISE, at=ASKED, key="k1")
    assert isinstance(
        unlock_on_trust.unlock(contract_id=carla, request=PROMISE, at=ASKED, key="k2"),
        unlock_on_trust.NotUnlocked,
    )
    assert [kind for kind, _ in told(carla)] == ["trust"]


def test_the_payment_that_opens_is_thanked_for_with_what_to_do_if_nothing_works(carla):
    pay(carla)
    assert told(carla) == [
        (
            "restored",
            "Religa Net Ltda: Recebemos R$ 99,90. Obrigado! Sua internet está funcionando e não há conta atrasada. "
            "Se não funcionar em 5 minutos, desligue o aparelho da tomada, espere 10 segundos e ligue de novo.",
        )
    ]


def test_a_part_that_does_not_open_is_thanked_for_without_a_promise(carla):
    pay(carla, amount=10_00)
    [(kind, text)] = told(carla)
    assert kind == "receipt"
    assert text.startswith("Religa Net Ltda: Recebemos R$ 10,00. Obrigado! Sua internet está bloqueada")
    assert "5 minutos" not in text


def test_a_payment_while_open_on_trust_is_a_receipt(carla):
    unlock_on_trust.unlock(contract_id=carla, request=PROMISE, at=ASKED)
    pay(carla)
    kind, text = told(carla)[-1]
    assert kind == "receipt"
    assert "não há conta atrasada" in text


def test_a_payment_after_the_end_of_trust_opens_though_nobody_has_swept_since(carla):
    """RADIUS walls at the end by itself; the row says so before any process of ours has looked."""
    unlock_on_trust.unlock(contract_id=carla, request=PROMISE, at=ASKED)
    pay(carla, at=world.at("2026-12-07 09:00"))
    assert told(carla)[-1][0] == "restored"


def test_a_payment_seen_again_is_thanked_for_once(carla):
    pay(carla)
    pay(carla)
    assert len(told(carla)) == 1


def test_who_pays_in_time_and_who_is_given_credit_hear_nothing(bruno):
    pay(bruno, at=world.at("2026-11-05 10:00"))
    world.bill(bruno, "F2", due=world.at("2026-12-10 12:00").date(), issued=world.at("2026-12-01 08:00"))
    world.play(world.at("2026-12-11 00:00"))
    pay(bruno, amount=5_00, at=world.at("2026-12-11 10:00"), method=Method.CREDIT, name="C1")
    assert told(bruno) == []


def test_a_subscriber_reads_it_in_his_language(carla):
    Subscriber.objects.update(language="en")
    pay(carla)
    message = Message.objects.get(kind="restored")
    assert (message.language, message.subject) == ("en", "Your internet is open")
    assert "Thank you! Your internet is working and no bill is late." in message.text


def test_a_text_that_cannot_be_written_costs_nobody_his_payment(carla, caplog, monkeypatch):
    def say(*_, **__):
        raise KeyError("no such word")

    monkeypatch.setattr(thanks, "payment_receipt", say)
    pay(carla)
    assert ContractAccess.objects.get(contract_id=carla).access == "full"
    assert told(carla) == []
    assert "was not told: restored" in caplog.text

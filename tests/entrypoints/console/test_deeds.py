"""What the staff does: first a form, then the plan in words, then the POST that does it, with a reason and a name."""

from __future__ import annotations

import pytest

import people
from religa.records.models import Allocation, Hold, Payment, ProtocolNumber, TrustUnlock

from ..reading import text_of

pytestmark = pytest.mark.django_db
UNLOCK = {"como": "promise", "motivo": "ligou e pediu", "chave": "k1"}


def send(client, contract, deed, follow=True, **fields):
    return client.post(f"/console/contrato/{contract.pk}/{deed}/", fields, follow=follow)


def test_an_agent_unlocks_after_seeing_the_end(staff, maria, tables):
    client = staff("agent")
    before = tables()
    plan = text_of(send(client, maria, "desbloquear", **UNLOCK))
    assert "Internet liberada até" in plan and "ligou e pediu" in plan
    assert tables() == before  # nothing happens until it is confirmed
    page = text_of(send(client, maria, "desbloquear", **UNLOCK, confirmar="sim"))
    granted = TrustUnlock.objects.get(contract=maria)
    assert granted.channel == "agent"
    assert ProtocolNumber.objects.get(contract=maria).number in page
    assert "Agent: ligou e pediu" in page  # who and why, in the history


def test_a_reason_is_required(staff, maria):
    page = send(staff("agent"), maria, "desbloquear", **{**UNLOCK, "motivo": " "}, confirmar="sim")
    assert page.status_code == 422 and "Escreva aqui." in text_of(page)
    assert not TrustUnlock.objects.exists()


def test_confirming_twice_unlocks_once(staff, maria):
    client = staff("agent")
    for _ in range(2):
        send(client, maria, "desbloquear", **UNLOCK, confirmar="sim")
    assert TrustUnlock.objects.filter(contract=maria).count() == 1
    assert ProtocolNumber.objects.filter(contract=maria).count() == 1


def test_a_refusal_is_told_with_every_reason(staff, maria, now):
    people.unlock(maria, now - 15 * people.DAY)
    people.play(now)
    plan = text_of(send(staff("agent"), maria, "desbloquear", **UNLOCK))
    assert "Hoje não podemos liberar em confiança, porque" in plan
    assert "a conta da última liberação ainda não foi paga" in plan


def test_an_unlock_can_be_ended(staff, maria, now):
    people.unlock(maria, now)
    page = text_of(send(staff("agent"), maria, "encerrar-liberacao", motivo="engano", confirmar="sim"))
    assert "Liberação encerrada." in page
    assert TrustUnlock.objects.get(contract=maria).outcome == "revoked"


def test_a_hold_has_owner_reason_and_end(staff, maria, now):
    client, day = staff("agent"), people.days_ago(now, -3)
    plan = text_of(send(client, maria, "nao-bloquear", dia=f"{day}", motivo="aparelho médico"))
    assert "Não bloquear até o fim de" in plan and not Hold.objects.exists()
    page = text_of(
        send(client, maria, "nao-bloquear", dia=f"{day}", motivo="aparelho médico", confirmar="sim")
    )
    assert "Agora: internet funcionando (bloqueio suspenso)." in page
    kept = Hold.objects.get(contract=maria)
    assert (kept.reason, kept.author) == ("aparelho médico", "Agent")
    assert kept.until.astimezone(people.ZONE).strftime("%H:%M") == "00:00"
    ended = text_of(send(client, maria, "encerrar-nao-bloquear", motivo="acabou", confirmar="sim"))
    assert "“Não bloquear até” encerrado." in ended


def test_a_hold_cannot_end_in_the_past(staff, maria, now):
    page = send(
        staff("agent"), maria, "nao-bloquear", dia=f"{people.days_ago(now, 1)}", motivo="x", confirmar="sim"
    )
    assert page.status_code == 422 and "Este dia já passou." in text_of(page)


def payment(now, **more) -> dict[str, str]:
    fields = {
        "valor": "103,50", "forma": "cash", "pago_em": f"{people.days_ago(now, 0)}", "motivo": "pagou no balcão",
        "chave": "k1", "identificacao": "", "conta": "",
    }  # fmt: skip
    return {**fields, **more}


def test_finance_records_cash_and_the_internet_returns(staff, maria, now):
    client = staff("finance")
    plan = text_of(send(client, maria, "pagamento", **payment(now)))
    assert "Registrar R$ 103,50 em dinheiro" in plan
    page = text_of(send(client, maria, "pagamento", **payment(now), confirmar="sim"))
    assert "Pagamento registrado. Agora: internet funcionando (em dia)." in page
    booked = Payment.objects.filter(contract=maria).latest("id")
    assert (booked.amount, booked.method, booked.author) == (103_50, "cash", "Finance: pagou no balcão")


def test_the_same_payment_is_not_recorded_twice(staff, maria, now):
    client = staff("finance")
    send(client, maria, "pagamento", **payment(now, identificacao="E1", forma="pix"), confirmar="sim")
    count = Payment.objects.count()
    page = text_of(
        send(
            client,
            maria,
            "pagamento",
            **payment(now, identificacao="E1", forma="pix", chave="k2"),
            confirmar="sim",
        )
    )
    assert "Não foi possível, porque este pagamento já foi registrado." in page
    assert Payment.objects.count() == count


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"valor": "1.234"}, "Escreva o valor com centavos, como 99,90."),
        ({"valor": "0,00"}, "O valor precisa ser maior que zero."),
        ({"valor": ""}, "Escreva o valor, como 99,90."),
        ({"forma": "pix"}, "Escreva a identificação: ela impede registrar duas vezes."),
        ({"pago_em": "2999-01-01"}, "Este dia ainda não chegou."),
        ({"motivo": ""}, "Escreva aqui."),
    ],
)
def test_a_payment_that_is_not_clear_is_not_recorded(staff, maria, now, fields, error):
    count = Payment.objects.count()
    page = send(staff("finance"), maria, "pagamento", **payment(now, **fields), confirmar="sim")
    assert page.status_code == 422 and error in text_of(page)
    assert Payment.objects.count() == count


def test_a_payment_of_an_earlier_day_stops_interest_on_that_day(staff, maria, now):
    paid = people.days_ago(now, 20)
    send(
        staff("finance"),
        maria,
        "pagamento",
        **payment(now, valor="99,90", pago_em=f"{paid}"),
        confirmar="sim",
    )
    booked = Payment.objects.filter(contract=maria).latest("id")
    assert booked.paid_at.astimezone(people.ZONE).date() == paid


def test_a_payment_may_be_meant_for_one_open_invoice(staff, maria, now):
    newer = people.bill(maria, due=people.days_ago(now, 6))
    client = staff("finance")
    form = f"/console/contrato/{maria.pk}/pagamento/"
    assert f'value="{newer}"' in client.get(form).content.decode()
    send(client, maria, "pagamento", **payment(now, valor="101,89", conta=newer), confirmar="sim")
    left = text_of(client.get(f"/console/contrato/{maria.pk}/"))
    assert "Bloqueada" in left  # the older one still blocks
    assert Allocation.objects.filter(invoice__external_id=newer, part="principal").exists()


def test_a_payment_for_an_invoice_that_is_not_open_is_not_recorded(staff, maria, now):
    page = send(staff("finance"), maria, "pagamento", **payment(now, conta="no such"), confirmar="sim")
    assert page.status_code == 422


def test_a_hold_without_a_near_end_is_refused(staff, maria):
    page = send(staff("agent"), maria, "nao-bloquear", dia="9999-12-31", motivo="x", confirmar="sim")
    assert page.status_code == 422 and "dentro de um ano" in text_of(page)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "amanhã", "\0"])
def test_odd_days_do_no_harm(staff, maria, day):
    assert send(staff("agent"), maria, "desbloquear", **UNLOCK, dia=day).status_code in (200, 422)

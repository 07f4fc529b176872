"""The pictures of docs/doors.md: the subscriber's journeys, each page taken once. Used by tools/screenshots.py."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from screenshots import Camera

# Picture, size and scheme; and the name of its file.
FILES = {
    "doors-unlock-phone-dark": "doors-01-unlock",
    "doors-expired-phone-dark": "doors-02-expired",
    "doors-pay-desk-light": "doors-03-pay",
    "doors-waiting-phone-dark": "doors-04-waiting",
    "doors-restored-phone-dark": "doors-05-restored",
    "doors-refused-phone-dark": "doors-06-refused",
    "doors-company-desk-light": "doors-07-company",
    "doors-english-phone-dark": "doors-08-english",
    "doors-spanish-phone-dark": "doors-09-spanish",
    "doors-block-page-phone-dark": "doors-10-block-page",
    "doors-window-phone-dark": "doors-11-window",
    "doors-block-unlocked-phone-dark": "doors-12-block-unlocked",
}


def take(phone: Camera, desk: Camera, made: dict[str, Any]) -> None:
    """Spends the one that is locked and the bakery's late shop."""
    phone.enter(made["blocked"])
    phone.take("doors-unlock", f"/contrato/{made['blocked'].pk}/liberar/")
    _languages(phone, made["blocked"])
    _company(desk, made["shop_late"])
    _from_expired_to_restored(phone, desk, made["locked"])
    _block_page(phone, made["shop_late"])


def _languages(phone: Camera, one: Any) -> None:
    phone.enter(one)
    for language, name in (("en", "english"), ("es", "spanish")):
        phone.page.click(f".languages button[value={language}]")
        phone.take(f"doors-{name}", f"/contrato/{one.pk}/")
    phone.page.click(".languages button[value=pt-br]")


def _company(desk: Camera, shop: Any) -> None:
    desk.enter(shop)
    desk.take("doors-company", "/")


def _from_expired_to_restored(phone: Camera, desk: Camera, one: Any) -> None:
    from banking import collect, last_charge

    session = _session(one, "127.0.0.2")
    phone.enter(one)
    phone.take("doors-expired", f"/contrato/{one.pk}/")
    phone.take("doors-refused", f"/contrato/{one.pk}/liberar/")
    phone.page.click("text=Pagar com Pix")
    desk.enter(one)
    desk.take("doors-pay", f"/contrato/{one.pk}/pagar/")
    phone.bank.pay(last_charge().txid)
    collect(phone.bank)
    phone.page.click("text=veja aqui se o pagamento chegou")
    phone.page.wait_for_selector("text=Recebemos")
    phone.take("doors-waiting")
    type(session).objects.filter(pk=session.pk).update(applied_state="full")
    phone.page.wait_for_selector("text=A internet voltou.")
    phone.take("doors-restored", f"/contrato/{one.pk}/")


def _block_page(phone: Camera, shop: Any) -> None:
    """Without a log-in, by the session of this machine's own address."""
    page, session = phone.page, _session(shop, "127.0.0.1")
    page.context.clear_cookies()
    phone.take("doors-block-page", "/bloqueio/")
    page.get_by_role("button", name="Gerar o código Pix").click()
    page.wait_for_selector("#codigo-pix")
    page.get_by_role("button", name="Abrir a internet para pagar").click()
    page.wait_for_selector("text=A internet inteira está aberta")
    phone.take("doors-window")
    _window_is_over(shop)
    page.goto(f"{phone.address}/bloqueio/")
    page.fill("[name=prova]", shop.subscriber.document[-4:])
    page.get_by_role("button", name="Liberar em confiança").click()
    page.wait_for_selector("text=Sua internet está liberada")
    phone.take("doors-block-unlocked")
    session.delete()


def _window_is_over(shop: Any) -> None:
    import people
    from religa.records import locks
    from religa.records.models import ContractAccess, PayWindow

    now = locks.database_now()
    ended = now - timedelta(minutes=1)
    PayWindow.objects.filter(contract=shop).update(granted_at=ended - timedelta(minutes=15), until=ended)
    ContractAccess.objects.filter(contract=shop).update(until=ended, next_look_at=ended)
    people.play(now)


def _session(one: Any, address: str) -> Any:
    from religa.records import locks
    from religa.records.models import SessionLive

    now = locks.database_now()
    return SessionLive.objects.create(
        unique_id=f"door {one.pk}", session_id="door", username="door", contract=one, framed_ipv4=address,
        applied_state="walled", started_at=now, updated_at=now,
    )  # fmt: skip

"""Takes pictures of every page of the portal, the console and the block page, on a phone and on a desk, light and dark.

    .venv/bin/python tools/screenshots.py [--out docs/screenshots] [--only REGEX] [--small]

Needs Debian's chromium-headless-shell. A throw-away database with people at every place of the loop (tests/people.py)
is made for it. `--small` takes only the pictures of the README and of docs/doors.md, as WebP of what fits on the
screen.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import itertools
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
os.environ.update(DJANGO_ALLOW_ASYNC_UNSAFE="true", RELIGA_SECRET_KEY="of-these-pictures-alone" * 3)

import door_pictures  # noqa: E402

from religa.entrypoints.commands import database  # noqa: E402
from religa.entrypoints.commands.run.ports import free_port  # noqa: E402

SIZES = {"phone": (390, 844), "desk": (1280, 800)}
STORY = {
    "portal-4-contract-late-phone-light": "1-late",
    "portal-4-contract-blocked-phone-light": "2-blocked",
    "portal-5-unlocked-phone-light": "3-trusted",
    "portal-6-paid-phone-light": "4-paid",
    "console-3-contract-trusted-desk-light": "5-agent",
    "console-5-run-desk-light": "6-guard",
    **door_pictures.FILES,
}


@contextlib.contextmanager
def served() -> Iterator[str]:
    """A web server on this machine's loopback, for as long as it is needed."""
    port = free_port(8765, host="127.0.0.1")
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "error"]
    command += ["--host", "127.0.0.1", "--port", str(port), "religa.project.wsgi:application"]
    server = subprocess.Popen(command)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(address: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}/entrar/", timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)


def log_in_subscriber(page: Page, address: str, document: str) -> None:
    """As a person does it; the code is read from the outbox."""
    from religa.records.models import Message

    page.goto(f"{address}/entrar/")
    page.fill("[name=documento]", document)
    page.click("main button")
    page.click("main button")
    page.wait_for_selector("[name=codigo]")
    text = Message.objects.filter(kind="code").latest("id").text
    page.fill("[name=codigo]", re.search(r"\d{6}", text)[0])
    page.click("main button")
    page.wait_for_url(lambda url: "/entrar/" not in url)


def log_in_staff(page: Page, address: str, role: str) -> None:
    import people

    page.goto(f"{address}/console/entrar/")
    page.fill("[name=username]", role)
    page.fill("[name=password]", people.PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: "/entrar/" not in url)


class Camera:
    """Walks through pages in one size and scheme and keeps a picture of each."""

    def __init__(
        self, browser: Browser, address: str, chosen: argparse.Namespace, size: str, scheme: str, bank: object
    ) -> None:
        width, height = SIZES[size]
        self.browser, self.size, self.scheme, self.bank = browser, size, scheme, bank
        self.address, self.chosen, self.suffix = address, chosen, f"{size}-{scheme}"
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, locale="pt-BR"
        )
        self.page = self.context.new_page()

    def enter(self, one: object) -> None:
        """As the subscriber of a contract, however often before."""
        _forget_limits()
        self.context.clear_cookies()
        log_in_subscriber(self.page, self.address, one.subscriber.document)

    def take(self, name: str, path: str | None = None) -> None:
        if path is not None:
            self.page.goto(f"{self.address}{path}")
        picture = f"{name}-{self.suffix}"
        if self.chosen.small and picture in STORY:
            self._keep_small(self.chosen.out / f"{STORY[picture]}.webp")
        elif not self.chosen.small and re.search(self.chosen.only, name):
            self.page.screenshot(path=self.chosen.out / f"{picture}.png", full_page=True)

    def _keep_small(self, path: Path) -> None:
        protocol = self.context.new_cdp_session(self.page)
        taken = protocol.send("Page.captureScreenshot", {"format": "webp", "quality": 80})
        path.write_bytes(base64.b64decode(taken["data"]))


def portal(camera: Camera, made: dict[str, object]) -> None:
    """Every page a subscriber can meet."""
    page, address = camera.page, camera.address
    camera.take("portal-1-log-in", "/entrar/")
    page.fill("[name=documento]", "123.456.789-00")
    page.click("main button")
    camera.take("portal-1-log-in-wrong")
    page.fill("[name=documento]", made["blocked"].subscriber.document)
    page.click("main button")
    camera.take("portal-2-channel")
    page.click("main button")
    camera.take("portal-3-code")
    camera.take("portal-3-password", "/entrar/senha/")
    for place, one in made.items():
        _forget_limits()
        page.context.clear_cookies()
        log_in_subscriber(page, address, one.subscriber.document)
        camera.take(f"portal-4-contract-{place}", f"/contrato/{one.pk}/")
    camera.take("portal-4-home", "/")
    for language in ("en", "es"):
        page.click(f".languages button[value={language}]")
        camera.take(f"portal-4-home-{language}", "/")
        camera.take(f"portal-4-contract-shop-late-{language}", f"/contrato/{made['shop_late'].pk}/")
    page.click(".languages button[value=pt-br]")
    camera.take("portal-9-devices", "/aparelhos/")
    camera.take("portal-9-offline", "/sem-conexao/")
    shop = made["shop_late"].pk
    camera.take("portal-6-pay-choice", f"/contrato/{shop}/pagar/")
    camera.take("portal-7-invoices-shop", f"/contrato/{shop}/contas/")
    _blocked_pages(camera, made["blocked"])


def _blocked_pages(camera: Camera, one: object) -> None:
    page = camera.page
    _forget_limits()
    page.context.clear_cookies()
    log_in_subscriber(page, camera.address, one.subscriber.document)
    camera.take("portal-5-unlock", f"/contrato/{one.pk}/liberar/")
    page.click(".days li:nth-child(3) a")
    camera.take("portal-5-unlock-day")
    camera.take("portal-5-unlock-paid", f"/contrato/{one.pk}/liberar/?como=ja-paguei")
    camera.take("portal-6-pay-before", f"/contrato/{one.pk}/pagar/")
    if page.get_by_text("Gerar o código Pix").count():  # else it is there from an earlier round
        page.click("text=Gerar o código Pix")
    camera.take("portal-6-pay")
    if page.viewport_size["width"] < 800:
        page.click("text=Mostrar o QR Code")
        camera.take("portal-6-pay-qr")
    camera.take("portal-7-invoices", f"/contrato/{one.pk}/contas/")
    camera.take("portal-8-letters", f"/contrato/{one.pk}/avisos/")


def console(camera: Camera, made: dict[str, object]) -> None:
    """Every page of the staff."""
    camera.take("console-0-log-in", "/console/entrar/")
    log_in_staff(camera.page, camera.address, "manager")
    camera.take("console-1-home", "/console/")
    camera.take("console-2-search", "/console/busca/?q=rua")
    camera.take("console-2-search-nothing", "/console/busca/?q=zzzzzz")
    for place in ("blocked", "trusted", "locked", "held", "current", "disputed"):
        camera.take(f"console-3-contract-{place}", f"/console/contrato/{made[place].pk}/")
    blocked = f"/console/contrato/{made['blocked'].pk}"
    for name, path in (("unlock", "desbloquear"), ("hold", "nao-bloquear"), ("payment", "pagamento")):
        camera.take(f"console-4-{name}", f"{blocked}/{path}/")
    camera.page.click("main form button")
    camera.take("console-4-payment-errors")
    camera.page.goto(f"{camera.address}{blocked}/desbloquear/")
    camera.page.fill("[name=motivo]", "ligou e pediu até receber o salário")
    camera.page.click("main form button")
    camera.take("console-4-unlock-confirm")
    camera.take("console-5-runs", "/console/bloqueios/")
    camera.page.click("tr:has-text('Retida') a")
    camera.take("console-5-run")
    camera.page.goto(f"{camera.page.url}aprovar/")
    camera.take("console-5-approve")
    camera.take("console-6-outbox", "/console/mensagens/")
    letters(camera)
    camera.take("console-7-failures", "/console/falhas/")
    bank_files(camera)
    camera.take("console-8-stop", "/console/parar/")
    network(camera)
    _network_pages(camera, made["blocked"])


def channels(camera: Camera, made: dict[str, object]) -> None:
    """Channels of messages: the list, one of each kind, a form with faults, a test that is refused."""
    log_in_staff(camera.page, camera.address, "manager")
    camera.take("channels-1-list", "/console/canais/")
    for row in _channels(made["blocked"].provider):
        camera.take(f"channels-2-{row.kind}", f"/console/canais/{row.pk}/")
        camera.take(f"channels-3-edit-{row.kind}", f"/console/canais/{row.pk}/mudar/")
        camera.take(f"channels-4-close-{row.kind}", f"/console/canais/{row.pk}/fechar/")
    camera.take("channels-1-list-full", "/console/canais/")
    camera.take("channels-5-kinds", "/console/canais/novo/")
    camera.page.goto(f"{camera.address}/console/canais/novo/http_gateway/")
    camera.page.fill("[name=body]", "{{numero}}")
    camera.page.click("main form button")
    camera.take("channels-6-errors")
    camera.page.goto(f"{camera.address}/console/canais/{_channels(made['blocked'].provider)[-1].pk}/")
    camera.page.fill("[name=address]", "85 98888-7777")
    camera.page.click("text=Enviar teste")
    camera.take("channels-7-test")


def _channels(provider: object) -> list[object]:
    """One of each kind, of which only the gateway has been refused something."""
    from religa import wiring
    from religa.actions import save_channel
    from religa.actions.messages import receive_callback
    from religa.adapters.fakes.sms_gateway import SETTINGS
    from religa.domain.message_channels import MessageChannel
    from religa.records import channels as rows
    from religa.records import locks
    from religa.records.models import MessageChannel as Row

    now = locks.database_now()
    by = save_channel.Author("Helena Castro", now, provider.pk)
    mail = {
        "host": "mail.provedor.example",
        "port": 587,
        "security": "starttls",
        "sender": "cobranca@provedor.example",
    }
    gateway = SETTINGS | {"url": "http://127.0.0.1:9/enviar?chave=um-segredo-do-gateway", "method": "POST"}
    meta = {"phone_number_id": "106540352242922"}
    wanted = (
        (MessageChannel("E-mail do provedor", "smtp", "email", 0, 20, 1, mail), {"password": "x"}),
        (MessageChannel("WhatsApp da cobrança", "whatsapp_cloud", "whatsapp", 37, 20, 1, meta),
         {"access_token": "x", "app_secret": "x"}),
        (MessageChannel("Aviso no celular", "web_push", "push", 0, 50, 1, {"contact": "noc@provedor.example"}), {}),
        (MessageChannel("SMS", "http_gateway", "sms", 79, 5, 1, gateway), {"token": "x"}),
    )  # fmt: skip
    for channel, secrets in wanted:
        save_channel.create(save_channel.Typed(channel, secrets, wiring.new_push_key), by=by)
    made = list(Row.objects.order_by("pk"))
    receive_callback.refuse(rows.get(made[-1].pk), why="wrong_signature", address="198.51.100.9", at=now)
    return made


def bank_files(camera: Camera) -> None:
    """Return files: the list, one that was read, one that stopped, one that is refused."""
    from religa.records.models import BankFile

    camera.take("console-7-files", "/console/arquivos/")
    camera.page.set_input_files(
        "[name=arquivo]", {"name": "x.ret", "mimeType": "text/plain", "buffer": b"no file"}
    )
    camera.page.click("main form button")
    camera.take("console-7-files-refused")
    for file in BankFile.objects.order_by("id"):
        camera.take(f"console-7-file-{file.pk}", f"/console/arquivos/{file.pk}/")


def letters(camera: Camera) -> None:
    """Texts of messages: the list, one that holds, one that lacks something."""
    camera.take("console-6-texts", "/console/mensagens/textos/")
    camera.page.locator("summary").nth(1).click()
    camera.take("console-6-texts-open")
    camera.take("console-6-text", "/console/mensagens/textos/debt_notice/any/pt-br/")
    camera.page.fill("#texto", "Olá, {nome}. Sua conta de {meses} está em atraso: {valor_totl}.")
    camera.page.click("button[value=ver]")
    camera.take("console-6-text-unreadable")
    camera.page.fill("#texto", "Olá, {nome}. Sua conta de {meses} está em atraso: {valor_total}.")
    camera.page.click("button[value=salvar]")
    camera.take("console-6-text-lacking")
    camera.page.goto(camera.page.url.replace("debt_notice", "receipt"))
    camera.page.fill("#texto", "{provedor}: chegou o pagamento de {valor}. Obrigado! {situacao}")
    camera.page.click("button[value=salvar]")
    camera.take("console-6-text-own")
    camera.page.goto(f"{camera.page.url}versao/1/")
    camera.take("console-6-text-version")


def network(camera: Camera) -> None:
    """Routers and their kinds."""
    from religa.records.models import Nas

    for name, path in (("routers", ""), ("router-add", "novo/"), ("vendors", "tipos/")):
        camera.take(f"console-9-{name}", f"/console/roteadores/{path}")
    for nas in Nas.objects.order_by("id"):
        camera.take(f"console-9-router-{nas.pk}", f"/console/roteadores/{nas.pk}/")
    camera.take("console-9-vendor", "/console/roteadores/tipos/mikrotik/")
    camera.take("console-9-vendor-edit", "/console/roteadores/tipos/mikrotik/mudar/")
    camera.page.fill("[name=login-walled-0-atributo]", "Mikrotik-Adress-List")
    camera.page.click("button[value=salvar]")
    camera.take("console-9-vendor-errors")


def _bank_files(current: object, now: datetime) -> None:
    """A file without its trailer: a boleto of somebody who owes nothing, one of nobody, a cheque that bounced. And one
    that stopped."""
    from cnab_files import Boleto, octets, written
    from religa import wiring
    from religa.actions.money.import_file import import_file
    from religa.records.models import BankFile, Charge, Invoice, PaymentAccount

    provider = current.provider
    account = PaymentAccount.objects.create(provider=provider, name="Itaú cobrança", kind="bank_files", profile="341",
                                            agency="0111", number="12345-0", since=now)  # fmt: skip
    for invoice in Invoice.objects.filter(contract=current)[:1]:
        Charge.objects.create(provider=provider, invoice=invoice, kind="boleto", nosso_numero=f"{invoice.pk:08d}",
                              amount=99_90, due_date=invoice.due_date, created_at=now)  # fmt: skip
    titles = [
        Boleto(f"{c.invoice_id:08d}")
        for c in Charge.objects.filter(kind="boleto", nosso_numero__isnull=False)
    ]
    titles += [
        Boleto("00777777", paid=120_00),
        Boleto("00777777", occurrence="69"),
        Boleto("00888888", occurrence="02"),
    ]
    file = wiring.bank_files().read(octets(written("341", "cnab400", *titles)[:-1]))
    import_file(file, provider_id=provider.pk, name="CB111126.RET", author="Fátima Souza", at=now)
    BankFile.objects.create(provider=provider, payment_account=account, sha256=b"0", name="CB101126.RET", bank="341",
                            layout="cnab400", received_at=now - timedelta(days=1), records=412,
                            author="pasta de arquivos")  # fmt: skip


def _routers(provider: object, now: datetime) -> None:
    """One in order, one silent, one without accounting, one whose test waits."""
    from religa.records import network_secrets
    from religa.records.models import Nas, NasHealth, NasTest, SessionLive

    ago = timedelta(minutes=40)
    for n, (name, tested) in enumerate(_TESTED.items(), start=1):
        nas = Nas.objects.create(provider=provider, name=name, address=f"10.20.0.{n}", coa_port=1700)
        network_secrets.set_nas_secret(nas_id=nas.pk, secret="of these pictures alone")
        heard = now - ago if n == 2 else now
        NasHealth.objects.create(nas=nas, accounted_at=heard, answered_at=heard, outcome="applied",
                                 silent_since=now - ago if n == 2 else None)  # fmt: skip
        SessionLive.objects.create(
            unique_id=name, session_id=name, username=name, nas=nas, started_at=now - ago, updated_at=heard
        )
        NasTest.objects.create(nas=nas, asked_at=now, asked_by="Rui Prado", **tested)


_ANSWERED = datetime(2026, 12, 5, 3, 12, tzinfo=UTC)
_TESTED = {
    "BNG Centro": {"answered_at": _ANSWERED, "outcome": "refused", "error_cause": 503, "took_ms": 12},
    "BNG Norte": {"answered_at": _ANSWERED, "outcome": "silent"},
    "BNG Sul": {"answered_at": _ANSWERED, "outcome": "acknowledged", "took_ms": 9},
    "BNG Leste": {},
}


def billing(camera: Camera, made: dict[str, object]) -> None:
    """Recurring invoices: the page, the rule, and the deeds of a contract."""
    page = camera.page
    log_in_staff(page, camera.address, "manager")
    camera.take("billing-1-page", "/console/faturamento/")
    camera.take("billing-2-rule", "/console/faturamento/regra/")
    page.fill("[name=multa]", "5")
    page.click("main form button")
    camera.take("billing-2-rule-errors")
    one = f"/console/contrato/{made['current'].pk}"
    camera.take("billing-3-contract", f"{one}/")
    camera.take("billing-4-start", f"{one}/cobrar-por-aqui/")
    page.fill("[name=motivo]", "desconto de fidelidade")
    page.click("main form button")
    camera.take("billing-4-start-confirm")
    camera.take("billing-5-stop", f"{one}/parar-de-cobrar/")
    camera.take("billing-6-fiscal-document", f"{one}/documento-fiscal/")


def _billed(made: dict[str, object], now: datetime) -> None:
    """Some contracts are billed here; one of them has lost its due day, one could not be billed."""
    from religa.actions.billing.terms import Terms, set_rule, start
    from religa.domain.billing import Rule
    from religa.records.models import Contract, SweepFailure

    rule = Rule(punctuality_discount=5_00, lead_days=20)
    set_rule(provider_id=made["current"].provider_id, rule=rule, at=now, author="Helena Castro")
    for n, one in enumerate(made.values()):
        Contract.objects.filter(pk=one.pk).update(due_day=(now.day + 18 + n) % 28 + 1)
        terms = Terms(now.date().replace(day=1), discount=10_00 if n % 2 else 0)
        start(contract_id=one.pk, terms=terms, at=now, author="Helena Castro: veio do ERP")
    Contract.objects.filter(pk=made["late"].pk).update(due_day=None)
    SweepFailure.objects.create(
        contract=made["held"], at=now, step="billing", error="NotIssued: invoice_exists"
    )


def incidents(camera: Camera, made: dict[str, object]) -> None:
    """What a fault of ours makes of the pages; it is closed again afterwards."""
    page = camera.page
    log_in_staff(page, camera.address, "manager")
    camera.take("incidents-1-none", "/console/incidentes/")
    camera.take("incidents-2-open", "/console/incidentes/abrir/")
    page.click("main form button")
    camera.take("incidents-2-open-errors")
    page.select_option("[name=onde]", index=1)
    page.fill("[name=motivo]", "fibra rompida na BR-116, equipe a caminho")
    page.click("main form button")
    camera.take("incidents-3-opened")
    camera.take("incidents-4-desk-home", "/console/")
    for place in ("blocked", "current", "held"):
        camera.take(f"incidents-4-desk-{place}", f"/console/contrato/{made[place].pk}/")
    for place in ("blocked", "current", "late"):
        _forget_limits()
        visitor = Camera(
            camera.browser, camera.address, camera.chosen, camera.size, camera.scheme, camera.bank
        )
        log_in_subscriber(visitor.page, camera.address, made[place].subscriber.document)
        visitor.take(f"incidents-5-portal-{place}", f"/contrato/{made[place].pk}/")
    page.goto(f"{camera.address}/console/incidentes/")
    page.click(".table a:has-text('Encerrar')")
    camera.take("incidents-6-close")
    page.click("main form button")
    camera.take("incidents-7-closed")


def _network_pages(camera: Camera, one: object) -> None:
    """What the routers tell and were told, with records of one contract."""
    import network_rows

    page = camera.page
    for place, name in (
        ("", "network"),
        ("ordens/", "orders"),
        ("bloqueados/", "blocked"),
        ("consultas/", "readers"),
    ):
        camera.take(f"console-9-{name}", f"/console/rede/{place}")
    camera.take("console-9-sessions", f"/console/contrato/{one.pk}/conexao/")
    page.fill("[name=motivo]", "cliente pede a segunda via do histórico")
    page.click("main form button")
    camera.take("console-9-records")
    camera.take("console-9-address", "/console/rede/endereco/")
    page.click("main form button")
    camera.take("console-9-address-errors")
    page.fill("[name=endereco]", network_rows.IPV4)
    page.fill("[name=quando]", time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() - 4 * 3600)))
    page.fill("[name=referencia]", "Ofício 123/2026, 2ª Vara de Caruaru")
    page.click("main form button")
    camera.take("console-9-address-found")


def _network_rows(made: dict[str, object], now: datetime, admin_url: str) -> None:
    import network_rows as rows
    from religa.records.models import NasHealth

    centre, north = rows.router("BNG Centro", "192.0.2.1", now), rows.router("BNG Norte", "192.0.2.2", now)
    NasHealth.objects.filter(nas=north).update(silent_since=now - rows.HOUR)
    for one in made.values():
        rows.live(one, centre, now)
    rows.live(made["blocked"], north, now, unique_id="pending", push_tries=4, push_outcome="silent", contradicted=2,
              push_after=now + rows.HOUR)  # fmt: skip
    for hours in range(1, 9):
        rows.ended(
            made["blocked"],
            centre,
            started_at=now - (hours + 1) * rows.HOUR,
            stopped_at=now - hours * rows.HOUR,
        )
    for n, outcome in enumerate(("applied", "refused", "silent", "gone", "disconnected")):
        took = None if outcome == "silent" else 12.5
        cause = 401 if outcome == "refused" else None
        rows.order(
            made["blocked"], centre, now - n * rows.MINUTE, outcome=outcome, took_ms=took, error_cause=cause
        )
    with psycopg.connect(admin_url) as admin:  # nobody else may change history
        admin.execute(
            "UPDATE access_change SET at = %s WHERE access = 'walled' AND contract_id = %s",
            [now - 5 * rows.MINUTE, made["blocked"].pk],
        )


def _stop_and_resume(camera: Camera) -> None:
    page = camera.page
    log_in_staff(page, camera.address, "manager")
    page.goto(f"{camera.address}/console/parar/")
    page.fill("[name=motivo]", "banco fora do ar")
    page.click("main form button")
    camera.take("console-8-stopped")
    page.goto(f"{camera.address}/console/retomar/")
    camera.take("console-8-resume")
    page.click("main form button")


def _story(camera: Camera, one: object) -> None:
    """The pages that change something: once, in one size and scheme."""
    page = camera.page
    _forget_limits()
    page.context.clear_cookies()
    log_in_subscriber(page, camera.address, one.subscriber.document)
    page.goto(f"{camera.address}/contrato/{one.pk}/liberar/")
    page.click("main form button")
    page.wait_for_selector(".protocol")
    camera.take("portal-5-unlocked")
    page.goto(f"{camera.address}/contrato/{one.pk}/liberar/")
    camera.take("portal-5-refused-before")
    camera.take("portal-4-contract-after-unlock", f"/contrato/{one.pk}/")
    from banking import collect

    page.click("text=Pagar com Pix")
    page.click(".demo a")
    page.click("button")
    camera.take("portal-6-waiting")
    collect(camera.bank)
    page.click("text=veja aqui se o pagamento chegou")
    page.wait_for_selector("text=Recebemos")
    camera.take("portal-6-paid")
    camera.take("portal-4-contract-after-payment", f"/contrato/{one.pk}/")


def _forget_limits() -> None:
    """Pictures log in more often than a person may."""
    from religa.records import raw

    raw.run("DELETE FROM throttle")
    raw.run("UPDATE login_code SET created_at = created_at - interval '1 day' WHERE used_at IS NOT NULL")


def block_page(camera: Camera, made: dict[str, object]) -> None:
    """The block page in each of its states, to a session from this machine's own address."""
    from religa.records import locks, raw
    from religa.records.models import ContractAccess, SessionLive

    one, now = made["blocked"], locks.database_now()
    before = ContractAccess.objects.filter(contract=one).values().get()
    session = SessionLive.objects.create(
        unique_id="u", session_id="s", username="x", contract=one, framed_ipv4="127.0.0.1",
        started_at=now, updated_at=now,
    )  # fmt: skip
    for name, access, status, why, applied, days in (
        ("walled", "walled", "blocked", "debt", "walled", 0),
        ("must-call", "walled", "blocked", "operator_block", "walled", 0),
        ("returning", "full", "trusted", "trust", "walled", 0),
        ("window", "full", "blocked", "debt", "full", 0.01),
        ("open", "full", "current", "nothing_late", "full", 0),
        ("trusted", "full", "trusted", "trust", "full", 3),
        ("reduced", "reduced", "late", "reduced_for_debt", "reduced", 0),
    ):  # fmt: skip
        until = now + timedelta(days=days) if days else None
        then = "walled" if days else access
        ContractAccess.objects.filter(contract=one).update(
            access=access, status=status, why=why, until=until, access_then=then
        )
        raw.run("UPDATE session_live SET applied_state = %s", [applied])
        camera.take(f"block-page-{name}", "/bloqueio/")
    ContractAccess.objects.filter(contract=one).update(**before)
    _on_the_block_page(camera, one, session, made["locked"])
    session.delete()
    camera.take("block-page-unknown", "/bloqueio/")
    ContractAccess.objects.filter(contract=one).update(**before)


def agent(camera: Camera, made: dict[str, object]) -> None:
    """What the desk does on a contract's page: sending, contacts, corrections, notices given by hand, the dossier."""
    page, one = camera.page, f"/console/contrato/{made['blocked'].pk}"
    log_in_staff(page, camera.address, "manager")
    camera.take("agent-1-pix", f"{one}/enviar-pix/")
    page.click("main form button")
    camera.take("agent-2-sent")
    page.click("text=Registrar contato")
    camera.take("agent-3-contact")
    page.check("[name=quem][value=holder]")
    page.check("[name=meio][value=phone]")
    page.select_option("[name=assunto]", "debt")
    page.fill("[name=dito]", "Recebe na sexta e paga no mesmo dia. Perguntou se há taxa para religar.")
    page.click("main form button.button-big")
    camera.take("agent-4-registered")
    for name, path in (
        ("boleto", "enviar-boleto"),
        ("code", "enviar-codigo"),
        ("address", "endereco"),
        ("letter", "notificar-carta"),
        ("call", "notificar-ligacao"),
        ("dossier", "dossie"),
    ):
        camera.take(f"agent-5-{name}", f"{one}/{path}/")


def _on_the_block_page(camera: Camera, one: object, session: object, locked: object) -> None:
    """What is asked there and answered, of the contract that is blocked and of one that is locked."""
    from religa.records.models import SessionLive

    page = camera.page
    camera.take("block-page-english", "/bloqueio/?lang=en")
    camera.take("block-page-spanish", "/bloqueio/?lang=es")
    page.goto(f"{camera.address}/bloqueio/")
    if page.get_by_role("button", name="Gerar o código Pix").count():
        page.get_by_role("button", name="Gerar o código Pix").click()
        page.wait_for_selector("#codigo-pix")
    camera.take("block-page-pix")
    page.fill("[name=prova]", "0000")
    page.get_by_role("button", name="Liberar em confiança").click()
    camera.take("block-page-wrong")
    SessionLive.objects.filter(pk=session.pk).update(contract=locked)
    camera.take("block-page-locked", "/bloqueio/")
    page.fill("[name=prova]", locked.subscriber.document[-4:])
    page.get_by_role("button", name="Ver o motivo").click()
    camera.take("block-page-refused")
    SessionLive.objects.filter(pk=session.pk).update(contract=one)
    _forget_limits()


DOORS = {
    "agent": agent,
    "portal": portal,
    "console": console,
    "block_page": block_page,
    "billing": billing,
    "incidents": incidents,
    "channels": channels,
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    options.add_argument("--only", default="")
    options.add_argument("--small", action="store_true")
    options.add_argument("--door", choices=DOORS)
    options.add_argument("--size", choices=SIZES)
    options.add_argument("--scheme", choices=("light", "dark"))
    chosen = options.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    with database.thrown_away() as addresses:
        import people
        from religa.records import locks

        now = locks.database_now()
        made = people.everybody(now)
        provider = made["blocked"].provider
        people.waiting_run(provider, now)
        people.staff(provider, "manager", "Helena Castro")
        _routers(provider, now)
        _bank_files(made["current"], now)
        _network_rows(made, now, addresses.admin)
        _billed(made, now)
        from django.conf import settings

        from banking import bank_of

        with bank_of(provider, settings) as bank:
            os.environ["RELIGA_DEMO_BANK"] = bank.root
            _take_all(chosen, made, bank)


def _take_all(chosen: argparse.Namespace, made: dict[str, object], bank: object) -> None:
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium-headless-shell"))
        for door, size, scheme in _wanted(chosen):
            DOORS[door](Camera(browser, address, chosen, size, scheme, bank), made)
        _stop_and_resume(Camera(browser, address, chosen, "desk", "light", bank))
        phone, desk = (
            Camera(browser, address, chosen, *look, bank) for look in (("phone", "dark"), ("desk", "light"))
        )
        door_pictures.take(phone, desk, made)
        _story(Camera(browser, address, chosen, "phone", "light", bank), made["blocked"])
        browser.close()


def _wanted(chosen: argparse.Namespace) -> Iterator[tuple[str, str, str]]:
    if chosen.small:
        yield from (("portal", "phone", "light"), ("console", "desk", "light"))
        return
    yield from itertools.product(
        [chosen.door] if chosen.door else DOORS,
        [chosen.size] if chosen.size else SIZES,
        [chosen.scheme] if chosen.scheme else ("light", "dark"),
    )


if __name__ == "__main__":
    main()

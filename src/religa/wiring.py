"""Chooses an adapter for each port. The only place that knows them all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from religa.adapters.fakes.outbox import Outbox
from religa.adapters.holidays import UF_BY_IBGE, HolidayFileError, LibraryHolidays, bank_holidays
from religa.domain.calendar import Calendars
from religa.ports import AccessRouter, Channel, Dictionary, DynamicAuthorization, Holidays
from religa.ports.bank_files import BankFiles
from religa.ports.money import Collector
from religa.ports.relay import EventRelay
from religa.ports.wire import Wire

if TYPE_CHECKING:
    from religa.adapters.api_pix import ApiPix
    from religa.adapters.api_pix.certificates import ClientCertificate
    from religa.adapters.efi_cobrancas import Account as EfiAccount
    from religa.adapters.fakes.psp import FakePsp
    from religa.adapters.freeradius.server import Server as RadiusServer
    from religa.adapters.postgres.server import Server


def embedded_postgres(*, folder: Path, port: int = 0, durable: bool = True) -> "Server":
    """The PostgreSQL server that keeps its data in `folder`; not started yet."""
    from religa.adapters.postgres.server import Server

    return Server(folder=folder, port=port, durable=durable)


def radius_server(*, folder: Path, database_url: str, address: str, port: int) -> "RadiusServer":
    """FreeRADIUS, asking as the role of `database_url`; accounting is one port above `port`. Not started."""
    from religa.adapters.freeradius.server import Server as RadiusServer

    return RadiusServer(
        folder=folder, database_url=database_url, address=address, auth_port=port, acct_port=port + 1
    )


def dynamic_authorization() -> DynamicAuthorization:
    """Orders to routers over UDP (RFC 5176)."""
    from religa.adapters.coa import Sender

    return Sender()


def radius_counters(socket: Path) -> Any:
    """What FreeRADIUS has counted (`adapters.freeradius.counters.Counters`); raises `OSError` where none listens."""
    from religa.adapters.freeradius import counters

    return counters.read(socket)


RadiusAnswer = Any  # adapters.freeradius.client: Accepted, Rejected or NoAnswer


def radius_question(*, port: int, secret: str) -> Callable[[str, str], RadiusAnswer]:
    """Asks the RADIUS server on this machine as a router would: network log-in and password in, its answer out."""
    from religa.adapters.freeradius.client import Client

    client = Client(auth_port=port, acct_port=port + 1, secret=secret)
    return lambda username, password: client.ask(username=username, password=password)


def is_accepted(answer: RadiusAnswer) -> bool:
    """Whether RADIUS let the log-in through (into the wall or not)."""
    from religa.adapters.freeradius.client import Accepted

    return isinstance(answer, Accepted)


def missing_radius_packages() -> tuple[str, ...]:
    """Debian's names of what FreeRADIUS still needs; empty if all is there."""
    from religa.adapters.freeradius import programs

    return programs.missing_packages()


def access_router(*, host: str, username: str, password: str, **more: Any) -> AccessRouter:
    """A MikroTik router that holds its log-ins itself. `more`: the other fields of its `Settings`.

    One object for each router, kept: it keeps the connection.
    """
    from religa.adapters.routeros.router import Router
    from religa.adapters.routeros.settings import Settings, Way

    if "way" in more:
        more["way"] = Way(more["way"])
    return Router(Settings(host=host, username=username, password=password, **more))


def survival() -> ModuleType:
    """Writes and reads the export from which a second RADIUS answers while the database is away."""
    from religa.adapters.freeradius import survival

    return survival


def radius_dictionary() -> Dictionary | None:
    """What this machine's FreeRADIUS knows of attributes; None where it is not installed."""
    from religa.adapters.freeradius import dictionary, programs

    if not dictionary.FOLDER.is_dir() or "freeradius-utils" in programs.missing_packages():
        return None
    return dictionary.Dictionary()


def calendars(
    zone: ZoneInfo, years: Iterable[int], *, national: bool = True, local: Iterable[date] = ()
) -> Calendars:
    """Calendars for some years: the nation's bank holidays (or none) and days that close locally."""
    bank = bank_holidays(years) if national else {}
    return Calendars(zone, frozenset(bank), frozenset(local))


def payer_calendars(
    zone: ZoneInfo, years: Iterable[int], *, municipality: str, file: Path | None
) -> Calendars:
    """Calendars of whoever pays a Pix: what closes in the payer's municipality closes the bank, too.

    `municipality`: a state, an IBGE code, or both (`CE`, `2304400`, `CE/2304400`); empty: the nation's bank holidays
    alone. `file`: the provider's own list. Raises `ValueError`, in words, for a place or a list that cannot be used.
    """
    span = tuple(years)
    if not municipality:
        return calendars(zone, span)
    uf, _, code = municipality.partition("/")
    if not uf.isalpha():
        uf, code = UF_BY_IBGE.get(municipality[:2], ""), municipality
    try:
        local = LibraryHolidays(file).local(span, uf=uf, ibge_code=code)
    except HolidayFileError as why:
        raise ValueError(str(why)) from why
    return Calendars(zone, frozenset({*bank_holidays(span), *local}))


def holidays(file: Path | None) -> Holidays:
    """The library's holidays and the provider's own file."""
    return LibraryHolidays(file)


def outbox_for(name: str) -> Channel:
    """A channel that reaches nobody, whatever its name (days gone by are not told to anybody)."""
    return Outbox()


def message_channel(
    *,
    kind: str,
    medium: str,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    marks: Sequence[bytes],
    services: Sequence[str] = (),
) -> Channel:
    """The adapter of a message channel, by the words of its row. Keep it: it keeps connections.

    `secrets`: in clear, by name; `marks`: keys for the addresses of bounces (`records.secrets.marks`); `services`: push
    services in place of those of browsers. Those of `whatsapp_cloud` and `http_gateway` are a `CallbackReader`, too.
    Raises `ValueError` where the channel is not filled in well enough to send anything.
    """
    if kind == "smtp":
        from religa.adapters import smtp

        return smtp.Smtp(smtp.Settings(**settings, key=marks[0], password=secrets.get("password", "")))
    if kind == "whatsapp_cloud":
        from religa.adapters import whatsapp

        return whatsapp.CloudApi(whatsapp.Settings.of(settings, secrets=secrets), _wire())
    if kind == "http_gateway":
        from religa.adapters import http_gateway

        asked = http_gateway.Settings.of({**settings, "medium": medium}, secrets=secrets)
        return http_gateway.Gateway(asked, _wire())
    if kind == "web_push":
        return _web_push(settings, secrets, services)
    if kind == "apprise":
        from religa.adapters.apprise_channel import AppriseChannel

        return AppriseChannel(medium=medium, url=secrets.get("url", ""))
    raise ValueError(f"nothing is sent by {kind}")


@lru_cache(maxsize=1)
def _wire() -> Wire:
    """One for all channels of this process: it keeps their connections, and making one reads all authorities."""
    from religa.adapters.wire import HttpWire

    return HttpWire()


def _web_push(settings: Mapping[str, Any], secrets: Mapping[str, str], services: Sequence[str]) -> Channel:
    from religa.adapters import web_push

    key, contact = secrets.get("vapid_key", ""), f"mailto:{settings.get('contact', '')}"
    if not key:
        raise ValueError("there is no key")
    more: dict[str, Any] = {"services": services} if services else {}
    return web_push.WebPush(private_key=key, contact=contact, wire=_wire(), **more)


def new_push_key() -> str:
    """A private key for web push (VAPID)."""
    from religa.adapters import web_push

    return web_push.new_key()


def public_push_key(private: str) -> str:
    """What a page subscribes with (`applicationServerKey`). Raises `ValueError`."""
    from religa.adapters import web_push

    return web_push.public_key(private)


def is_push_service(endpoint: str) -> bool:
    """Whether we post to where a browser says that it is written to."""
    from religa.adapters import web_push

    return web_push.is_service(endpoint)


def bounces() -> ModuleType:
    """Reads mails that mail servers send back (`adapters.smtp.bounces`)."""
    from religa.adapters.smtp import bounces

    return bounces


def efi_cobrancas(*, client_id: str, client_secret: str, sandbox: bool = False, **more: Any) -> "EfiAccount":
    """An account at Efí that issues boletos and Bolix (port `ports.money.Collector`). `more`: other `Settings`.

    One object for each account, kept: it keeps connections and the access token. It may be used by several threads.
    """
    from religa.adapters.efi_cobrancas import Account, Settings
    from religa.adapters.efi_cobrancas.settings import SANDBOX

    if sandbox:
        more.setdefault("base_url", SANDBOX)
    return Account(Settings(client_id=client_id, client_secret=client_secret, **more))


def bank_certificate(
    certificate: bytes, key: bytes = b"", *, password: str = "", at: datetime | None = None
) -> "ClientCertificate":
    """The certificate that a provider shows its bank, in PEM or PKCS#12; `facts` may be shown.

    Raises `InvalidCertificate` (also for one that is not valid `at`, where given).
    """
    from religa.adapters.api_pix import certificates

    return certificates.read(certificate, key, password=password, at=at)


def certificate_pem(certificate: "ClientCertificate") -> str:
    """Itself, its chain and its private key in clear, as they are sealed and as `collector` takes them."""
    from religa.adapters.api_pix import certificates

    return certificates.pem(certificate)


def event_relay() -> EventRelay:
    """Passes events of banks on over HTTP. Keep it: it keeps connections."""
    from religa.adapters.relay import Relay

    return Relay()


def api_pix_banks() -> Mapping[str, str]:
    """The banks that are known, as name and title; `generic` is any other that keeps to the standard."""
    from religa.adapters.api_pix import PROFILES

    return {name: profile.title for name, profile in PROFILES.items()}


def api_pix(
    *, profile: str, certificate: "ClientCertificate | None" = None, authority: str = "", **account: Any
) -> "ApiPix":
    """An account at a bank with API Pix (ports `Collector`, `Refunds`, `WebhookRegistration`).

    `certificate`: what `bank_certificate` gives. `authority`: PEM of the only authority to trust (a fake's). `account`:
    the other fields of `adapters.api_pix.Account`. Raises `ValueError` for an unknown bank or no address to call. One
    object for each account, kept: it keeps token and connections.
    """
    from religa.adapters.api_pix import PROFILES, Account, ApiPix, certificates, http_client

    if profile not in PROFILES:
        raise ValueError(f"no bank {profile!r}: know {', '.join(PROFILES)}")
    filled_in = Account(profile=PROFILES[profile], **account)
    if certificate is None:
        return ApiPix(filled_in, http_client(certificates.server_context(authority)))
    return ApiPix(filled_in, http_client(certificates.tls_context(certificate, authority=authority)))


def fake_psp(*, years: Iterable[int], payee: str = "", **options: Any) -> "FakePsp":
    """A PSP that speaks API Pix and moves no money; not started yet. Bank holidays of some `years` count.

    `payee`: the receiver's name; `options`: the arguments of `FakePsp`.
    """
    from religa.adapters.fakes.psp import FakePsp, Payee

    known = calendars(ZoneInfo("America/Sao_Paulo"), years)
    return FakePsp(calendars=known, payee=Payee(name=payee) if payee else Payee(), **options)


def collector(
    *,
    kind: str,
    profile: str,
    pix_key: str,
    client_id: str,
    secret: str,
    certificate: str,
    settings: Mapping[str, Any],
) -> Collector:
    """The adapter of a payment account, by the words of its row. `certificate`: PEM of certificate and key, or empty.

    Raises `ValueError` (`InvalidCertificate` among them) where the account is not filled in well enough to be called.
    """
    if kind == "efi_cobrancas":
        return efi_cobrancas(client_id=client_id, client_secret=secret, **settings)
    if kind == "api_pix":
        shown = bank_certificate(certificate.encode()) if certificate else None
        return api_pix(
            profile=profile,
            certificate=shown,
            client_id=client_id,
            client_secret=secret,
            pix_key=pix_key,
            **settings,
        )
    raise ValueError(f"an account of kind {kind} is asked nothing")


def bank_files() -> BankFiles:
    """Return files of the banks, read (`adapters.cnab`)."""
    from religa.adapters.cnab import Reader

    return Reader()

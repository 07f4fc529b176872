"""Chooses an adapter for each port. The only place that knows them all."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings

from religa.adapters.fakes.bank import FakeBank
from religa.adapters.fakes.outbox import Outbox
from religa.adapters.holidays import LibraryHolidays, bank_holidays
from religa.domain.calendar import Calendars
from religa.ports import AccessRouter, Channel, Dictionary, DynamicAuthorization, Holidays
from religa.ports.bank_files import BankFiles

if TYPE_CHECKING:
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


def holidays(file: Path | None) -> Holidays:
    """The library's holidays and the provider's own file."""
    return LibraryHolidays(file)


def outbox_for(name: str) -> Channel:
    """A channel that reaches nobody, whatever its name (days gone by are not told to anybody)."""
    return Outbox()


def channel_for(name: str) -> Channel:
    """The adapter that sends by a channel: e-mail by SMTP where a server is set, else the console's outbox."""
    if name == "email" and settings.MAIL_SERVER:
        from religa.adapters.smtp import Smtp

        return Smtp(sender=settings.DEFAULT_FROM_EMAIL, domain=settings.DEFAULT_FROM_EMAIL.rpartition("@")[2])
    return Outbox()


def fake_bank(*, pix_key: str, payee: str) -> FakeBank | None:
    """The bank of the demo (RELIGA_BANK=fake); None where a real one, or none, is configured."""
    return FakeBank(pix_key=pix_key, payee=payee) if settings.BANK == "fake" else None


def bank_files() -> BankFiles:
    """Return files of the banks, read (`adapters.cnab`)."""
    from religa.adapters.cnab import Reader

    return Reader()

"""What a router holds at one moment, read with one print for each menu however many log-ins there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address

from religa.adapters.routeros import marks
from religa.adapters.routeros.connection import Connection, Row
from religa.adapters.routeros.marks import Mark
from religa.adapters.routeros.settings import Settings
from religa.domain.facts import Access
from religa.ports import OwnEntry, RouterState, RouterStates

SECRETS, SESSIONS, ENTRIES = "/ppp/secret", "/ppp/active", "/ip/firewall/address-list"


@dataclass(frozen=True, slots=True)
class Secret:
    id: str
    login: str
    profile: str
    disabled: bool
    comment: str
    fixed: str | None
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    login: str
    address: str


@dataclass(frozen=True, slots=True)
class Entry:
    """`key` is None where somebody else made it. `dynamic`: the router did, for a session's profile."""

    id: str
    list: str
    address: str
    key: int | None
    disabled: bool = False
    dynamic: bool = False


class Entries:
    """Address-list entries by id, by address and by the contract that they are of."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._by_id: dict[str, Entry] = {}
        self._by_address: dict[str, dict[str, Entry]] = defaultdict(dict)
        self._by_key: dict[int, dict[str, Entry]] = defaultdict(dict)
        for entry in entries:
            self.put(entry)

    def put(self, entry: Entry) -> None:
        self.discard(entry.id)
        self._by_id[entry.id] = entry
        self._by_address[entry.address][entry.id] = entry
        if entry.key is not None:
            self._by_key[entry.key][entry.id] = entry

    def discard(self, id: str) -> None:
        entry = self._by_id.pop(id, None)
        if entry is None:
            return
        del self._by_address[entry.address][id]
        if entry.key is not None:
            del self._by_key[entry.key][id]

    def at(self, address: str) -> list[Entry]:
        """Those of exactly this address (a network around it is not looked for)."""
        return list(self._by_address[address].values()) if address in self._by_address else []

    def of(self, key: int) -> list[Entry]:
        return list(self._by_key[key].values()) if key in self._by_key else []

    def ours(self) -> list[Entry]:
        return [entry for entry in self._by_id.values() if entry.key is not None]


@dataclass(slots=True)
class View:
    """A log-in may have several secrets (one for each service) and several sessions."""

    secrets: dict[str, list[Secret]] = field(default_factory=dict)
    sessions: dict[str, list[Session]] = field(default_factory=dict)
    entries: Entries = field(default_factory=Entries)

    def addresses(self, login: str) -> list[str]:
        return [session.address for session in self.sessions.get(login, ()) if session.address]

    def fixed(self, login: str) -> list[str]:
        return [secret.fixed for secret in self.secrets.get(login, ()) if secret.fixed]

    def places(self, login: str) -> list[str]:
        """Addresses that are the log-in's alone: its sessions' and its fixed ones."""
        return list(dict.fromkeys([*self.addresses(login), *self.fixed(login)]))


def read(connection: Connection, settings: Settings, *, every_list: bool = False) -> View:
    """`every_list`: also entries that an older setting of ours may have left in another list."""
    view = View()
    for secret in _secrets(connection):
        view.secrets.setdefault(secret.login, []).append(secret)
    read_sessions(connection, view)
    query = {} if every_list else {"list": settings.blocked_list}
    rows = connection.read(ENTRIES, (".id", "list", "address", "comment", "disabled", "dynamic"), **query)
    view.entries = Entries(map(_entry, rows))
    return view


def read_sessions(connection: Connection, view: View) -> None:
    """Sessions come and go by themselves: read again after secrets were changed."""
    view.sessions.clear()
    for row in connection.read(SESSIONS, (".id", "name", "address")):
        session = Session(row["id"], row.get("name", ""), row.get("address", ""))
        view.sessions.setdefault(session.login, []).append(session)


def access(view: View, settings: Settings, secret: Secret) -> Access:
    """What profile and list let through."""
    if secret.disabled:
        return Access.CLOSED
    listed = any(blocking(view, place) for place in view.places(secret.login))
    if secret.profile == settings.walled_profile or listed:
        return Access.WALLED
    return Access.REDUCED if secret.profile == settings.reduced_profile else Access.FULL


def states(view: View, settings: Settings) -> RouterStates:
    logins = tuple(_states(view, settings))
    own = (OwnEntry(e.key, e.address, shown(e.list)) for e in view.entries.ours() if e.key is not None)
    return RouterStates(logins, tuple(own))


def shown(text: str) -> str:
    """Text that may leave this package: octets that are no UTF-8 as escapes."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def blocking(view: View, address: str) -> list[Entry]:
    """The entries, whoever's, that block an address."""
    return [entry for entry in view.entries.at(address) if not entry.disabled]


def _states(view: View, settings: Settings) -> Iterator[RouterState]:
    for secret in (secret for same_name in view.secrets.values() for secret in same_name):
        online = bool(view.sessions.get(secret.login))
        yield RouterState(
            login=shown(secret.login),
            access=access(view, settings, secret),
            profile=shown(secret.profile),
            key=secret.mark.key if secret.mark else None,
            online=online,
            addresses=tuple(view.addresses(secret.login)),
            outdated=online and secret.mark is not None and secret.mark.drop,
        )


def _secrets(connection: Connection) -> Iterator[Secret]:
    for row in connection.read(SECRETS, (".id", "name", "profile", "disabled", "comment", "remote-address")):
        comment = row.get("comment", "")
        yield Secret(
            id=row["id"],
            login=row.get("name", ""),
            profile=row.get("profile", ""),
            disabled=_is_set(row, "disabled"),
            comment=comment,
            fixed=_address(row.get("remote-address", "")),
            mark=marks.find(comment),
        )


def _entry(row: Row) -> Entry:
    return Entry(
        id=row["id"],
        list=row.get("list", ""),
        address=row.get("address", ""),
        key=marks.entry_key(row.get("comment", "")),
        disabled=_is_set(row, "disabled"),
        dynamic=_is_set(row, "dynamic"),
    )


def _is_set(row: Row, name: str) -> bool:
    return row.get(name) in ("true", "yes")


def _address(text: str) -> str | None:
    """A fixed address; the field may also name a pool."""
    try:
        return str(ip_address(text))
    except ValueError:
        return None

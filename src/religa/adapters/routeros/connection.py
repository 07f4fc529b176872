"""One logged-in API connection. What goes wrong is `Trapped` (the router said no) or `Lost` (it is gone)."""

from __future__ import annotations

import contextlib
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from routeros_api import api_communicator, base_api, exceptions
from routeros_api.api import RouterOsApi

from religa.adapters.routeros.settings import Settings
from religa.adapters.routeros.wire import Wire

Row = dict[str, str]


class Trapped(Exception):
    """The router refused; the text is its own."""


class Lost(Exception):
    """The connection cannot be used any more; the text says why and never holds a password."""


@dataclass(frozen=True, slots=True)
class Order:
    """One writing command on one item."""

    menu: str
    verb: str
    arguments: Mapping[str, str]


class _Word(bytes):
    """The library drops the second ``=`` before an empty value, and ``=comment`` is not ``=comment=``."""

    def __bool__(self) -> bool:
        return True


class _Text:
    """A field of the library. Octets that are not UTF-8 (comments by old Winbox) go back exactly as they came."""

    def get_mikrotik_value(self, arg: str) -> bytes:
        return _Word(arg.encode("utf-8", "surrogateescape"))

    def get_python_value(self, bytes: bytes) -> str:
        return bytes.decode("utf-8", "surrogateescape")


_TEXT: defaultdict[str, _Text] = defaultdict(_Text)


class Connection:
    """Opened at the first need, kept until it fails."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._deadline = 0.0
        self._wire: Wire | None = None
        self._api: RouterOsApi | None = None

    @property
    def is_open(self) -> bool:
        return self._api is not None

    def start_clock(self) -> None:
        """A call begins: from here its time runs."""
        self._deadline = time.monotonic() + self._settings.call_seconds
        if self._wire is not None:
            self._wire.deadline = self._deadline

    def read(self, menu: str, fields: Sequence[str], **query: str) -> list[Row]:
        """The rows of a menu, with these fields alone (a password is never asked for)."""
        with self._translated():
            return list(self._menu(menu).call("print", {"proplist": ",".join(fields)}, query))

    def write(self, orders: Sequence[Order]) -> Iterator[str | None]:
        """Sends the orders a few at a time and gives each one's refusal, or None, in their order.

        The router may run orders that are in flight together in any order: no two may depend on each other.
        """
        step = self._settings.in_flight
        for start in range(0, len(orders), step):
            with self._translated():
                promises = [
                    self._menu(order.menu).call_async(order.verb, order.arguments)
                    for order in orders[start : start + step]
                ]
            for promise in promises:
                yield self._refusal(promise)

    def close(self) -> None:
        wire, self._wire, self._api = self._wire, None, None
        if wire is not None:
            with contextlib.suppress(OSError):
                wire.close()

    def _refusal(self, promise: Any) -> str | None:
        try:
            with self._translated():
                promise.get()
        except Trapped as trapped:
            return str(trapped)
        return None

    def _menu(self, path: str) -> Any:
        if self._api is None:
            self._open()
        assert self._api is not None
        return self._api.get_resource(path, _TEXT)

    def _open(self) -> None:
        self._wire = Wire(self._settings, deadline=self._deadline)
        api = RouterOsApi(api_communicator.ApiCommunicator(base_api.Connection(self._wire)))
        try:
            api.login(self._settings.username, self._settings.password, plaintext_login=True)
        except Exception:
            self.close()
            raise
        self._api = api

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except exceptions.RouterOsApiCommunicationError as error:
            # Its text repeats the whole command, the password of a log-in included; the router's own does not.
            raise Trapped(_decoded(error.original_message)) from None
        except UnicodeDecodeError as error:
            # The library reads a refusal strictly; the answer itself was complete and the connection is in step.
            raise Trapped(_decoded(error.object)) from None
        except Exception as error:
            # Nonsense on the wire surfaces as whatever the library stumbles over (KeyError, AssertionError ...).
            self.close()
            raise Lost(_said(error)) from None


def _said(error: Exception) -> str:
    if isinstance(error, OSError) or type(error) is exceptions.RouterOsApiConnectionError:
        return str(error) or type(error).__name__
    if isinstance(error, exceptions.RouterOsApiFatalCommunicationError):
        return "the router ended the connection"
    return f"an answer that cannot be read ({type(error).__name__})"


def _decoded(message: bytes) -> str:
    return message.decode("utf-8", "backslashreplace")

"""Any address that the library apprise knows (port `Channel`), where it is installed (`pip install religa[apprise]`).

A transport for what has no better one: apprise says yes or no and nothing else. There is no number of the message, no
receipt, and no telling whether a no was for good or even certain, so that a no is `Unknown` and is not tried again.
"""

from __future__ import annotations

import importlib
import logging
from typing import Any
from urllib.parse import quote

from religa.ports.messages import NotSent, OutgoingMessage, SendOutcome, Sent, Unknown


class AppriseChannel:
    """`url`: as in apprise's documentation, with `{to}` where the address goes. It holds secrets.

    Raises `ValueError` where apprise is not installed or does not know such an address.
    """

    def __init__(self, *, medium: str, url: str) -> None:
        self.name, self._url = medium, url
        self._apprise = _library()
        if not self._notifier("5585988887777"):
            raise ValueError("apprise does not know such an address")

    def send(self, message: OutgoingMessage) -> SendOutcome:
        notifier = self._notifier(message.address)
        if not notifier:
            return NotSent("not an address for apprise", permanent=True)
        try:
            took = notifier.notify(title=message.subject, body=message.text)
        except Exception as why:  # its plugins are many, and may raise anything
            return Unknown(type(why).__name__)
        return Sent("") if took else Unknown("apprise said no")

    def _notifier(self, address: str) -> Any:
        made = self._apprise.Apprise()
        return made if made.add(self._url.replace("{to}", quote(address, safe=""))) else None


def _library() -> Any:
    try:
        found = importlib.import_module("apprise")
    except ImportError as why:
        raise ValueError("the library apprise is not installed") from why
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it writes addresses and texts down
    return found

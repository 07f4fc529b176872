"""Passes a bank's events on over HTTP (port `EventRelay`)."""

from __future__ import annotations

import logging

import httpx

from religa.ports.relay import NotPassedOn, PassedOn

MARK = "X-Religa-Relay"  # on what we pass on: an event that came from us is not passed on again
_PATIENCE = httpx.Timeout(5.0)  # seconds to connect, and between two pieces of an answer
_SAID = 200  # characters of an error that are kept

for _name in ("httpx", "httpcore"):  # they write down every address, in which there are secrets
    logging.getLogger(_name).setLevel(logging.WARNING)


class Relay:
    """Keeps its connections open. Follows no redirect: whoever answers with one has not taken the event."""

    def __init__(self, client: httpx.Client | None = None) -> None:
        self._client = client or httpx.Client(timeout=_PATIENCE, follow_redirects=False, trust_env=False)

    def post(self, url: str, body: bytes, content_type: str) -> PassedOn | NotPassedOn:
        """Of the answer only its status is read, so that an endless one keeps nobody."""
        headers = {MARK: "1"} | ({"Content-Type": content_type} if content_type else {})
        try:
            with self._client.stream("POST", url, content=body, headers=headers) as answer:
                return _understood(answer.status_code)
        except (httpx.InvalidURL, ValueError) as why:
            return NotPassedOn(f"not asked: {type(why).__name__}")
        except (httpx.HTTPError, OSError) as why:
            return NotPassedOn(f"{type(why).__name__}: {why}"[:_SAID])


def _understood(status: int) -> PassedOn | NotPassedOn:
    return PassedOn(status) if 200 <= status < 300 else NotPassedOn(f"HTTP {status}")

"""HTTP by httpx (port `Wire`)."""

from __future__ import annotations

import logging

import httpx

from religa.ports.wire import Answered, Ask, Lost, NeverAsked

_PATIENCE = httpx.Timeout(20.0, connect=5.0, pool=5.0)  # seconds, the first between two pieces of an answer
_LONGEST = 64 * 1024  # octets of an answer that are read
_NEVER = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.ProxyError,
)

for _name in ("httpx", "httpcore"):  # they write down every address, in which there are numbers and secrets
    logging.getLogger(_name).setLevel(logging.WARNING)


class HttpWire:
    """Follows no redirect: a message is not posted to somebody else. Asks no proxy of the environment.

    A kept connection that the other side has closed meanwhile is not told from one that broke after the request: the
    answer is `Lost` then. Connections are kept for a few seconds only, so that this is rare.
    """

    def __init__(self, client: httpx.Client | None = None) -> None:
        limits = httpx.Limits(max_keepalive_connections=20, keepalive_expiry=4.0)
        self._client = client or httpx.Client(
            timeout=_PATIENCE, limits=limits, follow_redirects=False, trust_env=False
        )

    def ask(self, ask: Ask) -> Answered | NeverAsked | Lost:
        try:
            request = self._client.build_request(
                ask.method, ask.url, headers=list(ask.headers), content=ask.body or None
            )
        except (httpx.InvalidURL, ValueError, TypeError, UnicodeError) as why:
            return NeverAsked(type(why).__name__)
        try:
            answer = self._client.send(request, stream=True)
        except (*_NEVER, httpx.LocalProtocolError, httpx.InvalidURL) as why:
            return NeverAsked(type(why).__name__)
        except (httpx.HTTPError, OSError, ValueError) as why:
            return Lost(type(why).__name__)
        return _read(answer)


def _read(answer: httpx.Response) -> Answered:
    """Its status is known; what of its body does not come is as if it were not there."""
    body = b""
    try:
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > _LONGEST:
                break
    except (httpx.HTTPError, OSError):
        pass
    finally:
        answer.close()
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Answered(answer.status_code, headers, body[:_LONGEST])

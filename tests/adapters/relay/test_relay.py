"""Passing an event on over HTTP: as it came, one try, whatever the other side does."""

from __future__ import annotations

import httpx
import pytest

from religa import wiring
from religa.adapters.relay import MARK, Relay
from religa.ports.relay import NotPassedOn, PassedOn

URL = "https://erp.test/gateway/pix?token=abc"
BODY = b'{"pix":[]}\n\x00\xff'


def relay(answer):
    heard = []

    def handle(request):
        heard.append(request)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer) if isinstance(answer, int) else answer

    return Relay(httpx.Client(transport=httpx.MockTransport(handle))), heard


def test_the_body_goes_as_it_came_with_its_kind_and_our_mark():
    made, heard = relay(204)
    assert made.post(URL, BODY, "application/json") == PassedOn(204)
    [request] = heard
    assert (request.method, str(request.url), request.content) == ("POST", URL, BODY)
    assert request.headers["content-type"] == "application/json" and request.headers[MARK] == "1"


def test_where_no_kind_was_said_none_is():
    made, heard = relay(200)
    made.post(URL, b"", "")
    assert "content-type" not in heard[0].headers


@pytest.mark.parametrize("status", [301, 302, 404, 500])
def test_anything_but_a_2xx_has_not_taken_it_and_no_redirect_is_followed(status):
    made, heard = relay(httpx.Response(status, headers={"Location": "https://evil.test/"}))
    assert made.post(URL, BODY, "") == NotPassedOn(f"HTTP {status}")
    assert len(heard) == 1


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("silence"),
        httpx.RemoteProtocolError("nonsense"),
        OSError("x"),
    ],
)
def test_silence_is_an_outcome(error):
    made, _ = relay(error)
    outcome = made.post(URL, BODY, "")
    assert isinstance(outcome, NotPassedOn) and str(error) in outcome.error


def test_an_address_that_cannot_be_is_an_outcome_that_does_not_repeat_it():
    for url in ("https://[SECRET", "nonsense:SECRET", "https://erp.test:99999999/SECRET"):
        outcome = wiring.event_relay().post(url, BODY, "")
        assert isinstance(outcome, NotPassedOn) and "SECRET" not in outcome.error

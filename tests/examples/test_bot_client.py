"""The client that integrators copy, against a real server; and what it makes of silence."""

from __future__ import annotations

import importlib.util
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import people

_FILE = Path(__file__).parents[2] / "examples/bot_client.py"


@pytest.fixture(scope="module")
def bot_client():
    spec = importlib.util.spec_from_file_location("bot_client", _FILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["bot_client"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.django_db(transaction=True)
def test_a_call_from_its_protocol_number_to_an_open_line(bot_client, live_server):
    from religa.actions.bot.make_client import make
    from religa.records import locks, raw
    from religa.records.models import TrustUnlock

    raw.run("DELETE FROM throttle")
    now = locks.database_now()
    provider = people.provider(now)
    maria = people.blocked(provider, now)
    people.play(now)
    key = make(
        provider_id=provider.pk, name="URA", role="phone", addresses=[], per_minute=60, by="G", at=now
    ).key
    talk = bot_client.Religa(live_server.url, key)
    assert talk.start().startswith("O protocolo deste atendimento é dois, zero")
    assert not talk.identify("81999001001", "0000")
    assert talk.identify("(81) 99900-1001", maria.subscriber.document[-4:])
    [one] = talk.status()
    assert one["status"] == "blocked" and one["unlocks"]
    given = talk.unlock(one["contract"])
    assert isinstance(given, bot_client.Granted) and TrustUnlock.objects.get().contract_id == maria.pk
    again = talk.unlock(one["contract"])
    assert isinstance(again, bot_client.Refused) and again.reasons == ("promise_open",)
    assert "Pix" in talk.send_pix(one["contract"])
    talk.key = "rlg_wrong"
    with pytest.raises(bot_client.Problem, match="unauthorized"):
        talk.status()


class Religas(BaseHTTPRequestHandler):
    """Does what it is told: `script` holds status and body of each answer."""

    script: list = []
    asked: list = []

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.asked.append((self.command, self.headers.get("Idempotency-Key"), self.path))
        status, body = self.script.pop(0)
        if status is None:  # hangs up
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    do_GET = do_POST = _answer

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def religas():
    Religas.script, Religas.asked = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Religas)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


GRANTED = {
    "answer": "granted",
    "text": "Pronto!",
    "speech": "Pronto!",
    "until": "2026-12-07T09:00:00-03:00",
    "receipt_id": "2026",
}


def test_silence_is_asked_again_with_the_same_key(bot_client, religas):
    waits: list[float] = []
    talk = bot_client.Religa(religas, "k", sleep=waits.append)
    Religas.script += [(None, None), (503, {"code": "outcome_unknown"}), (200, GRANTED)]
    assert talk.unlock("1001") == bot_client.Granted(
        "Pronto!", "Pronto!", "2026-12-07T09:00:00-03:00", "2026"
    )
    assert len({key for _, key, _ in Religas.asked}) == 1 and waits == [1.0, 2.0]


def test_what_stays_silent_is_unknown_and_never_told_as_done(bot_client, religas):
    talk = bot_client.Religa(religas, "k", sleep=lambda seconds: None)
    Religas.script += [(502, {})] * 4 + [(200, {"answer": "unknown", "text": "", "speech": ""})]
    given = talk.unlock("1001")
    assert given == bot_client.Unknown(Religas.asked[0][1])
    assert Religas.asked[-1] == ("GET", None, f"/api/v1/unlocks/{given.key}")


def test_a_yes_without_a_receipt_id_is_no_yes(bot_client, religas):
    talk = bot_client.Religa(religas, "k")
    Religas.script.append((200, GRANTED | {"receipt_id": ""}))
    assert isinstance(talk.unlock("1001"), bot_client.Unknown)


def test_the_client_is_short_enough_to_be_read():
    text = _FILE.read_text()
    assert text.count("\n") < 150
    assert "import httpx" not in text and "import requests" not in text

"""A client of Religa's API, to copy from: Python's standard library alone.

    export RELIGA_URL=https://central.example.com RELIGA_KEY=rlg_...
    python3 examples/bot_client.py 81999990001 7735

Three answers to an unlock, and only one of them may be told as "your internet is open": `Granted`, which has a receipt
id. A timeout is `Unknown` until the same key has been asked again.
"""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Sleep = Callable[[float], None]
TRIES, WAIT = 4, 1.0  # seconds before the second try; doubled each time


@dataclass(frozen=True)
class Granted:
    text: str
    speech: str
    until: str
    receipt_id: str


@dataclass(frozen=True)
class Refused:
    text: str
    speech: str
    reasons: tuple[str, ...]
    eligible_at: str | None
    receipt_id: str


@dataclass(frozen=True)
class Unknown:
    """Neither yes nor no. Keep `key` and call `answer(key)` later; never tell it as done."""

    key: str


class Problem(Exception):
    """The request itself was not answered; `code` is stable (see openapi.yaml)."""

    def __init__(self, code: str, retry_after: float) -> None:
        self.code, self.retry_after = code, retry_after
        super().__init__(code)


class NoAnswer(Exception):
    """Nothing came back in time, or Religa could not tell."""


class Religa:
    """One talk with one subscriber. `timeout` in seconds, of each try."""

    def __init__(self, url: str, key: str, *, timeout: float = 5, sleep: Sleep = time.sleep) -> None:
        self.url, self.key, self.timeout, self.sleep = url.rstrip("/"), key, timeout, sleep
        self.token = self.contact = ""

    def start(self, language: str = "pt-br") -> str:
        """The protocol number in words: tell it before anything else."""
        made = self._ask("POST", "contacts", {"language": language})
        self.contact = made["protocol"]
        return str(made["speech"])

    def identify(self, caller: str, digits: str) -> bool:
        """By the calling number and the last four of the document; False if that is nobody."""
        who = {"caller": caller, "digits": digits, "contact": self.contact}
        try:
            made = self._ask("POST", "subjects", who)
        except Problem as problem:
            if problem.code in ("not_identified", "bad_request"):
                return False
            raise
        self.token = made["token"]
        return True

    def status(self) -> list[dict[str, Any]]:
        return list(self._ask("GET", "status")["contracts"])

    def unlock(self, contract: str, kind: str = "promise") -> Granted | Refused | Unknown:
        """Asks until there is an answer, always with the same key, so that it is done once."""
        key = str(uuid.uuid4())
        for turn in range(TRIES):
            try:
                return _read(self._ask("POST", "unlocks", {"contract": contract, "kind": kind}, key=key), key)
            except NoAnswer:
                self.sleep(WAIT * 2**turn)
        return self.answer(key)

    def answer(self, key: str) -> Granted | Refused | Unknown:
        """What was answered to a key; asks nothing again."""
        try:
            return _read(self._ask("GET", f"unlocks/{key}"), key)
        except NoAnswer:
            return Unknown(key)

    def send_pix(self, contract: str, channel: str = "sms") -> str:
        """Sends the Pix to the registered number; says so, or why not."""
        wish = {"contract": contract, "channel": channel}
        return str(self._ask("POST", "pix", wish, key=str(uuid.uuid4()))["speech"])

    def _ask(self, method: str, path: str, body: Any = None, *, key: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        headers |= {"Religa-Subject": self.token} if self.token else {}
        headers |= {"Idempotency-Key": key} if key else {}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:
                return dict(json.load(response))
        except urllib.error.HTTPError as error:
            if error.code >= 500:
                raise NoAnswer from error
            code = json.load(error)["code"]
            raise Problem(code, float(error.headers.get("Retry-After") or 0)) from error
        except (OSError, ValueError) as error:  # timeouts, resets, half an answer
            raise NoAnswer from error


def _read(said: dict[str, Any], key: str) -> Granted | Refused | Unknown:
    if said["answer"] == "granted" and said.get("receipt_id"):
        return Granted(said["text"], said["speech"], said["until"], said["receipt_id"])
    if said["answer"] == "refused":
        reasons = tuple(why["code"] for why in said["reasons"])
        return Refused(said["text"], said["speech"], reasons, said["eligible_at"], said["receipt_id"])
    return Unknown(key)


if __name__ == "__main__":
    talk = Religa(os.environ["RELIGA_URL"], os.environ["RELIGA_KEY"])
    print(talk.start())
    if talk.identify(*sys.argv[1:3]):
        for one in talk.status():
            print(one["text"], *(offer["text"] for offer in one["unlocks"][:1]), sep="\n")

"""A stand-in for Meta's Cloud API: takes messages, keeps the 24-hour window, signs what it posts.

Our reading of Meta's documentation, not Meta (docs/operators/channels.md). It reaches nobody.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from religa.adapters.fakes.listening import Listening
from religa.adapters.fakes.psp.wire import Answer, Request, json_answer

_TITLES = {100: "Invalid parameter", 190: "Access token has expired", 131047: "Re-engagement message"}


def error(code: int, *, status: int = 400, retry_after: int | None = None) -> Answer:
    """A refusal as Meta words it. The message repeats things that must not be written down."""
    body = {
        "error": {
            "message": f"(#{code}) recipient 5585988887777: {_TITLES.get(code, 'refused')}",
            "type": "OAuthException",
            "code": code,
            "error_data": {"messaging_product": "whatsapp", "details": "recipient 5585988887777"},
            "fbtrace_id": "Afake",
        }
    }
    answer = json_answer(body, status)
    headers = () if retry_after is None else (("Retry-After", str(retry_after)),)
    return Answer(status, answer.body, answer.content_type, headers)


@dataclass
class FakeCloudApi(Listening):
    """`taken`: bodies of messages, in order. `windows`: numbers that have written within a day. `templates`: names
    that are approved (None: all). `unreachable`: numbers without WhatsApp, found out later, as Meta does."""

    phone_number_id: str = "106540352242922"
    token: str = "um-token-da-meta"
    app_secret: str = "segredo-do-aplicativo"
    taken: list[dict[str, Any]] = field(default_factory=list)
    windows: set[str] = field(default_factory=set)
    templates: set[str] | None = None
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def forget(self) -> None:
        self.taken.clear()
        self.windows.clear()

    def answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return error(190, status=401)
        steps = request.path.strip("/").split("/")
        if request.method != "POST" or len(steps) != 3 or steps[1:] != [self.phone_number_id, "messages"]:
            return error(100)
        try:
            body = json.loads(request.body)
        except ValueError:
            return error(100)
        code = self._fault(body)
        return self._take(body) if code is None else error(code)

    def _fault(self, body: Mapping[str, Any]) -> int | None:
        if body.get("messaging_product") != "whatsapp" or not str(body.get("to", "")).isdigit():
            return 100
        if body.get("type") == "text":
            return None if body["to"] in self.windows else 131047
        return self._template_fault(body.get("template", {})) if body.get("type") == "template" else 131051

    def _template_fault(self, template: Mapping[str, Any]) -> int | None:
        if self.templates is not None and template.get("name") not in self.templates:
            return 132001
        texts = [p["text"] for c in template.get("components", ()) for p in c["parameters"]]
        if any("\n" in text or "\t" in text or "    " in text for text in texts):
            return 132018
        return 132005 if sum(map(len, texts)) > 1024 else None

    def _take(self, body: dict[str, Any]) -> Answer:
        self.taken.append(body)
        number = f"wamid.fake{next(self._numbers)}"
        contacts = [{"input": body["to"], "wa_id": body["to"]}]
        return json_answer(
            {"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": number}]}
        )

    # -- what it posts ----------------------------------------------------------------------------------------------

    def signed(self, body: bytes) -> dict[str, str]:
        """The headers with which Meta posts a body."""
        mac = hmac.digest(self.app_secret.encode(), body, hashlib.sha256).hex()
        return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={mac}"}

    def status(
        self, number: str, state: str, at: datetime, *, code: int | None = None, ours: str = ""
    ) -> bytes:
        """What became of a message that it took."""
        found: dict[str, Any] = {"id": number, "status": state, "timestamp": _seconds(at)}
        found["recipient_id"] = "5585988887777"
        if code is not None:
            found["errors"] = [{"code": code, "title": "Message undeliverable"}]
        if ours:
            found["biz_opaque_callback_data"] = ours
        return self._event({"statuses": [found]})

    def message(self, sender: str, text: str | None, at: datetime, *, number: str = "wamid.in1") -> bytes:
        """What a person wrote; None: a voice note."""
        self.windows.add(sender)
        said: dict[str, Any] = {"from": sender, "id": number, "timestamp": _seconds(at)}
        said |= (
            {"type": "text", "text": {"body": text}}
            if text is not None
            else {"type": "audio", "audio": {"id": "9"}}
        )
        return self._event({"contacts": [{"wa_id": sender}], "messages": [said]})

    def _event(self, value: dict[str, Any]) -> bytes:
        metadata = {"display_phone_number": "558530000000", "phone_number_id": self.phone_number_id}
        value = {"messaging_product": "whatsapp", "metadata": metadata} | value
        change = {"field": "messages", "value": value}
        body = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
        return json.dumps(body, ensure_ascii=False).encode()


def _seconds(at: datetime) -> str:
    return str(int(at.timestamp()))

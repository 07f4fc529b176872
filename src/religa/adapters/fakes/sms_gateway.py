"""A stand-in for an aggregator of SMS, with the habits that they share: yes and no inside a 200, codes of its own.

No gateway in particular. `SETTINGS` is how a channel is filled in for it.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import Any

from religa.adapters.fakes.listening import Listening
from religa.adapters.fakes.psp.wire import Answer, Request, json_answer

TOKEN = "um-token-do-gateway"
NO_CREDIT, NO_NUMBER, BUSY = "900", "101", "503"
SETTINGS: dict[str, Any] = {
    "medium": "sms",
    "headers": ["Authorization: Bearer {{token}}"],
    "body_kind": "json",
    "body": '{"para": "{{to}}", "mensagem": "{{text}}", "ref": "{{id}}"}',
    "ok_path": "situacao",
    "ok_values": ["ok"],
    "id_path": "mensagem.id",
    "error_path": "codigo",
    "permanent": [NO_NUMBER],
    "again": [NO_CREDIT],
    "cb_items": "eventos",
    "cb_id": "id",
    "cb_state": "situacao",
    "cb_error": "codigo",
    "cb_ours": "ref",
    "cb_delivered": ["entregue"],
    "cb_failed": ["falhou"],
    "cb_permanent": [NO_NUMBER],
    "cb_inbound_items": "respostas",
    "cb_sender": "de",
    "cb_text": "texto",
    "cb_message_id": "id",
}


def refusal(code: str, status: int = 200) -> Answer:
    """A no, whose words repeat the number."""
    return json_answer({"situacao": "erro", "codigo": code, "texto": "5585988887777 recusado"}, status)


@dataclass
class FakeSmsGateway(Listening):
    """`taken`: what it was asked to send, in order; a `ref` that it knows is not sent again with `knows_repeats`."""

    knows_repeats: bool = False
    taken: list[dict[str, Any]] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1001))
    _known: dict[str, Answer] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"{self.root}/enviar"

    def forget(self) -> None:
        self.taken.clear()
        self._known.clear()
        self.knows_repeats = False

    def answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return refusal("401", 401)
        try:
            asked = json.loads(request.body)
            to, ref = asked["para"], asked["ref"]
        except (ValueError, KeyError, TypeError):
            return refusal("400", 400)
        if self.knows_repeats and ref in self._known:
            return self._known[ref]
        if len(to) < 12:
            return refusal(NO_NUMBER)
        self.taken.append(asked)
        answer = json_answer({"situacao": "ok", "mensagem": {"id": next(self._numbers)}})
        self._known[ref] = answer
        return answer

    @staticmethod
    def status(number: str, state: str, *, code: str = "", ref: str = "") -> bytes:
        event = {"id": int(number), "situacao": state, "codigo": code, "ref": ref}
        return json.dumps({"eventos": [event]}).encode()

    @staticmethod
    def reply(sender: str, text: str, number: str = "5001") -> bytes:
        return json.dumps({"respostas": [{"de": sender, "texto": text, "id": number}]}).encode()

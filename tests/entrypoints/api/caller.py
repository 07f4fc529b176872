"""A program that uses the API by Django's test client; requests and answers are held against openapi.yaml."""

from __future__ import annotations

import functools
import itertools
import json
from importlib.resources import files
from typing import Any

import yaml
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse

from religa.records.models import Message, SubscriberPhone

BASE = "http://testserver"
_keys = itertools.count(1)


@functools.cache
def description() -> OpenAPI:
    text = (files("religa.entrypoints.api") / "openapi.yaml").read_text()
    config = Config(extra_media_type_deserializers={"application/problem+json": json.loads})
    return OpenAPI.from_dict(yaml.load(text, yaml.CSafeLoader), config=config)


class Caller:
    def __init__(self, client: Any, key: str) -> None:
        self.client, self.key, self.token = client, key, ""

    def ask(self, method: str, path: str, body: Any = None, *, valid: bool = True, **headers: str) -> Any:
        """Status and body. `valid`: the request is one that the description allows."""
        sent = {"Authorization": f"Bearer {self.key}", "Religa-Subject": self.token} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        place = f"/api/v1/{path}"
        request = MockRequest(
            BASE, method, place, headers=sent, data=data or None, content_type="application/json"
        )
        if valid:
            description().validate_request(request)
        answer = getattr(self.client, method)(
            place,
            **({"data": data, "content_type": "application/json"} if method == "post" else {}),
            headers=sent,
        )
        kind = answer["Content-Type"].partition(";")[0]
        assert answer["Cache-Control"] == "no-store"
        if path.split("/")[0] in ("contacts", "codes", "subjects", "status", "unlocks", "pix"):
            shown = MockResponse(answer.content, answer.status_code, content_type=kind)
            description().validate_response(request, shown)
        self.last = answer
        return answer.status_code, answer.json()

    def identify(self, contract: Any, **more: str) -> None:
        """By the calling number and the end of the document."""
        number = SubscriberPhone.objects.get(subscriber_id=contract.subscriber_id).number
        digits = contract.subscriber.document[-4:]
        status, made = self.ask("post", "subjects", {"caller": number, "digits": digits, **more})
        assert (status, made["strength"]) == (201, "caller")
        self.token = made["token"]

    def prove(self, contract: Any) -> None:
        """By a code."""
        document = contract.subscriber.document
        assert self.ask("post", "codes", {"document": document})[0] == 202
        code = Message.objects.filter(kind="code").latest("id").text[:6]
        status, made = self.ask("post", "subjects", {"document": document, "code": code})
        assert (status, made["strength"]) == (201, "code")
        self.token = made["token"]

    def unlock(self, contract: Any, key: str = "", **more: Any) -> Any:
        key = key or f"wish-{next(_keys):08}"
        return self.ask("post", "unlocks", {"contract": contract.external_id, **more}, Idempotency_Key=key)

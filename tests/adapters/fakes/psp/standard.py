"""API Pix as Banco Central wrote it, mended where validators need it: it judges every answer of the fake."""

import functools
import json
import warnings
from pathlib import Path
from typing import Any

import httpx
import yaml
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from openapi_schema_validator import OAS30ReadValidator

FOLDER = Path(__file__).parents[5] / "shared/pix"
FILE = FOLDER / "openapi.fixed.yaml"
BASE = "https://pix.example.com"


@functools.cache
def _api() -> OpenAPI:
    assert FILE.is_file(), f"{FILE} is missing: the answers of the fake PSP cannot be judged without it"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of OAuth2, which it does not check
        return OpenAPI.from_file_path(str(FILE))


def judge(response: httpx.Response) -> None:
    """Fails the test unless the answer is one that the standard allows."""
    response.read()
    asked = response.request
    path = asked.url.raw_path.decode().partition("?")[0]
    kind = response.headers.get("content-type", "application/json")
    if response.status_code >= 400:  # some are in no list of answers (401, 409, a bad query), their form is
        assert kind == "application/problem+json", kind
        check(response.json(), "Problema")
        return
    request = MockRequest(
        BASE, asked.method.lower(), path, args=dict(asked.url.params), data=asked.content or None
    )
    _api().validate_response(request, MockResponse(response.content, response.status_code, content_type=kind))


def check(value: Any, schema: str) -> None:
    """Fails the test unless `value` is what the standard calls by this name."""
    _validator(schema).validate(value)


@functools.cache
def _validator(schema: str) -> OAS30ReadValidator:
    components = yaml.load(FILE.read_text(), yaml.CSafeLoader)["components"]
    return OAS30ReadValidator({"$ref": f"#/components/schemas/{schema}", "components": components})


class Judging(httpx.HTTPTransport):
    """Every answer of the API goes before the judge."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if request.url.path.startswith("/api/") and "xml" not in response.headers.get("content-type", ""):
            response.request = request
            judge(response)
        return response


def cases() -> list[dict[str, Any]]:
    return json.loads((FOLDER / "cobv-request-cases.json").read_text())

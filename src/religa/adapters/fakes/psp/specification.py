"""Holds requests against the OpenAPI file of API Pix, where the library openapi-core and the file are at hand."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from religa.adapters.fakes.psp.bodies import Violation
from religa.adapters.fakes.psp.ledger import Problem
from religa.adapters.fakes.psp.wire import Request

BASE = "https://pix.example.com"  # of `servers` in the file; its own base path is /api


class Specification:
    """Made once: reading the file takes about two seconds, each request two thousandths."""

    def __init__(self, file: Path) -> None:
        """Raises `ImportError` without openapi-core (a library of development) and `OSError` without the file."""
        from openapi_core import OpenAPI

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it does not judge tokens: `Tokens` does
            self._api: Any = OpenAPI.from_file_path(str(file))

    def breach(self, request: Request, parts: tuple[str, ...]) -> Problem | None:
        """What the file has against a request whose path ends in `parts`; None if nothing."""
        from openapi_core.exceptions import OpenAPIError
        from openapi_core.testing import MockRequest

        asked = MockRequest(
            BASE,
            request.method.lower(),
            "/api/" + "/".join(parts),
            args=request.parameters,
            headers=dict(request.headers),
            data=request.body or None,
            content_type=request.headers.get("content-type", "application/json").partition(";")[0],
        )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._api.validate_request(asked)
        except OpenAPIError as error:
            return Problem(
                400, "RequisicaoInvalida", "A requisição não respeita o schema.", tuple(_causes(error))
            )
        return None


def _causes(error: BaseException) -> list[Violation]:
    """The file's own words, the innermost first."""
    deeper = getattr(error.__cause__, "schema_errors", ())
    found = [Violation(".".join(map(str, one.absolute_path)), one.message, one.instance) for one in deeper]
    return found or [Violation("", str(error.__cause__ or error))]

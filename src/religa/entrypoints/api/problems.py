"""Errors of the API, all of one shape (RFC 9457) with stable codes."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

_TITLES = {
    "unauthorized": (401, "The key is missing, unknown or revoked."),
    "subject_invalid": (401, "The subject token is missing, over, or another client's."),
    "address_not_allowed": (403, "The key may not be used from this address."),
    "role_may_not": (403, "A client of this role may not identify by the calling number."),
    "not_identified": (403, "What was given identifies nobody."),
    "not_found": (404, "There is nothing here for this client and subject."),
    "method_not_allowed": (405, "The address does not take this method."),
    "key_reused": (409, "The idempotency key was used for another request."),
    "too_large": (413, "The body is too large."),
    "bad_request": (422, "The request is not as described in openapi.yaml."),
    "too_many_requests": (429, "Too many requests; wait and ask again."),
    "outcome_unknown": (
        503,
        "It is not known whether the request was carried out. Ask again with the same key.",
    ),
}


class Problem(Exception):
    """What keeps a request from being answered: an error of the caller, or of ours. Never a business no."""

    def __init__(self, code: str, *, field: str = "", retry_after: int = 0, **more: str) -> None:
        self.code, self.field, self.retry_after, self.more = code, field, retry_after, more
        super().__init__(code)

    def response(self) -> JsonResponse:
        status, title = _TITLES[self.code]
        body = {
            "type": f"urn:religa:problem:{self.code}",
            "code": self.code,
            "title": title,
            "status": status,
        }
        if self.field:
            body["field"] = self.field
        made = JsonResponse(body | self.more, status=status, content_type="application/problem+json")
        if self.retry_after:
            made["Retry-After"] = str(self.retry_after)
        if status == 401:
            made["WWW-Authenticate"] = "Bearer"
        return made


def nothing_here(request: HttpRequest, anything: str = "") -> JsonResponse:
    """For addresses that are none."""
    return Problem("not_found").response()

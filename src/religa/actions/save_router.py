"""Registers a router or changes it, with its secret, in one transaction. A new one is answered without a restart."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from religa.domain.routers import (
    SHORT_SECRET,
    Router,
    RouterFault,
    RouterProblem,
    problems_of,
    secret_problems,
)
from religa.records import routers
from religa.records.errors import SeenBefore, naming
from religa.records.waking import wake


@dataclass(frozen=True, slots=True)
class Saved:
    """`short_secret`: it is taken, but guessing it is work of hours (RADIUS protects it with MD5)."""

    nas_id: int
    short_secret: bool


@dataclass(frozen=True, slots=True)
class NotSaved:
    """Everything that is wrong; nothing was changed."""

    problems: tuple[RouterProblem, ...]


def save(
    *, router: Router, provider_id: int, nas_id: int | None = None, secret: str | None = None
) -> Saved | NotSaved:
    """`nas_id` None: a new one. `secret` None: the known one stays."""
    problems = [*problems_of(router), *secret_problems(secret, is_new=nas_id is None)]
    if not any(p.field == "address" for p in problems) and routers.address_taken(router.address, but=nas_id):
        problems.append(RouterProblem(RouterFault.ADDRESS_TAKEN, "address"))
    if not routers.vendor_exists(router.vendor):
        problems.append(RouterProblem(RouterFault.VENDOR_UNKNOWN, "vendor"))
    if problems:
        return NotSaved(tuple(problems))
    return _write(router, provider_id, nas_id, secret)


def _write(router: Router, provider_id: int, nas_id: int | None, secret: str | None) -> Saved | NotSaved:
    try:
        with transaction.atomic(), naming():
            if nas_id is None:
                nas_id = routers.add(router, provider_id=provider_id, secret=secret or "")
            elif not routers.change(nas_id, router, provider_id=provider_id, secret=secret):
                return NotSaved((RouterProblem(RouterFault.GONE),))
            wake()
    except SeenBefore:  # somebody else was quicker
        return NotSaved((RouterProblem(RouterFault.ADDRESS_TAKEN, "address"),))
    return Saved(nas_id, secret is not None and len(secret) < SHORT_SECRET)

"""Routers with their health, for the pages; what a person writes of them. A shared router has no provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from religa.domain.coa_test import Answer, CoaTest, Found
from religa.domain.routers import Health, Router
from religa.records import network_secrets, raw


@dataclass(frozen=True, slots=True)
class Registered:
    """A router, how it fares, and the last test of its CoA port."""

    id: int
    router: Router
    vendor_title: str  # empty: no such kind of router, it hears what `generic` does
    has_secret: bool
    health: Health
    test: CoaTest | None


_EVERY = """
    SELECT n.id, n.name, CASE WHEN masklen(n.address) = CASE family(n.address) WHEN 4 THEN 32 ELSE 128 END
                              THEN host(n.address) ELSE n.address::text END,
           n.vendor, n.reach, n.coa_port, coalesce(host(n.source), ''), n.coa_window, n.shadow, n.enabled,
           n.settings @> '{{"require_message_authenticator": true}}', coalesce(v.title, ''),
           EXISTS (SELECT FROM radius_secret.nas_secret s WHERE s.nas_id = n.id),
           (SELECT count(*) FROM session_live s WHERE s.nas_id = n.id),
           h.accounted_at, h.answered_at, coalesce(h.outcome, ''), h.silent_since, coalesce(h.alarm, ''), h.alarm_at,
           t.id, t.asked_at, t.asked_by, t.answered_at, t.outcome, t.error_cause, t.took_ms
      FROM nas n
      LEFT JOIN radius.vendor v ON v.vendor = n.vendor
      LEFT JOIN nas_health h ON h.nas_id = n.id
      LEFT JOIN LATERAL (SELECT * FROM nas_test t WHERE t.nas_id = n.id ORDER BY t.asked_at DESC, t.id DESC LIMIT 1) t
             ON true
     WHERE (n.provider_id = %(provider)s OR n.provider_id IS NULL) {which}
     ORDER BY n.name, n.id
"""


def every(provider_id: int) -> list[Registered]:
    """The provider's own routers and shared ones."""
    return [_read(row) for row in raw.rows(_EVERY.format(which=""), {"provider": provider_id})]


def one(provider_id: int, nas_id: int) -> Registered | None:
    rows = raw.rows(_EVERY.format(which="AND n.id = %(nas)s"), {"provider": provider_id, "nas": nas_id})
    return _read(rows[0]) if rows else None


def _read(row: tuple[Any, ...]) -> Registered:
    router = Router(
        name=row[1], address=row[2], vendor=row[3], reach=row[4], coa_port=row[5], source=row[6], coa_window=row[7],
        shadow=row[8], enabled=row[9], signs=row[10],
    )  # fmt: skip
    return Registered(row[0], router, row[11], row[12], Health(*row[13:20]), _test(row[20:]))


def _test(row: tuple[Any, ...]) -> CoaTest | None:
    number, asked_at, asked_by, answered_at, outcome, cause, took = row
    if number is None:
        return None
    answer = None if answered_at is None else Answer(Found(outcome), cause, took)
    return CoaTest(number, asked_at, asked_by, answered_at, answer)


def vendor_exists(vendor: str) -> bool:
    return bool(raw.rows("SELECT 1 FROM radius.vendor WHERE vendor = %s", [vendor]))


def address_taken(address: str, *, but: int | None) -> bool:
    """Whether another router has the same address or network; whose it is is nobody else's business."""
    query = "SELECT 1 FROM nas WHERE address = %s::inet AND id IS DISTINCT FROM %s::bigint"
    return bool(raw.rows(query, [address, but]))


def add(router: Router, *, provider_id: int, secret: str) -> int:
    """Registers it with its secret."""
    nas_id = int(raw.rows(_INSERT, {**_columns(router), "provider": provider_id})[0][0])
    network_secrets.set_nas_secret(nas_id=nas_id, secret=secret)
    return nas_id


def change(nas_id: int, router: Router, *, provider_id: int, secret: str | None) -> bool:
    """Writes it anew; without a secret that stays. False: there is no such router."""
    known = raw.run(_UPDATE, {**_columns(router), "provider": provider_id, "nas": nas_id})
    if known and secret is not None:
        network_secrets.set_nas_secret(nas_id=nas_id, secret=secret)
    return bool(known)


_INSERT = """
    INSERT INTO nas (provider_id, name, address, vendor, identifier, reach, coa_port, source, coa_window, shadow,
                     enabled, settings)
    VALUES (%(provider)s, %(name)s, %(address)s::inet, %(vendor)s, '', %(reach)s, %(coa_port)s, %(source)s::inet,
            %(coa_window)s, %(shadow)s, %(enabled)s,
            jsonb_build_object('require_message_authenticator', %(signs)s::boolean))
    RETURNING id
"""
_UPDATE = """
    UPDATE nas SET name = %(name)s, address = %(address)s::inet, vendor = %(vendor)s, reach = %(reach)s,
           coa_port = %(coa_port)s, source = %(source)s::inet, coa_window = %(coa_window)s, shadow = %(shadow)s,
           enabled = %(enabled)s,
           settings = settings || jsonb_build_object('require_message_authenticator', %(signs)s::boolean)
     WHERE id = %(nas)s AND (provider_id = %(provider)s OR provider_id IS NULL)
"""


def _columns(router: Router) -> dict[str, Any]:
    return {
        "name": router.name.strip(), "address": router.address, "vendor": router.vendor, "reach": router.reach,
        "coa_port": router.coa_port, "source": router.source or None, "coa_window": router.coa_window,
        "shadow": router.shadow, "enabled": router.enabled, "signs": router.signs,
    }  # fmt: skip

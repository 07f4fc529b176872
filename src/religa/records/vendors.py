"""Kinds of router as they stand in schema `radius`, and as they were shipped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from religa.domain.facts import Access
from religa.domain.vendors import Fact, Purpose, Template, Vendor
from religa.records import raw

_HEADS = """
    SELECT vendor, title, verified, moved_by, timeout_from, shown_by, identified_by, changed_by
      FROM radius.{vendor} WHERE %(vendor)s::text IS NULL OR vendor = %(vendor)s ORDER BY title
"""
_ROWS = """
    SELECT vendor, purpose, access, attribute, template, op, fact
      FROM radius.{template} WHERE %(vendor)s::text IS NULL OR vendor = %(vendor)s
     ORDER BY vendor, purpose, array_position('{{full,reduced,walled}}', access), position, attribute
"""


def every() -> list[Vendor]:
    """All kinds of router, by title."""
    return _load("vendor", "reply_template", None)


def one(vendor: str) -> Vendor | None:
    return next(iter(_load("vendor", "reply_template", vendor)), None)


def shipped(vendor: str | None = None) -> dict[str, Vendor]:
    """As they came with this version of Religa."""
    return {v.vendor: v for v in _load("shipped_vendor", "shipped_template", vendor)}


def names() -> list[tuple[str, str]]:
    """Code and title, for a choice."""
    return [(v, t) for v, t in raw.rows("SELECT vendor, title FROM radius.vendor ORDER BY title")]


def routers_of() -> dict[str, int]:
    """How many routers are of each kind, those of all providers."""
    return dict(raw.rows("SELECT vendor, count(*) FROM nas GROUP BY vendor"))


def lock(vendor: str) -> Vendor | None:
    """As it stands; nobody else changes it until the transaction ends."""
    raw.rows("SELECT 1 FROM radius.vendor WHERE vendor = %s FOR UPDATE", [vendor])
    return one(vendor)


def write(vendor: Vendor, *, by: str) -> None:
    """Puts the kind of router and all its rows in place of what was there. Promises are checked at once."""
    raw.run(_UPSERT, {**_head(vendor), "by": by})
    raw.run("DELETE FROM radius.reply_template WHERE vendor = %s", [vendor.vendor])
    columns = ("vendor", "purpose", "access", "position", "attribute", "op", "template", "fact")
    raw.insert(
        "radius.reply_template",
        columns,
        [
            (vendor.vendor, t.purpose.value, t.access.value, n, t.attribute, t.op, t.template, t.fact.value)
            for n, t in enumerate(vendor.templates)
        ],
    )
    raw.run("SET CONSTRAINTS ALL IMMEDIATE")
    raw.run("SET CONSTRAINTS ALL DEFERRED")


_UPSERT = """
    INSERT INTO radius.vendor (vendor, title, verified, moved_by, timeout_from, shown_by, identified_by, changed_by)
    VALUES (%(vendor)s, %(title)s, %(verified)s, %(moved_by)s, %(timeout_from)s, %(shown_by)s, %(identified_by)s,
            %(by)s)
    ON CONFLICT (vendor) DO UPDATE SET
           title = excluded.title, verified = excluded.verified, moved_by = excluded.moved_by,
           timeout_from = excluded.timeout_from, shown_by = excluded.shown_by,
           identified_by = excluded.identified_by, changed_by = excluded.changed_by
"""


def _head(vendor: Vendor) -> Mapping[str, Any]:
    return {
        "vendor": vendor.vendor,
        "title": vendor.title,
        "verified": vendor.verified,
        "moved_by": vendor.moved_by,
        "timeout_from": vendor.timeout_from,
        "shown_by": vendor.shown_by,
        "identified_by": list(vendor.identified_by),
    }


def _load(heads: str, templates: str, which: str | None) -> list[Vendor]:
    asked = {"vendor": which}
    rows: dict[str, list[Template]] = {}
    for vendor, purpose, access, attribute, template, op, fact in raw.rows(
        _ROWS.format(template=templates), asked
    ):
        one = Template(Purpose(purpose), Access(access), attribute, template, op, Fact(fact))
        rows.setdefault(vendor, []).append(one)
    return [
        Vendor(
            vendor, title, verified, tuple(rows.get(vendor, ())), moved, timeout, shown, tuple(identified), by
        )
        for vendor, title, verified, moved, timeout, shown, identified, by in raw.rows(
            _HEADS.format(vendor=heads), asked
        )
    ]

"""Saves what a kind of router hears, after checking it: a broken template would silence every log-in of its routers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import transaction

from religa.domain import radius_values
from religa.domain.vendors import (
    ACCESSES,
    Fault,
    Heard,
    Problem,
    Purpose,
    Sample,
    Template,
    Vendor,
    fill,
    heard,
    problems_of,
)
from religa.ports import Dictionary
from religa.records import vendors
from religa.records.errors import Broken, naming
from religa.records.waking import wake


@dataclass(frozen=True, slots=True)
class Saved:
    """It holds from the next log-in on. `read_by_freeradius`: whether FreeRADIUS was there to read it."""

    vendor: Vendor
    read_by_freeradius: bool


@dataclass(frozen=True, slots=True)
class NotSaved:
    """Everything that is wrong; nothing was changed."""

    problems: tuple[Problem, ...]


def save(*, vendor: Vendor, by: str, seen: str | None, dictionary: Dictionary | None) -> Saved | NotSaved:
    """`seen`: the digest of what the person was shown, None for a new kind of router."""
    vendor = named_properly(vendor, dictionary)
    problems = check(vendor=vendor, dictionary=dictionary)
    with transaction.atomic():
        problems += _against_what_stands(vendors.lock(vendor.vendor), seen)
        if not problems:
            problems = _write(vendor, by)
        if problems:
            return NotSaved(tuple(problems))
        wake()
    return Saved(vendor, dictionary is not None)


def check(*, vendor: Vendor, dictionary: Dictionary | None) -> list[Problem]:
    """Everything that is wrong by itself. FreeRADIUS is asked last, of what is right as far as we can tell."""
    problems = problems_of(vendor)
    if dictionary is None:
        return problems
    broken = {p.row for p in problems}
    for n, row in enumerate(vendor.templates):
        if n not in broken:
            problems += _against_dictionary(row, n, dictionary)
    return problems or list(_read_by_freeradius(vendor, dictionary))


def named_properly(vendor: Vendor, dictionary: Dictionary | None) -> Vendor:
    """Attributes as the dictionary writes them: they are compared by their names."""
    if dictionary is None:
        return vendor
    return replace(vendor, templates=tuple(_written(row, dictionary) for row in vendor.templates))


def _written(row: Template, dictionary: Dictionary) -> Template:
    known = dictionary.attribute(row.name)
    return row if known is None else replace(row, attribute=":".join(filter(None, (known.name, row.tag))))


def _against_what_stands(standing: Vendor | None, seen: str | None) -> list[Problem]:
    if seen is None:
        return [Problem(Fault.NAME_TAKEN, "vendor")] if standing else []
    if standing is None or standing.digest != seen:
        return [Problem(Fault.CHANGED_MEANWHILE, detail=standing.changed_by if standing else "")]
    return []


def _write(vendor: Vendor, by: str) -> list[Problem]:
    """The database checks again, whoever writes; what only it finds is said in its words."""
    try:
        with transaction.atomic(), naming():
            vendors.write(vendor, by=by)
    except Broken as broken:
        return [Problem(Fault.REFUSED_BY_DATABASE, detail=broken.sentence)]
    return []


def _against_dictionary(row: Template, number: int, dictionary: Dictionary) -> Iterator[Problem]:
    kind = dictionary.attribute(row.name)
    if kind is None:
        yield Problem(Fault.ATTRIBUTE_UNKNOWN, "attribute", number, row.name)
        return
    if row.tag and not kind.tagged:
        yield Problem(Fault.NO_TAGS, "attribute", number, row.name)
    for sample in (Sample(), Sample(voice=True)):
        value = fill(row, sample)
        if value is not None and not radius_values.fits(kind.type, value, kind.names):
            yield Problem(Fault.VALUE_FORM, "template", number, f"{value} ({kind.type})")
            return


def _read_by_freeradius(vendor: Vendor, dictionary: Dictionary) -> Iterator[Problem]:
    """A sample log-in and a sample order in each state, as they would be sent."""
    groups = [(purpose, access) for purpose in Purpose for access in ACCESSES]
    packets: list[list[Heard]] = [heard(vendor, p, a, Sample()) for p, a in groups]
    found = dictionary.unreadable(packets)
    if found is not None:
        purpose, access = groups[found.packet]
        yield Problem(Fault.REFUSED_BY_FREERADIUS, f"{purpose.value}-{access.value}", detail=found.said)

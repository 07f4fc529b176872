"""What a kind of router hears in each state, as rows; and what is wrong with them, before anybody is silent for it.

The same promises stand in the database (records/sql/radius/2_templates.sql): here they get their words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from religa.domain.facts import Access

ACCESSES = (Access.FULL, Access.REDUCED, Access.WALLED)
IDENTIFIERS = ("User-Name", "Acct-Session-Id", "Framed-IP-Address")
LONGEST = 253  # octets of a value


class Purpose(StrEnum):
    LOGIN = "login"
    PUSH = "push"


class Fact(StrEnum):
    """What must be known of a log-in for the row to be sent."""

    ALWAYS = ""
    RATE = "rate"
    WALL = "wall"
    IPV4 = "ipv4"
    POOL = "pool"
    IPV6_PREFIX_POOL = "ipv6_prefix_pool"
    IPV6_PD_POOL = "ipv6_pd_pool"


PLACEHOLDERS = {
    Fact.ALWAYS: (),
    Fact.RATE: ("{up}", "{down}", "{burst}", "{up_bps}", "{down_bps}"),
    Fact.WALL: ("{voice}",),
}
_OF_THE_REST = ("{}",)


@dataclass(frozen=True, slots=True)
class Template:
    """One attribute of an answer. `op`: as FreeRADIUS reads it."""

    purpose: Purpose
    access: Access
    attribute: str
    template: str
    op: str = ":="
    fact: Fact = Fact.ALWAYS

    @property
    def name(self) -> str:
        """The attribute without its tag."""
        return self.attribute.partition(":")[0]

    @property
    def tag(self) -> str:
        return self.attribute.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Vendor:
    """A kind of router: how it is spoken to (see radius.vendor), and its rows in the order in which they are sent."""

    vendor: str
    title: str
    verified: str
    templates: tuple[Template, ...] = ()
    moved_by: str = "coa"
    timeout_from: str = "receipt"
    shown_by: str = ""
    identified_by: tuple[str, ...] = IDENTIFIERS
    changed_by: str = ""

    @property
    def digest(self) -> str:
        """Known again: who saves says what he saw, so that nobody's change is lost."""
        return hashlib.sha256(repr(replace(self, changed_by="")).encode()).hexdigest()[:16]

    def spoken(self, purpose: Purpose, access: Access) -> list[Template]:
        """The rows that are sent. Without any for a push, those of the log-in but for addresses."""
        own = [t for t in self.templates if t.purpose is purpose]
        if purpose is Purpose.PUSH and not own:
            stays = (Fact.ALWAYS, Fact.RATE, Fact.WALL)
            own = [t for t in self.templates if t.purpose is Purpose.LOGIN and t.fact in stays]
        return [t for t in own if t.access is access]


@dataclass(frozen=True, slots=True)
class Sample:
    """A log-in for which something is known; None: it is not."""

    up: int | None = 300_000
    down: int | None = 600_000
    burst: str = " 360000k/720000k 270000k/540000k 10/10"
    ipv4: str | None = "100.64.10.20"
    pool: str | None = "clientes"
    ipv6_prefix_pool: str | None = "clientes-v6"
    ipv6_pd_pool: str | None = "clientes-pd"
    voice: bool = False


NOTHING_KNOWN = Sample(None, None, "", None, None, None, None)
Heard = tuple[str, str, str]  # attribute, operator, value


def fill(row: Template, sample: Sample) -> str | None:
    """The value that is sent; None: it is not sent, because its fact is not known."""
    if row.fact is Fact.ALWAYS:
        return row.template
    if row.fact is Fact.WALL:
        return row.template.replace("{voice}", "-voice" if sample.voice else "")
    if row.fact is Fact.RATE:
        return _with_rate(row.template, sample)
    known = getattr(sample, row.fact.value)
    return None if known is None else row.template.replace("{}", known)


def _with_rate(template: str, sample: Sample) -> str | None:
    if sample.up is None or sample.down is None:
        return None
    said = template.replace("{up}", str(sample.up)).replace("{down}", str(sample.down))
    said = said.replace("{burst}", sample.burst).replace("{up_bps}", str(sample.up * 1000))
    return said.replace("{down_bps}", str(sample.down * 1000))


def heard(vendor: Vendor, purpose: Purpose, access: Access, sample: Sample) -> list[Heard]:
    """What a log-in (or a session that is moved) hears of its state."""
    filled = [(row, fill(row, sample)) for row in vendor.spoken(purpose, access)]
    return [(row.attribute, row.op, value) for row, value in filled if value is not None]


class Fault(StrEnum):
    """What is wrong with a kind of router or with one of its rows."""

    NAME_FORM = "name_form"
    NAME_TAKEN = "name_taken"
    NO_TITLE = "no_title"
    NOT_VERIFIED = "not_verified"
    CHANGED_MEANWHILE = "changed_meanwhile"
    NO_IDENTIFIER = "no_identifier"
    NO_ROWS = "no_rows"
    WALL_OPEN = "wall_open"
    LIST_STAYS = "list_stays"
    LIST_SAME = "list_same"
    COA_SAYS_NOTHING = "coa_says_nothing"
    NOT_SHOWN = "not_shown"
    ATTRIBUTE_FORM = "attribute_form"
    ATTRIBUTE_OURS = "attribute_ours"
    ATTRIBUTE_UNKNOWN = "attribute_unknown"
    ATTRIBUTE_TWICE = "attribute_twice"
    NO_TAGS = "no_tags"
    TAG_FORM = "tag_form"
    NO_VALUE = "no_value"
    CONTROL_CHARACTER = "control_character"
    TOO_LONG = "too_long"
    PLACEHOLDER = "placeholder"
    VALUE_FORM = "value_form"
    REFUSED_BY_FREERADIUS = "refused_by_freeradius"
    REFUSED_BY_DATABASE = "refused_by_database"


@dataclass(frozen=True, slots=True)
class Problem:
    """`row`: which of the vendor's rows (None: the whole), `field`: which part of it, `detail`: what the words name."""

    fault: Fault
    field: str = ""
    row: int | None = None
    detail: str = ""


_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_ATTRIBUTE = re.compile(r"[A-Za-z0-9-]+")
_TAG = re.compile(r"[1-9]|[12][0-9]|3[01]")
_OURS = re.compile(
    r"religa-.*|class|session-timeout|termination-action|message-authenticator|event-timestamp", re.IGNORECASE
)
_LIST = re.compile(r"(.*-list|filter-id)(:.*)?")


def problems_of(vendor: Vendor) -> list[Problem]:
    """Everything that can be seen without a dictionary."""
    rows = [p for n, row in enumerate(vendor.templates) for p in row_problems(row, n)]
    return [*_head_problems(vendor), *rows, *_doubles(vendor), *_state_problems(vendor)]


def _head_problems(vendor: Vendor) -> Iterator[Problem]:
    if not _NAME.fullmatch(vendor.vendor):
        yield Problem(Fault.NAME_FORM, "vendor")
    if not vendor.title.strip():
        yield Problem(Fault.NO_TITLE, "title")
    if not vendor.verified.strip():
        yield Problem(Fault.NOT_VERIFIED, "verified")
    if not vendor.identified_by or set(vendor.identified_by) - set(IDENTIFIERS):
        yield Problem(Fault.NO_IDENTIFIER, "identified_by")


def row_problems(row: Template, number: int) -> Iterator[Problem]:
    """What is wrong with one row by itself."""
    if not _ATTRIBUTE.fullmatch(row.name):
        yield Problem(Fault.ATTRIBUTE_FORM, "attribute", number)
    elif _OURS.fullmatch(row.name):
        yield Problem(Fault.ATTRIBUTE_OURS, "attribute", number, row.name)
    elif ":" in row.attribute and not _TAG.fullmatch(row.tag):
        yield Problem(Fault.TAG_FORM, "attribute", number)
    if not row.template:
        yield Problem(Fault.NO_VALUE, "template", number)
    elif any(ord(c) < 32 or 127 <= ord(c) < 160 for c in row.template):
        yield Problem(Fault.CONTROL_CHARACTER, "template", number)
    elif len((fill(row, Sample()) or "").encode()) > LONGEST or len(row.template.encode()) > LONGEST:
        yield Problem(Fault.TOO_LONG, "template", number)
    if strange := _strange_placeholder(row):
        yield Problem(Fault.PLACEHOLDER, "template", number, strange)


def _strange_placeholder(row: Template) -> str:
    """A brace that no placeholder of the row's fact explains."""
    left = row.template
    for placeholder in PLACEHOLDERS.get(row.fact, _OF_THE_REST):
        left = left.replace(placeholder, "")
    found = re.search(r"\{[^{}]*\}|[{}]", left)
    return found[0] if found else ""


def _doubles(vendor: Vendor) -> Iterator[Problem]:
    """Twice the same attribute for everybody, where the second takes the first one's place."""
    seen: set[tuple[Purpose, Access, str]] = set()
    for n, row in enumerate(vendor.templates):
        key = (row.purpose, row.access, row.attribute.lower())
        if key in seen and row.op != "+=" and row.fact is Fact.ALWAYS:
            yield Problem(Fault.ATTRIBUTE_TWICE, "op", n, row.attribute)
        seen.add(key)


def _state_problems(vendor: Vendor) -> Iterator[Problem]:
    for purpose in Purpose:
        rows = [t for t in vendor.templates if t.purpose is purpose]
        if rows or purpose is Purpose.LOGIN:
            spoken = {t.access for t in rows}
            yield from (
                Problem(Fault.NO_ROWS, _group(purpose, a), detail=a.value)
                for a in ACCESSES
                if a not in spoken
            )
        if purpose is Purpose.LOGIN or vendor.moved_by == "coa":
            yield from _wall_problems(vendor, purpose)
    if vendor.moved_by == "coa":
        yield from (
            Problem(Fault.COA_SAYS_NOTHING, _group(Purpose.PUSH, a), detail=a.value)
            for a in ACCESSES
            if not _always(vendor, Purpose.PUSH, a)
        )
    if vendor.shown_by == "filter_id" and not _shown(vendor):
        yield Problem(Fault.NOT_SHOWN, "shown_by")


def _group(purpose: Purpose, access: Access) -> str:
    return f"{purpose.value}-{access.value}"


def _always(vendor: Vendor, purpose: Purpose, access: Access) -> set[tuple[str, str]]:
    """What is said whatever is known of the log-in; both forms of a wall with and without voice."""
    return {
        (attribute.lower(), value)
        for sample in (NOTHING_KNOWN, replace(NOTHING_KNOWN, voice=True))
        for attribute, _, value in heard(vendor, purpose, access, sample)
    }


def _wall_problems(vendor: Vendor, purpose: Purpose) -> Iterator[Problem]:
    full, walled = (_always(vendor, purpose, a) for a in (Access.FULL, Access.WALLED))
    where = _group(purpose, Access.WALLED)
    # An order for full access may say all that one for the wall does, and more: it switches the wall off.
    if walled <= full if purpose is Purpose.LOGIN else walled == full:
        yield Problem(Fault.WALL_OPEN, where)
    for name in sorted({a for a, _ in full if _LIST.fullmatch(a)}):
        theirs = {value for a, value in walled if a == name}
        if not theirs:
            yield Problem(Fault.LIST_STAYS, where, detail=_written(vendor, name))
        elif theirs & {value for a, value in full if a == name}:
            yield Problem(Fault.LIST_SAME, where, detail=_written(vendor, name))


def _written(vendor: Vendor, name: str) -> str:
    return next(t.attribute for t in vendor.templates if t.attribute.lower() == name)


def _shown(vendor: Vendor) -> bool:
    """Whether each state sends a Filter-Id of its own."""
    told = [{v for a, v in _always(vendor, Purpose.LOGIN, access) if a == "filter-id"} for access in ACCESSES]
    return all(told) and not (told[0] & told[2])

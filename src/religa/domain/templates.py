"""The little language of message texts: words, and fields in braces such as `{nome}`. No code, no conditions.

A paragraph (lines between blank lines) vanishes as a whole when one of its optional fields has no value. A brace is
never text, so every brace that opens no field is a fault with its place.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Values = Mapping[str, str]


class Part(StrEnum):
    SUBJECT = "subject"
    BODY = "body"


class Fault(StrEnum):
    """What is wrong with a text. `detail` of its problem: a name, or what was counted."""

    UNCLOSED = "unclosed"
    STRAY = "stray"
    NESTED = "nested"
    UNKNOWN = "unknown"
    OF_ANOTHER_KIND = "of_another_kind"
    MAY_BE_EMPTY = "may_be_empty"
    LINES_IN_SUBJECT = "lines_in_subject"
    CONTROL_CHARACTER = "control_character"
    NO_SUBJECT = "no_subject"
    NO_BODY = "no_body"
    LACKS = "lacks"
    VANISHES = "vanishes"
    TOO_LONG = "too_long"
    NOT_CARRIED = "not_carried"
    PORTUGUESE_ONLY = "portuguese_only"
    CHANGED_MEANWHILE = "changed_meanwhile"
    NOTHING_NEW = "nothing_new"
    # Said, and never a reason not to save:
    LINK = "link"
    NEAR_LIMIT = "near_limit"
    BETTER_WITH = "better_with"


WARNINGS = frozenset({Fault.LINK, Fault.NEAR_LIMIT, Fault.BETTER_WITH})


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column count from 1, as an editor shows them."""

    part: Part
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """`near`: the known name that is most like an unknown one; `article`: what asks for what is lacking. "": none."""

    fault: Fault
    place: Place | None = None
    detail: str = ""
    near: str = ""
    article: str = ""

    @property
    def is_warning(self) -> bool:
        return self.fault in WARNINGS


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one kind of message. `optional` ones may have no value, `blocks` have several lines, `elsewhere`
    are those that only other kinds have."""

    names: frozenset[str]
    optional: frozenset[str] = frozenset()
    blocks: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`pattern` is a %-format of names alone; `words` the text without its fields; `line` where it begins."""

    pattern: str
    words: str
    names: frozenset[str]
    optional: tuple[str, ...]
    line: int

    @property
    def may_vanish(self) -> bool:
        return bool(self.optional)


@dataclass(frozen=True, slots=True)
class Lacking:
    """Fields that the text needs and that have no value: nothing was written."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Faulty:
    """The text cannot be read."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A text that was read. `fill` costs some microseconds, reading some hundred: read once, fill often."""

    subject: str
    paragraphs: tuple[Paragraph, ...]
    names: frozenset[str]
    needed: tuple[str, ...] = field(default=())

    def fill(self, values: Values) -> tuple[str, str] | Lacking:
        """Subject and body. An empty value is none."""
        lacking = [name for name in self.needed if not values.get(name)]
        if lacking:
            return Lacking(tuple(lacking))
        kept = [p.pattern % values for p in self.paragraphs if all(map(values.get, p.optional))]
        return self.subject % values, "\n\n".join(kept)


def read(subject: str, body: str, fields: Fields) -> Template | Faulty:
    """Subject may be empty; whether it should be is not the language's matter."""
    subject, body = tidy(subject), tidy(body)
    head = list(_pieces(subject, Part.SUBJECT))
    text = list(_pieces(body, Part.BODY))
    problems = [p for p in (*head, *text) if isinstance(p, Problem)]
    named = [p for p in (*head, *text) if isinstance(p, _Field)]
    problems += _names(named, fields) + _of_subject(subject, head, fields) + _controls(subject, body)
    if problems:
        return Faulty(tuple(sorted(problems, key=_where)))
    return _template(subject, body, fields)


def tidy(text: str) -> str:
    """As it is kept: one kind of line end, no spaces at ends, at most one blank line."""
    lines = [line.rstrip() for line in re.split(r"\r\n|\r|\n", text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    place: Place


_TOKEN = re.compile(r"[{}]")
_NAME = re.compile(r"\{\s*(\w+)\s*\}")


def _pieces(text: str, part: Part) -> Iterator[_Field | Problem]:
    """Fields and faulty braces, in order."""
    at = 0
    while (brace := _TOKEN.search(text, at)) is not None:
        start = brace.start()
        at = start + 1
        if brace[0] == "}":
            yield Problem(Fault.STRAY, _place(text, start, part))
            continue
        end = re.compile(r"[{}\n]").search(text, at)
        if end is None or end[0] == "\n":
            yield Problem(Fault.UNCLOSED, _place(text, start, part))
        elif end[0] == "{":
            yield Problem(Fault.NESTED, _place(text, start, part))
        else:
            yield _Field(text[at : end.start()].strip().lower(), _place(text, start, part))
            at = end.end()


def _place(text: str, at: int, part: Part) -> Place:
    before = text[:at]
    return Place(part, before.count("\n") + 1, at - before.rfind("\n"))


def _names(named: Iterable[_Field], fields: Fields) -> list[Problem]:
    return [_strange(one, fields) for one in named if one.name not in fields.names]


def _strange(one: _Field, fields: Fields) -> Problem:
    if one.name in fields.elsewhere:
        return Problem(Fault.OF_ANOTHER_KIND, one.place, one.name)
    near = difflib.get_close_matches(one.name, sorted(fields.names), n=1)
    return Problem(Fault.UNKNOWN, one.place, one.name[:40], near[0] if near else "")


def _of_subject(subject: str, head: Iterable[_Field | Problem], fields: Fields) -> list[Problem]:
    """A subject is one line that is always there."""
    fragile = [
        Problem(
            Fault.MAY_BE_EMPTY if one.name in fields.optional else Fault.LINES_IN_SUBJECT, one.place, one.name
        )
        for one in head
        if isinstance(one, _Field) and one.name in fields.optional | fields.blocks
    ]
    if "\n" in subject:
        fragile.append(Problem(Fault.LINES_IN_SUBJECT, _place(subject, subject.index("\n"), Part.SUBJECT)))
    return fragile


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def _controls(subject: str, body: str) -> list[Problem]:
    """What nobody sees and what may turn a text around; the joiner inside an emoji is neither."""
    return [
        Problem(Fault.CONTROL_CHARACTER, _place(text, found.start(), part), f"U+{ord(found[0]):04X}")
        for part, text in ((Part.SUBJECT, subject), (Part.BODY, body))
        for found in _CONTROL.finditer(text)
    ]


def _where(problem: Problem) -> tuple[bool, int, int]:
    place = problem.place or Place(Part.BODY, 0, 0)
    return place.part is Part.BODY, place.line, place.column


def _template(subject: str, body: str, fields: Fields) -> Template:
    paragraphs = tuple(_paragraphs(body, fields.optional))
    always = {n for p in paragraphs for n in p.names - fields.optional} | _names_in(subject)
    names = always.union(*(p.names for p in paragraphs))
    return Template(_pattern(subject), paragraphs, frozenset(names), tuple(sorted(always)))


def _paragraphs(body: str, optional: Collection[str]) -> Iterator[Paragraph]:
    line = 1
    for text in body.split("\n\n"):
        names = _names_in(text)
        fragile = tuple(sorted(n for n in names if n in optional))
        yield Paragraph(_pattern(text), _NAME.sub(" ", text), frozenset(names), fragile, line)
        line += text.count("\n") + 2


def _names_in(text: str) -> set[str]:
    return {name.lower() for name in _NAME.findall(text)}


def _pattern(text: str) -> str:
    return _NAME.sub(lambda found: f"%({found[1].lower()})s", text.replace("%", "%%"))

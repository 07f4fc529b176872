"""The field language: what is read, what vanishes, and where each fault lies."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from religa.domain.templates import Fault, Faulty, Fields, Lacking, Part, Place, Template, read, tidy

FIELDS = Fields(
    frozenset({"nome", "valor", "pix", "contas"}),
    optional=frozenset({"pix"}),
    blocks=frozenset({"contas"}),
    elsewhere=frozenset({"codigo"}),
)


def template(body, subject="Aviso"):
    found = read(subject, body, FIELDS)
    assert isinstance(found, Template), found
    return found


def faults(body, subject="Aviso"):
    """Fault, line and column of each problem."""
    found = read(subject, body, FIELDS)
    assert isinstance(found, Faulty)
    return [(p.fault, p.place.line, p.place.column) for p in found.problems]


def test_fields_become_their_values_whatever_their_spaces_and_capitals():
    assert template("Olá, { Nome }: {VALOR}.").fill({"nome": "Ana", "valor": "R$ 1"}) == (
        "Aviso",
        "Olá, Ana: R$ 1.",
    )


def test_a_percent_sign_is_only_a_percent_sign():
    assert template("100% de %(nome)s e {nome}").fill({"nome": "Ana"})[1] == "100% de %(nome)s e Ana"


def test_braces_in_a_value_stay_as_they_are():
    assert template("{nome}").fill({"nome": "{valor} %(pix)s"})[1] == "{valor} %(pix)s"


def test_a_paragraph_with_an_empty_optional_field_vanishes_as_a_whole():
    text = template("Olá.\n\nPara pagar:\n{pix}\n\nAté logo.")
    assert text.fill({"pix": "0002"})[1] == "Olá.\n\nPara pagar:\n0002\n\nAté logo."
    assert text.fill({"pix": ""})[1] == text.fill({})[1] == "Olá.\n\nAté logo."


def test_a_needed_field_without_value_is_said_and_nothing_is_written():
    assert template("{nome}: {valor}").fill({"nome": "Ana", "valor": ""}) == Lacking(("valor",))


def test_a_needed_field_of_a_paragraph_that_vanishes_is_needed_still():
    """Else a text would be written that says less than its author saw."""
    assert template("{nome} {pix}\n\nOi").fill({}) == Lacking(("nome",))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Olá {nome", (Fault.UNCLOSED, 1, 5)),
        ("Olá {nome\n}", (Fault.UNCLOSED, 1, 5)),
        ("Olá nome}", (Fault.STRAY, 1, 9)),
        ("a\n\nb {{nome}", (Fault.NESTED, 3, 3)),
        ("a\n  {nmoe}", (Fault.UNKNOWN, 2, 3)),
        ("{}", (Fault.UNKNOWN, 1, 1)),
        ("{nome.__class__}", (Fault.UNKNOWN, 1, 1)),
        ("{nome!r}", (Fault.UNKNOWN, 1, 1)),
        ("{codigo}", (Fault.OF_ANOTHER_KIND, 1, 1)),
        ("a\u200bb", (Fault.CONTROL_CHARACTER, 1, 2)),
        ("a\u202eb", (Fault.CONTROL_CHARACTER, 1, 2)),
    ],
)
def test_a_fault_has_its_line_and_column(body, expected):
    assert expected in faults(body)


def test_every_fault_is_told_in_the_order_of_the_text():
    assert faults("{nmoe}\n{x} }", subject="{") == [
        (Fault.UNCLOSED, 1, 1),
        (Fault.UNKNOWN, 1, 1),
        (Fault.UNKNOWN, 2, 1),
        (Fault.STRAY, 2, 5),
    ]


def test_the_known_name_that_is_most_like_it_is_offered():
    found = read("", "{vlaor} {zzz}", FIELDS)
    assert isinstance(found, Faulty)
    assert [(p.detail, p.near) for p in found.problems] == [("vlaor", "valor"), ("zzz", "")]


@pytest.mark.parametrize(
    ("subject", "fault"),
    [("{pix}", Fault.MAY_BE_EMPTY), ("{contas}", Fault.LINES_IN_SUBJECT), ("a\nb", Fault.LINES_IN_SUBJECT)],
)
def test_a_subject_is_one_line_that_is_always_there(subject, fault):
    found = read(subject, "Olá", FIELDS)
    assert isinstance(found, Faulty)
    assert [(p.fault, p.place.part) for p in found.problems] == [(fault, Part.SUBJECT)]


def test_an_emoji_of_several_parts_is_no_invisible_character():
    assert template("👩\u200d🔧").fill({})[1] == "👩\u200d🔧"


def test_line_ends_and_blank_lines_are_kept_in_one_form():
    assert tidy("  a \r\n\r\n\r\n\r\nb\rc\n") == "a\n\nb\nc"


ANYTHING = st.text(alphabet=st.sampled_from("{}%( )snomevalrpix\n\r$.é"), max_size=40)


@settings(max_examples=150, deadline=None)
@given(body=ANYTHING, value=st.text(max_size=20))
def test_any_text_is_read_or_told_where_it_is_wrong(body, value):
    found = read("", body, FIELDS)
    if isinstance(found, Faulty):
        lines = tidy(body).split("\n")
        for problem in found.problems:
            where = problem.place
            assert isinstance(where, Place)
            assert lines[where.line - 1][where.column - 1] in "{}\u200b"
        return
    filled = found.fill(dict.fromkeys(FIELDS.names, value or "x"))
    assert filled == ("", re.sub(r"{\s*\w+\s*}", lambda _: value or "x", tidy(body)))

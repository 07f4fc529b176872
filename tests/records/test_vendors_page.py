"""docs/operators/vendors.md says what is shipped: its tables are made from the data."""

import os
from pathlib import Path

import pytest

from religa.domain.vendors import ACCESSES, Fact, Purpose
from religa.records import vendors
from religa.wording.vendors import TITLES, VERIFIED

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).parents[2] / "docs" / "operators" / "vendors.md"
START, END = "<!-- from the data -->\n", "<!-- end of the data -->\n"
WHERE = {"": "nothing", "class": "`Class`", "filter_id": "`Filter-Id`"}
TIMEOUT = {"receipt": "its receipt", "start": "the session's start", "never": "never"}


def tables():
    shipped = sorted(vendors.shipped().values(), key=lambda v: v.vendor)
    lines = ["| vendor | | a session is moved by | Session-Timeout in a CoA counts from | accounting shows the state in |",
             "|---|---|---|---|---|"]  # fmt: skip
    for v in shipped:
        moved, counted = v.moved_by, TIMEOUT[v.timeout_from]
        lines.append(f"| `{v.vendor}` | {v.title} | {moved} | {counted} | {WHERE[v.shown_by]} |")
    for v in shipped:
        lines += ["", f"### {v.vendor}", "", v.verified, "", "| | at log-in | in an order |", "|---|---|---|"]
        lines += [
            f"| {a.value} | {said(v.spoken(Purpose.LOGIN, a))} | {said(v.spoken(Purpose.PUSH, a))} |"
            for a in ACCESSES
        ]
    return "\n".join(lines) + "\n"


def said(rows):
    """Addresses apart, which are the same in each state and stand once in the text."""
    told = [
        f"`{t.attribute} {t.op} {t.template}`" for t in rows if t.fact in (Fact.ALWAYS, Fact.RATE, Fact.WALL)
    ]
    return "<br>".join(told)


def test_the_page_says_what_is_shipped():
    """`RELIGA_WRITE_DOCS=yes pytest tests/records/test_vendors_page.py` writes it anew."""
    before, _, rest = PAGE.read_text().partition(START)
    kept, _, after = rest.partition(END)
    if os.environ.get("RELIGA_WRITE_DOCS") == "yes":
        PAGE.write_text(before + START + tables() + END + after)
    else:
        assert kept == tables()


def test_the_words_of_the_screen_are_those_of_the_data():
    """What is kept in English is said in three languages, and is the same in English."""
    shipped = vendors.shipped()
    assert {v: words.en for v, words in VERIFIED.items()} == {v.vendor: v.verified for v in shipped.values()}
    assert [v for v, words in TITLES.items() if shipped[v].title != words.en] == []

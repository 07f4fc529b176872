"""The forms of a nosso número in the database are those of the domain, and a title is found by an index."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from religa.domain import boleto, nosso_numero
from religa.records import raw

pytestmark = pytest.mark.django_db

_QUICKLY = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_WRITTEN = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=24),
    st.text("0123456789/-. Pp", max_size=24),
)


def asked(function: str, *texts: str) -> list[str]:
    rows = raw.rows(
        f"SELECT {function}(t) FROM unnest(%s::text[]) WITH ORDINALITY u(t, n) ORDER BY n", [list(texts)]
    )
    return [found or "" for (found,) in rows]


@_QUICKLY
@given(st.lists(_WRITTEN, min_size=20, max_size=40))
def test_both_know_the_same_forms_of_what_is_written(db, texts):
    assert asked("title_whole", *texts) == [nosso_numero.whole(t) for t in texts]
    split = [t for t in texts if "/" in t or "-" in t]
    assert asked("title_core", *split) == [nosso_numero.core(t) for t in split]


@_QUICKLY
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["001", "004", "033", "104", "208", "237", "341", "748", "756", "077"]),
            st.text("0123456789", min_size=25, max_size=25)
            | st.text("0123456789", min_size=19, max_size=19).map("000000".__add__),
        ),
        min_size=10,
        max_size=20,
    )
)
def test_both_read_the_same_number_out_of_a_linha_digitavel(db, parts):
    made = [boleto.compose(bank=b, campo_livre=c, amount=1, due_date=date(2026, 11, 10)) for b, c in parts]
    lines = [b.linha_digitavel for b in made]
    assert asked("title_of_line", *lines) == [nosso_numero.of_boleto(b) for b in made]
    assert asked("title_of_line", *(line + "0" for line in lines)) == [""] * len(lines)

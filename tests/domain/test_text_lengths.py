"""SMS are counted as the networks count them, and lose their accents where that makes them cheaper."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from religa.domain.text_lengths import folded, segments


@pytest.mark.parametrize(
    ("text", "count", "used", "room", "wide"),
    [
        ("a" * 160, 1, 160, 160, False),
        ("a" * 161, 2, 8, 153, False),
        ("a" * 306, 2, 153, 153, False),
        ("a" * 307, 3, 1, 153, False),
        ("€" * 80, 1, 160, 160, False),
        ("a" * 152 + "€" + "a" * 8, 2, 10, 153, False),
        ("ã" * 70, 1, 70, 70, True),
        ("ã" * 71, 2, 4, 67, True),
        ("ã" * 66 + "🔧" + "a" * 4, 2, 6, 67, True),
        ("é ñ Ç à", 1, 7, 160, False),
        ("ç", 1, 1, 70, True),
        ("", 1, 0, 160, False),
    ],
)
def test_segments_are_counted_as_the_network_does(text, count, used, room, wide):
    found = segments(text)
    assert (found.count, found.used, found.room, found.wide) == (count, used, room, wide)


def test_accents_go_where_they_cost_and_stay_where_they_do_not():
    assert folded("Não é só “isto”: R$\xa09,90 — à 1ª conta…") == 'Nao é so "isto": R$ 9,90 - à 1a conta...'


def test_what_has_no_likeness_stays():
    assert folded("olá 👍 日本") == "ola 👍 日本"


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x17F), max_size=200))
def test_folding_never_makes_a_text_dearer_and_twice_is_once(text):
    assert segments(folded(text)).count <= max(segments(text).count, 1) or len(folded(text)) > len(text)
    assert folded(folded(text)) == folded(text)

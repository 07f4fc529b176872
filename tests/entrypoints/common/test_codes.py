"""QR codes and bar codes are read back from what was drawn, by a reader that knows nothing of us."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from religa.domain import brcode
from religa.domain.brcode import DynamicCode, StaticCode
from religa.entrypoints.common import filters, itf, qr
from scanning import picture, read

STATIC = brcode.encode(StaticCode("pagamentos@pontefibra.example", "PONTE FIBRA", "RECIFE", 102_72, "a1b2c3"))
LONGEST = brcode.encode(
    DynamicCode("p" * 77, "PONTE FIBRA TELECOM LTDA ME", "JABOATAO DOS GUA", True, "r" * 77)
)
BARCODE = "00193373700000001000500940144816060680935031"


@pytest.mark.parametrize("ground", ["#ffffff", "#0e1412"])
@pytest.mark.parametrize("text", [STATIC, LONGEST])
def test_a_pix_code_is_read_from_its_qr_on_a_light_and_on_a_dark_page(text, ground):
    assert read(picture(qr.svg(text), page=ground)) == ("QRCode", text)


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=qr.LONGEST))
def test_any_plain_text_is_read_from_its_qr(text):
    assert read(picture(qr.svg(text), scale=2)) == ("QRCode", text)


def test_the_longest_text_is_drawn_too():
    assert read(picture(qr.svg("x" * qr.LONGEST), scale=2)) == ("QRCode", "x" * qr.LONGEST)


def test_a_qr_outlives_a_scratch():
    """Correction M mends about 15 % of the code words: paper gets dirty."""
    image = picture(qr.svg(STATIC))
    side = image.width // 2
    image.paste("#000000", (side, side, side + image.width // 5, side + image.width // 5))
    assert read(image) == ("QRCode", STATIC)


def test_a_qr_is_small_and_needs_neither_style_nor_script():
    svg = qr.svg(STATIC)
    assert len(svg) < 6_000
    assert "style" not in svg and "<script" not in svg and "href" not in svg and " id=" not in svg
    assert 'role="img" aria-label="QR Code do Pix"' in svg


@pytest.mark.parametrize("text", ["", "x" * (qr.LONGEST + 1), "ã" * (qr.LONGEST // 2 + 1)])
def test_a_text_that_is_no_pix_code_is_not_drawn(text):
    assert qr.svg(text) is None
    assert filters.qr(text) == ""


def test_a_label_cannot_carry_markup():
    assert 'aria-label="&quot;&gt;&lt;script&gt;"' in qr.svg("a", label='"><script>')


@pytest.mark.parametrize("ground", ["#ffffff", "#0e1412"])
def test_a_boleto_is_read_from_its_bars_on_a_light_and_on_a_dark_page(ground):
    assert read(picture(itf.svg(BARCODE), page=ground, scale=2)) == ("ITF", BARCODE)


@settings(max_examples=15, deadline=None)
@given(st.from_regex(r"[0-9]{44}", fullmatch=True))
def test_any_44_digits_are_read_from_their_bars(digits):
    assert read(picture(itf.svg(digits), scale=2)) == ("ITF", digits)


def test_the_bars_of_a_boleto_are_as_wide_as_febraban_counts():
    assert sum(itf.widths(BARCODE)) == 405


@pytest.mark.parametrize("digits", ["123", "12a4", "١٢", "²2"])
def test_bars_are_made_of_pairs_of_digits_alone(digits):
    with pytest.raises(ValueError, match="even number of digits"):
        itf.widths(digits)


@pytest.mark.parametrize(
    ("line", "read_as"),
    [("00190.50095 40144.816069 06809.350314 3 37370000000100", BARCODE), (BARCODE, BARCODE)],
)
def test_the_bars_come_from_a_line_or_from_a_barcode(line, read_as):
    assert read(picture(filters.bars(line), scale=2)) == ("ITF", read_as)


@pytest.mark.parametrize("line", ["", "00190.00009 01234", "8" * 48])
def test_a_line_that_is_no_boleto_has_no_bars(line):
    assert filters.bars(line) == ""

"""CPF, CNPJ with and without letters, and Pix keys. All numbers are the published examples or generated."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from religa.domain import documents
from religa.domain.documents import (
    Document,
    DocumentKind,
    DocumentProblem,
    InvalidDocument,
    InvalidPixKey,
    PixKey,
    PixKeyKind,
)

WEIGHTS_CNPJ_1 = (5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
WEIGHTS_CNPJ_2 = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
WEIGHTS_CPF_1 = (10, 9, 8, 7, 6, 5, 4, 3, 2)
WEIGHTS_CPF_2 = (11, 10, 9, 8, 7, 6, 5, 4, 3, 2)
VALUES = dict(zip(string.digits, range(10), strict=True)) | dict(
    zip(string.ascii_uppercase, range(17, 43), strict=True)
)


def by_the_published_weights(base: str) -> str:
    """The base with its check digits, worked out from the weights as they are printed."""
    tables = (WEIGHTS_CPF_1, WEIGHTS_CPF_2) if len(base) == 9 else (WEIGHTS_CNPJ_1, WEIGHTS_CNPJ_2)
    for weights in tables:
        rest = sum(VALUES[c] * w for c, w in zip(base, weights, strict=True)) % 11
        base += "0" if rest < 2 else str(11 - rest)
    return base


def not_all_the_same(text: str) -> bool:
    return len(set(text)) > 1


CPFS = st.text(string.digits, min_size=9, max_size=9).map(by_the_published_weights).filter(not_all_the_same)
CNPJS = (
    st.text(string.digits + string.ascii_uppercase, min_size=12, max_size=12)
    .map(by_the_published_weights)
    .filter(not_all_the_same)
)
VALID = CPFS | CNPJS


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("12.ABC.345/01DE-35", "12ABC34501DE35"),  # the Receita's own example
        ("12ABC34501DE35", "12ABC34501DE35"),
        ("12ABC345000188", "12ABC345000188"),
        ("A8.7HB.ZHB/0001-61", "A87HBZHB000161"),
        ("11.222.333/0001-81", "11222333000181"),
        ("12abc34501de35", "12ABC34501DE35"),
        ("LBNXQOB5000141", "LBNXQOB5000141"),
    ],
)
def test_a_company_number_is_read_with_or_without_letters(text: str, digits: str) -> None:
    document = documents.parse(text)
    assert (document.kind, document.digits) == (DocumentKind.CNPJ, digits)


@pytest.mark.parametrize(
    "text", ["111.444.777-35", "529.982.247-25", "390.533.447-05", "123.456.789-09", "935.411.347-80"]
)
def test_a_person_number_is_read(text: str) -> None:
    document = documents.parse(text)
    assert (document.kind, document.formatted) == (DocumentKind.CPF, text)


@pytest.mark.parametrize(
    "text",
    [
        "  111.444.777-35\n",
        "111 444 777 35",
        "111\N{NO-BREAK SPACE}444\N{NO-BREAK SPACE}777-35",
        "111.444.777\N{EN DASH}35",
        "11144477735",
        "111444777/35",
    ],
)
def test_punctuation_and_spaces_do_not_matter(text: str) -> None:
    assert documents.parse(text) == Document("11144477735")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("12ABC34501DE34", DocumentProblem.CHECK_DIGITS),
        ("LBNXQOB5000163", DocumentProblem.CHECK_DIGITS),  # what counting A as 10 gives
        ("111.444.777-36", DocumentProblem.CHECK_DIGITS),
        ("000.000.000-00", DocumentProblem.REPEATED),
        ("00000000000000", DocumentProblem.REPEATED),
        ("", DocumentProblem.EMPTY),
        (" .-/ ", DocumentProblem.EMPTY),
        ("1144477735", DocumentProblem.LENGTH),
        ("111.444.777-350", DocumentProblem.LENGTH),
        ("12ABC34501DE3", DocumentProblem.LENGTH),
        ("1114447773A", DocumentProblem.LETTERS),
        ("12ABC34501DE3A", DocumentProblem.LETTERS),
        ("111.444.777_35", DocumentProblem.CHARACTER),
        ("111*444*777*35", DocumentProblem.CHARACTER),
        ("12.\N{LATIN CAPITAL LETTER A WITH ACUTE}BC.345/01DE-35", DocumentProblem.CHARACTER),
        ("\N{FULLWIDTH DIGIT ONE}1144477735", DocumentProblem.CHARACTER),
        ("\N{ARABIC-INDIC DIGIT ONE}1144477735", DocumentProblem.CHARACTER),
    ],
)
def test_what_is_no_document_is_refused_with_its_reason(text: str, problem: DocumentProblem) -> None:
    with pytest.raises(InvalidDocument) as refused:
        documents.parse(text)
    assert refused.value.problem is problem


@pytest.mark.parametrize("length", [11, 14])
@pytest.mark.parametrize("digit", string.digits)
def test_one_digit_repeated_is_no_document_though_its_sum_may_be_right(digit: str, length: int) -> None:
    with pytest.raises(InvalidDocument) as refused:
        documents.parse(digit * length)
    assert refused.value.problem is DocumentProblem.REPEATED


def test_a_foreign_letter_is_not_turned_into_one_of_ours() -> None:
    right = by_the_published_weights("12IBC34501DE")
    assert documents.parse(right).digits == right
    with pytest.raises(InvalidDocument):
        documents.parse(right.replace("I", "\N{LATIN SMALL LETTER DOTLESS I}"))


def test_a_number_is_never_taken_for_a_document() -> None:
    with pytest.raises(TypeError):
        documents.parse(11144477735)  # type: ignore[arg-type]


def test_an_invalid_document_cannot_be_made() -> None:
    for digits in ("11144477736", "111.444.777-35", "12abc34501de35", "11144477735\n"):
        with pytest.raises(InvalidDocument):
            Document(digits)


def test_a_refusal_says_why_and_keeps_the_number_to_itself() -> None:
    with pytest.raises(InvalidDocument) as refused:
        documents.parse("111.444.777-36")
    assert refused.value.reason == "the last two digits do not match the others: something is mistyped"
    assert refused.value.reason in str(refused.value)
    assert "444" not in str(refused.value)


def test_every_problem_has_words_of_its_own() -> None:
    assert len({InvalidDocument(problem).reason for problem in DocumentProblem}) == len(DocumentProblem)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("11144477735", "***.444.777-**"),
        ("12ABC34501DE35", "**.ABC.345/****-**"),
        ("11222333000181", "**.222.333/****-**"),
    ],
)
def test_a_screen_or_a_log_shows_the_middle_only(text: str, masked: str) -> None:
    document = documents.parse(text)
    assert document.masked == masked
    assert masked in repr(document)
    assert masked in f"{document}"
    assert text not in f"{document}{document!r}"


@given(VALID)
def test_a_document_generated_by_the_published_weights_is_valid(digits: str) -> None:
    assert documents.parse(digits).digits == digits
    assert documents.check_digits(digits[:-2]) == digits[-2:]


@given(VALID, st.sampled_from([-1, -2]), st.integers(1, 9))
def test_any_one_changed_check_digit_fails(digits: str, place: int, shift: int) -> None:
    wrong = list(digits)
    wrong[place] = str((int(wrong[place]) + shift) % 10)
    with pytest.raises(InvalidDocument):
        documents.parse("".join(wrong))


@given(VALID)
def test_what_is_formatted_is_read_back_in_either_case(digits: str) -> None:
    document = documents.parse(digits)
    assert documents.parse(document.formatted) == document
    assert documents.parse(f" {document.formatted.lower()} ") == document


@given(VALID)
def test_a_masked_document_has_the_shape_of_the_formatted_one(digits: str) -> None:
    document = documents.parse(digits)
    pairs = list(zip(document.masked, document.formatted, strict=True))
    assert all(shown in ("*", whole) for shown, whole in pairs)
    assert sum(shown != "*" for shown, whole in pairs if whole.isalnum()) == 6


@given(st.text())
def test_any_text_is_a_document_or_refused(text: str) -> None:
    try:
        found = documents.parse(text)
    except InvalidDocument as refused:
        assert refused.reason
    else:
        assert by_the_published_weights(found.digits[:-2]) == found.digits


@pytest.mark.parametrize(
    "base", ["", "12345678", "1234567890", "12abc34501de", "12345678901234", "11144477\n"]
)
def test_check_digits_are_given_to_a_bare_base_only(base: str) -> None:
    with pytest.raises(ValueError, match="check digits follow"):
        documents.check_digits(base)


EVP = "123e4567-e89b-42d3-a456-426614174000"


@pytest.mark.parametrize(
    ("text", "kind", "value", "masked"),
    [
        ("111.444.777-35", PixKeyKind.CPF, "11144477735", "***.444.777-**"),
        ("12.abc.345/01de-35", PixKeyKind.CNPJ, "12ABC34501DE35", "**.ABC.345/****-**"),
        ("+5585999990000", PixKeyKind.PHONE, "+5585999990000", "+55*******0000"),
        ("+55 (85) 99999-0000", PixKeyKind.PHONE, "+5585999990000", "+55*******0000"),
        ("+55 85 3222-0000", PixKeyKind.PHONE, "+558532220000", "+55******0000"),
        ("+1 555 123 4567", PixKeyKind.PHONE, "+15551234567", "+15*****4567"),
        (" Carla@Example.COM ", PixKeyKind.EMAIL, "carla@example.com", "c***@example.com"),
        (EVP, PixKeyKind.EVP, EVP, "123e4567-****-****-****-************"),
        (EVP.upper(), PixKeyKind.EVP, EVP, "123e4567-****-****-****-************"),
    ],
)
def test_each_kind_of_pix_key_is_read_and_masked(
    text: str, kind: PixKeyKind, value: str, masked: str
) -> None:
    key = documents.parse_pix_key(text)
    assert key == PixKey(kind, value)
    assert key.masked == masked
    assert masked in repr(key)
    assert value not in f"{key}{key!r}"
    assert documents.parse_pix_key(key.value) == key


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty"),
        ("85999990000", "a phone key starts with"),  # eleven digits are a CPF, and this is none
        ("+5585", "Brazilian phone"),
        ("+550599990000", "Brazilian phone"),
        ("+55 80 99999-0000", "Brazilian phone"),  # no area code has a zero
        ("+55 85 1222-0000", "Brazilian phone"),
        ("+0123456789", "at most 15 digits"),
        ("+1234567890123456", "at most 15 digits"),
        ("+55 85 99999-000O", "at most 15 digits"),
        ("carla@", "not an e-mail"),
        ("carla@localhost", "not an e-mail"),
        ("carla@exam ple.com", "not an e-mail"),
        ("carla@@example.com", "not an e-mail"),
        ("carla@-example.com", "not an e-mail"),
        ("carla@example.com.", "not an e-mail"),
        ("\N{KELVIN SIGN}arla@example.com", "not an e-mail"),
        ("c" * 66 + "@example.com", "at most 77"),
        (EVP.replace("-", ""), "36 characters"),
        (EVP[:-1], "36 characters"),
    ],
)
def test_what_is_no_pix_key_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidPixKey, match=reason) as refused:
        documents.parse_pix_key(text)
    assert reason in refused.value.reason


def test_the_longest_email_key_is_taken() -> None:
    longest = "c" * 65 + "@example.com"
    assert documents.parse_pix_key(longest) == PixKey(PixKeyKind.EMAIL, longest)

"""BR Code: the manuals' own examples, an independent reader, and every way in which a code can be wrong."""

import json
from pathlib import Path

import pytest
from brcode.utils.brcodeId import jsonFromBrcode as read_by_others
from hypothesis import given
from hypothesis import strategies as st

from religa.domain import brcode
from religa.domain.brcode import BrCodeProblem, DynamicCode, InvalidBrCode, StaticCode

KEY = "123e4567-e12b-12d1-a456-426655440000"
ADDRESS = "pix.example.com/8b3da2f39a4140d1a91abd93113bd441"
EXAMPLE = (  # Manual de Padrões para Iniciação do Pix 2.10.0, section 2.6.3
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000"
    "5204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D"
)
STATIC = StaticCode(KEY, "Fulano de Tal", "BRASILIA")
SHARED = Path(__file__).parents[3] / "shared/pix/brcode-vectors.json"  # beside the project

VALID = [
    "static, no amount",
    "dynamic",
    "composite, static + amount + recurrence",
    "composite, dynamic + recurrence",
    "several arrangements, GUI in capitals",
]
IN_THE_WILD = "wrong CRC and a hyphen in txid, seen in the wild"


def vectors() -> dict[str, dict]:
    assert SHARED.is_file(), "the BR Code examples shared/pix/brcode-vectors.json are not beside the project"
    return {v["name"]: v for v in json.loads(SHARED.read_text())["vectors"]}


def payload(name: str) -> str:
    return vectors()[name]["payload"]


def signed(text: str) -> str:
    """A code with the check that belongs to it, whatever it says."""
    return f"{text}6304{brcode.crc16(text + '6304'):04X}"


def field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02}{value}"


PIX = field("00", "br.gov.bcb.pix")


def code_of(account: str, rest: str = "") -> str:
    return signed("000201" + field("26", account) + "52040000530398658" + "02BR5901N6001C62070503***" + rest)


def problem_of(text: str) -> BrCodeProblem:
    with pytest.raises(InvalidBrCode) as refused:
        brcode.decode(text)
    return refused.value.problem


def test_the_checksum_has_the_check_value_of_its_definition():
    assert brcode.crc16("123456789") == 0x29B1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("static, no amount", STATIC),
        ("dynamic", DynamicCode(ADDRESS, "Fulano de Tal", "BRASILIA", once=True)),
        (
            "composite, static + amount + recurrence",
            StaticCode(
                KEY, "Fulano de Tal", "BRASILIA", 100_50,
                recurrence="pix.example.com/rec/2353c790eefb11eaadc10242ac120002",
            ),
        ),
        (
            "composite, dynamic + recurrence",
            DynamicCode(
                ADDRESS, "Fulano de Tal", "BRASILIA", once=True,
                recurrence="pix.example.com/rec/2353c790eefb11eaadc10242ac120002",
            ),
        ),
    ],
)  # fmt: skip
def test_an_example_of_the_manual_is_read_and_written_to_the_letter(name, code):
    assert brcode.decode(payload(name)) == code
    assert brcode.encode(code) == payload(name)


def test_pix_is_found_among_other_arrangements_and_in_capitals():
    found = brcode.decode(payload("several arrangements, GUI in capitals"))
    assert found == StaticCode(KEY, "NOME DO RECEBEDOR", "BRASILIA", 123_45, "RP12345678-2019")


@pytest.mark.parametrize("tag", ["26", "27", "51"])
def test_pix_may_be_any_of_the_accounts(tag):
    assert brcode.decode(signed("000201" + field(tag, PIX + field("01", "k")))) == StaticCode("k", "", "")


@pytest.mark.parametrize("tag", ["25", "52", "80"])
def test_pix_in_another_place_is_nobodys_account(tag):
    assert problem_of(signed("000201" + field(tag, PIX + field("01", "k")))) is BrCodeProblem.NOT_PIX


@pytest.mark.parametrize("name", VALID)
def test_every_valid_example_is_read_as_the_kind_it_is(name):
    found = brcode.decode(payload(name))
    assert isinstance(found, DynamicCode) == ("dynamic" in name)
    assert bool(found.recurrence) == (vectors()[name]["kind"] == "composite")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("CRC wrong by one", BrCodeProblem.CRC),
        ("length runs past the end", BrCodeProblem.LENGTH),
        (IN_THE_WILD, BrCodeProblem.NOT_A_BR_CODE),  # its first zero is missing, too
    ],
)
def test_an_invalid_example_is_refused_for_its_own_fault(name, problem):
    assert problem_of(payload(name)) is problem


def test_a_code_of_another_amount_and_name_than_the_bank_signed_is_refused():
    assert problem_of("0" + payload(IN_THE_WILD)) is BrCodeProblem.CRC


def test_every_example_is_known_here():
    assert {name for name, v in vectors().items() if v["valid"]} == set(VALID)
    assert sum(not v["valid"] for v in vectors().values()) == 3


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", BrCodeProblem.EMPTY),
        (" \n", BrCodeProblem.EMPTY),
        ("34191790010104351004791020150008291070026000", BrCodeProblem.NOT_A_BR_CODE),
        ("https://pix.example.com/1", BrCodeProblem.NOT_A_BR_CODE),
        ("000201", BrCodeProblem.NO_CRC),
        (EXAMPLE[:-1], BrCodeProblem.LENGTH),
        (EXAMPLE[:-8], BrCodeProblem.NO_CRC),
        (EXAMPLE + "x", BrCodeProblem.TRAILING),
        (EXAMPLE * 2, BrCodeProblem.TRAILING),
        ("000201" + field("63", "1D3"), BrCodeProblem.NO_CRC),
        (signed("00020126²2"), BrCodeProblem.LENGTH),
        (signed("000201" + field("54", "1.00") * 2), BrCodeProblem.REPEATED),
        (signed("000201" + (field("26", PIX + field("01", "k"))) + field("27", PIX + field("01", "l"))), BrCodeProblem.REPEATED),
        (code_of(field("00", "br.com.outro") + field("01", "k")), BrCodeProblem.NOT_PIX),
        (code_of("0x not a row of fields"), BrCodeProblem.NOT_PIX),
        (signed("000201" + field("04", "1234567890123")), BrCodeProblem.NOT_PIX),
        (code_of(PIX), BrCodeProblem.KEY),
        (code_of(PIX + "0199k"), BrCodeProblem.LENGTH),
        (code_of(PIX, field("80", PIX + field("25", "pix.example.com/rec/1"))), BrCodeProblem.CONSENT_ONLY),
        (signed("000201" + field("26", PIX + field("01", "k")) + field("53", "840")), BrCodeProblem.CURRENCY),
        (code_of(PIX + field("01", "k"), field("54", "1,00")), BrCodeProblem.AMOUNT),
        (code_of(PIX + field("01", "k"), field("54", "1.005")), BrCodeProblem.AMOUNT),
    ],
)  # fmt: skip
def test_a_text_that_is_no_pix_code_is_refused_with_its_reason(text, problem):
    assert problem_of(text) is problem


@pytest.mark.parametrize(
    ("written", "centavos"),
    [
        ("1", 1_00),
        ("1.", 1_00),
        ("1.5", 1_50),
        ("0.01", 1),
        ("0.00", None),
        ("9999999999.99", brcode.MAX_AMOUNT),
    ],
)
def test_an_amount_is_read_in_every_form_that_emv_allows(written, centavos):
    assert brcode.decode(code_of(PIX + field("01", "k"), field("54", written))).amount == centavos


def test_a_code_is_dynamic_by_its_address_and_not_by_field_01():
    for once in (True, False):
        assert isinstance(
            brcode.decode(brcode.encode(DynamicCode(ADDRESS, "N", "C", once=once))), DynamicCode
        )
    assert brcode.decode(brcode.encode(StaticCode("k", "N", "C", once=True))) == StaticCode(
        "k", "N", "C", once=True
    )


def test_white_space_around_a_copied_code_and_a_lower_case_check_do_no_harm():
    text = EXAMPLE
    assert brcode.decode(f"\n {text[:-4]}{text[-4:].lower()}\r\n") == STATIC


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (StaticCode("", "N", "C"), BrCodeProblem.KEY),
        (StaticCode("k" * 78, "N", "C"), BrCodeProblem.KEY),
        (StaticCode("(81) 99901", "N", "C"), BrCodeProblem.KEY),
        (StaticCode("k" * 70, "N", "C", text="four"), BrCodeProblem.TEXT),
        (StaticCode("k", "N", "C", text="ação"), BrCodeProblem.TEXT),
        (StaticCode("k", "東京", "C"), BrCodeProblem.NAME),
        (StaticCode("k", "N", "-"), BrCodeProblem.CITY),
        (StaticCode("k", "N", "C", 0), BrCodeProblem.AMOUNT),
        (StaticCode("k", "N", "C", -1), BrCodeProblem.AMOUNT),
        (StaticCode("k", "N", "C", brcode.MAX_AMOUNT + 1), BrCodeProblem.AMOUNT),
        (StaticCode("k", "N", "C", txid="a-b"), BrCodeProblem.TXID),
        (StaticCode("k", "N", "C", txid="a" * 26), BrCodeProblem.TXID),
        (StaticCode("k", "N", "C", txid=""), BrCodeProblem.TXID),
        (StaticCode("k", "N", "C", recurrence="https://pix.example.com/rec/1"), BrCodeProblem.LOCATION),
        (DynamicCode("", "N", "C"), BrCodeProblem.LOCATION),
        (DynamicCode("https://pix.example.com/1", "N", "C"), BrCodeProblem.LOCATION),
        (DynamicCode("p" * 78, "N", "C"), BrCodeProblem.LOCATION),
    ],
)
def test_what_the_manual_does_not_allow_is_not_written(code, problem):
    with pytest.raises(InvalidBrCode) as refused:
        brcode.encode(code)
    assert refused.value.problem is problem


@pytest.mark.parametrize("amount", [1.0, True, "1"])
def test_an_amount_that_is_no_whole_number_is_a_mistake_of_the_program(amount):
    with pytest.raises(TypeError, match="centavos"):
        brcode.encode(StaticCode("k", "N", "C", amount))


def test_names_are_made_plain_and_cut():
    code = StaticCode("k", " São  João — Telecomunicações do Sertão", "Vitória de Santo Antão")
    found = brcode.decode(brcode.encode(code))
    assert (found.name, found.city) == ("Sao Joao Telecomunicacoes", "Vitoria de Sant")
    assert "6014Vitoria da Boa62" in brcode.encode(StaticCode("k", "N", "Vitória da Boa Vista"))


def test_the_largest_amount_is_written_in_full():
    code = StaticCode("k", "N", "C", brcode.MAX_AMOUNT)
    assert "54139999999999.99" in brcode.encode(code) and brcode.decode(brcode.encode(code)) == code


def test_no_error_and_no_repr_shows_the_key():
    cpf = "11144477735"
    with pytest.raises(InvalidBrCode) as refused:
        brcode.encode(StaticCode(cpf + " ", "N", "C"))
    with pytest.raises(InvalidBrCode) as unread:
        brcode.decode(code_of(PIX + field("01", cpf))[:-1] + "?")
    shown = f"{refused.value!r}{refused.value}{unread.value!r}{unread.value}{StaticCode(cpf, 'N', 'C')!r}"
    assert cpf not in shown


SEEN = st.characters(min_codepoint=33, max_codepoint=126)
LOCATIONS = st.text(SEEN, min_size=1, max_size=77).filter(lambda t: "://" not in t)


def names(limit: int) -> st.SearchStrategy[str]:
    return st.from_regex(rf"[A-Za-z0-9](?: ?[!-~]){{0,{limit // 2 - 1}}}", fullmatch=True)


STATICS = st.builds(
    StaticCode,
    key=st.text(SEEN, min_size=1, max_size=40),
    name=names(25),
    city=names(15),
    amount=st.none() | st.integers(1, brcode.MAX_AMOUNT),
    txid=st.none() | st.from_regex(r"[A-Za-z0-9]{1,25}", fullmatch=True),
    text=st.just("") | names(33),
    once=st.booleans(),
    recurrence=st.just("") | LOCATIONS,
)
DYNAMICS = st.builds(
    DynamicCode, LOCATIONS, names(25), names(15), once=st.booleans(), recurrence=st.just("") | LOCATIONS
)


@given(STATICS | DYNAMICS)
def test_what_was_written_is_read_back(code):
    assert brcode.decode(brcode.encode(code)) == code


@given(STATICS)
def test_an_independent_reader_finds_the_same_in_a_static_code(code):
    read = read_by_others(brcode.encode(code))
    assert read["26"] == {"00": "br.gov.bcb.pix", "01": code.key} | ({"02": code.text} if code.text else {})
    assert read.get("54") == (code.amount and f"{code.amount // 100}.{code.amount % 100:02}")
    assert (read["59"], read["60"], read["62"]) == (code.name, code.city, {"05": code.txid or "***"})
    assert read.get("80", {}).get("25", "") == code.recurrence
    assert (read.get("01") == "12") == code.once


@given(DYNAMICS)
def test_an_independent_reader_finds_the_same_in_a_dynamic_code(code):
    read = read_by_others(brcode.encode(code))
    assert read["26"] == {"00": "br.gov.bcb.pix", "25": code.location}
    assert read["62"] == {"05": "***"} and "54" not in read


@given(STATICS | DYNAMICS, st.integers(0, 10_000), st.characters(min_codepoint=33, max_codepoint=126))
def test_one_changed_character_is_always_noticed(code, place, other):
    text = brcode.encode(code)
    place %= len(text)
    changed = text[:place] + other + text[place + 1 :]
    if changed[:-4] + changed[-4:].upper() == text:
        return
    with pytest.raises(InvalidBrCode):
        brcode.decode(changed)


@given(st.text(max_size=80), st.booleans())
def test_any_text_is_a_code_or_has_a_reason_why_not(text, dressed):
    try:
        found = brcode.decode(signed("000201" + text) if dressed else text)
    except InvalidBrCode as refused:
        assert refused.problem in BrCodeProblem and refused.reason
    else:
        assert isinstance(found, StaticCode | DynamicCode)


@given(st.text(max_size=120))
def test_any_text_within_an_account_is_a_code_or_has_a_reason_why_not(text):
    try:
        found = brcode.decode(code_of(PIX + field("01", "k") + text[:40], text[40:]))
    except InvalidBrCode as refused:
        assert refused.reason
    else:
        assert found.key == "k"


@given(st.text())
def test_plain_text_is_printable_ascii_and_stays_as_it_is(text):
    plain = brcode.plain(text)
    assert plain.isascii() and (plain.isprintable() or not plain)
    assert brcode.plain(plain) == plain

"""Files that are refused: as a whole, with every reason, and where it stands."""

from __future__ import annotations

import pytest

from cnab_files import WRITERS, Boleto, line, octets, put, written
from religa.adapters.cnab import Reader
from religa.adapters.cnab.rows import LISTED
from religa.ports.bank_files import FileRefused, ProblemKind, Refusal


def refused(lines: list[str] | bytes) -> FileRefused:
    answer = Reader().read(lines if isinstance(lines, bytes) else octets(lines))
    assert isinstance(answer, FileRefused), answer
    return answer


def problems(lines: list[str]) -> list[tuple[int, int, int, ProblemKind]]:
    answer = refused(lines)
    assert answer.why is Refusal.PROBLEMS
    return [(p.line, p.first, p.last, p.kind) for p in answer.problems]


def bradesco(*titles: Boleto) -> list[str]:
    return written("237", "cnab400", *(titles or (Boleto("000000000097"), Boleto("000000000186"))))


def bradesco_240(*titles: Boleto) -> list[str]:
    return written("237", "cnab240", *(titles or (Boleto("00000000030P"), Boleto("000000000414"))))


# -- not a return file, or of nobody we know --------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"\r\n \r\n", b"\x1a", b"\xef\xbb\xbf"])
def test_an_empty_file_is_called_empty(data: bytes):
    assert refused(data).why is Refusal.EMPTY


def test_something_else_is_refused_with_how_it_begins():
    answer = refused(b"%PDF-1.7 and so on")
    assert answer.why is Refusal.NOT_CNAB
    assert "'%PDF-1.7 '" in answer.words


def test_a_remessa_of_400_columns_is_called_one():
    lines = bradesco()
    assert refused([put(lines[0], 1, "01REMESSA"), *lines[1:]]).why is Refusal.REMESSA


def test_a_remessa_of_240_columns_is_called_one():
    lines = bradesco_240()
    answer = refused([put(lines[0], 143, "1"), *lines[1:]])
    assert answer.why is Refusal.REMESSA
    assert "TO the bank" in answer.words


def test_a_remessa_is_one_by_its_batch_where_the_header_does_not_say():
    lines = bradesco_240()
    assert refused([put(lines[0], 143, " "), put(lines[1], 9, "R"), *lines[2:]]).why is Refusal.REMESSA


def test_a_header_that_says_neither_is_refused_with_what_it_says():
    answer = refused([put(bradesco_240()[0], 143, "7")])
    assert answer.why is Refusal.UNKNOWN_LAYOUT
    assert "column 143 of the header is '7'" in answer.words


@pytest.mark.parametrize("layout", ["cnab240", "cnab400"])
def test_an_unknown_bank_is_refused_with_its_code_and_those_that_are_known(layout: str):
    lines = bradesco_240() if layout == "cnab240" else bradesco()
    answer = refused([put(lines[0], 1 if layout == "cnab240" else 77, "999"), *lines[1:]])
    assert answer.why is Refusal.UNKNOWN_BANK
    assert f"bank '999' is not known ({layout})" in answer.words
    assert all(bank in answer.words for bank in ("001 Banco do Brasil", "341 Itaú", "208 BTG"))


def test_a_layout_that_a_bank_does_not_have_is_refused_with_the_reason():
    lines = bradesco()
    answer = refused([put(lines[0], 77, "208"), *lines[1:]])
    assert answer.why is Refusal.UNKNOWN_LAYOUT
    assert "cnab400 of 208 BTG Pactual" in answer.words
    assert "240 columns alone" in answer.words


def test_banco_do_brasils_titles_of_type_one_are_not_guessed():
    lines = written("001", "cnab400", Boleto("16224200000000031"))
    lines[1] = put(lines[1], 1, "1")
    assert problems(lines) == [(2, 1, 1, ProblemKind.UNKNOWN_RECORD)]
    assert "six digits" in refused(lines).problems[0].words


# -- columns ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "value", "last", "kind", "words"),
    [
        (254, "00000000010A5", 266, ProblemKind.NOT_A_NUMBER, "amount paid '00000000010A5' is not a whole"),
        (153, "      9990   ", 165, ProblemKind.NOT_A_NUMBER, "amount of the title"),
        (176, "-000000000250", 188, ProblemKind.NOT_A_NUMBER, "fee '-000000000250'"),
        (241, "00000000000²0", 253, ProblemKind.NOT_A_NUMBER, "discount"),
        (280, "0,00000000000", 292, ProblemKind.NOT_A_NUMBER, "interest or fine"),
        (111, "310226", 116, ProblemKind.NOT_A_DATE, "day of the occurrence '310226' is not a date (DDMMYY)"),
        (296, "1x1126", 301, ProblemKind.NOT_A_DATE, "day of the credit"),
        (254, " " * 13, 266, ProblemKind.MISSING, "a payment without an amount"),
        (111, "000000", 116, ProblemKind.MISSING, "a payment without its day"),
        (109, "  ", 110, ProblemKind.MISSING, "no occurrence"),
    ],
)
def test_a_malformed_column_is_named_with_its_line_and_place(first, value, last, kind, words):
    lines = bradesco()
    lines[2] = put(lines[2], first, value)
    answer = refused([lines[0], lines[1], lines[2], put(lines[3], 87, "00000")])
    (problem,) = answer.problems
    assert (problem.line, problem.first, problem.last, problem.kind) == (3, first, last, kind)
    assert words in problem.words
    assert str(problem).startswith(f"line 3, columns {first}-{last}: ")


def test_all_problems_are_listed_in_the_order_of_the_lines():
    lines = bradesco_240()
    lines[2], lines[5] = put(lines[2], 82, "X" * 15), put(lines[5], 138, "32112026")
    assert [(line, first) for line, first, _, _ in problems(lines)] == [(3, 82), (6, 138)]
    assert refused(lines).words == "2 problems: nothing of the file is taken"


def test_a_long_list_of_problems_is_cut_and_the_rest_counted():
    titles = [Boleto(f"{n:012d}") for n in range(LISTED + 7)]
    lines = [put(text, 254, "?" * 13) if text[0] == "1" else text for text in bradesco(*titles)]
    answer = refused(lines)
    assert (len(answer.problems), answer.more) == (LISTED, 7)
    assert answer.words.startswith(f"{LISTED + 7} problems")


def test_a_line_that_is_too_long_is_refused():
    lines = bradesco()
    lines[1] += "12"
    assert problems(lines) == [(2, 0, 0, ProblemKind.TOO_LONG)]
    assert "402 columns, 400 expected" in refused(lines).problems[0].words


def test_a_payment_cut_off_in_its_line_is_not_a_payment_of_nothing():
    lines = bradesco_240()[:4]
    lines[3] = lines[3][:77]
    assert problems(lines) == [(4, 78, 92, ProblemKind.MISSING), (4, 138, 145, ProblemKind.MISSING)]


def test_a_line_of_400_columns_cut_behind_its_amount_is_refused():
    lines = written("001", "cnab400", Boleto("16224200000000031"))[:2]
    lines[1] = lines[1][:266]  # the amount credited would follow
    assert problems(lines) == [(2, 395, 400, ProblemKind.MISSING)]


# -- the order of lines -----------------------------------------------------------------------------------------------


def test_a_title_without_its_money_is_refused():
    lines = bradesco_240()
    assert problems([*lines[:3], *lines[4:6], put(lines[6], 18, "000005"), put(lines[7], 24, "000007")]) == [
        (3, 0, 0, ProblemKind.UNPAIRED)
    ]


def test_a_title_without_its_money_is_found_at_the_end_of_the_file():
    assert problems(bradesco_240()[:3]) == [(3, 0, 0, ProblemKind.UNPAIRED)]


def test_money_without_its_title_is_refused():
    lines = bradesco_240()[:-2]
    assert problems([*lines[:2], *lines[3:]]) == [(3, 0, 0, ProblemKind.UNPAIRED)]


def test_money_of_another_occurrence_than_its_title_is_refused():
    lines = bradesco_240()
    lines[3] = put(lines[3], 16, "02")
    assert problems(lines) == [(4, 16, 17, ProblemKind.UNPAIRED)]


def test_a_line_lost_from_the_middle_is_seen_by_the_sequence_once():
    lines = bradesco(*(Boleto(f"{n:012d}") for n in range(9)))
    del lines[4]
    lines[-1] = put(lines[-1], 87, "00008")
    assert problems(lines) == [(5, 395, 400, ProblemKind.SEQUENCE)]
    assert "sequence number 6, 5 expected" in refused(lines).problems[0].words


def test_two_files_joined_into_one_are_refused():
    for lines in (bradesco(), bradesco_240()):
        kinds = {problem.kind for problem in refused(lines + lines).problems}
        assert ProblemKind.OUT_OF_PLACE in kinds
        kinds = {problem.kind for problem in refused(lines[:-2] + lines).problems}
        assert ProblemKind.OUT_OF_PLACE in kinds


def test_another_banks_line_is_refused():
    lines = bradesco_240()
    lines[4] = put(lines[4], 1, "341")
    assert problems(lines) == [(5, 1, 3, ProblemKind.FOREIGN_BANK)]


@pytest.mark.parametrize(("layout", "column"), [("cnab400", 1), ("cnab240", 8)])
def test_a_type_of_record_that_does_not_exist_is_refused(layout: str, column: int):
    lines = written("237", layout, Boleto(WRITERS["237", layout][1]))
    at = 1 if layout == "cnab400" else 2
    lines = [*lines[: at + 1], put(lines[at], column, "X")]
    assert (at + 2, column, column, ProblemKind.UNKNOWN_RECORD) in problems(
        [*lines[:-1], put(lines[-1], 395, f"{at + 2:06d}") if layout == "cnab400" else lines[-1]]
    )


# -- trailers ---------------------------------------------------------------------------------------------------------


def test_itaus_trailer_must_agree_with_its_titles_in_number_and_sum():
    lines = written("341", "cnab400", Boleto("00231327"), Boleto("00123442"))
    lines[3] = put(lines[3], 213, "00000003" + "00000000019981")
    assert problems(lines) == [(4, 213, 220, ProblemKind.COUNT), (4, 221, 234, ProblemKind.SUM)]
    assert "the trailer says 19981 centavos of titles, the file has 19980" in refused(lines).problems[1].words


def test_bradescos_trailer_must_agree_with_its_settlements():
    lines = bradesco()
    lines[3] = put(lines[3], 87, "00003")
    assert problems(lines) == [(4, 87, 91, ProblemKind.COUNT)]


def test_a_240_trailer_must_agree_with_its_batches_and_lines():
    lines = bradesco_240()
    lines[6], lines[7] = put(lines[6], 18, "000009"), put(lines[7], 18, "000002" + "000009")
    assert problems(lines) == [
        (7, 18, 23, ProblemKind.COUNT),
        (8, 18, 23, ProblemKind.COUNT),
        (8, 24, 29, ProblemKind.COUNT),
    ]


def test_a_title_lost_from_a_240_file_is_seen_by_its_trailers():
    lines = bradesco_240()
    del lines[2:4]
    assert {kind for *_, kind in problems(lines)} == {ProblemKind.COUNT}


def test_a_trailer_that_is_no_number_is_refused():
    lines = bradesco_240()
    lines[7] = put(lines[7], 24, "00008x")
    assert problems(lines) == [(8, 24, 29, ProblemKind.NOT_A_NUMBER)]


def test_no_name_of_a_payer_is_in_the_words_of_a_problem():
    lines = [line(240, (1, text[:130] + "ANA CONCEICAO" * 8)) for text in bradesco_240()]
    assert all("CONCEICAO" not in str(problem) for problem in refused(lines).problems)

"""Whatever comes, there is an answer; and what a bank writes is what is read."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cnab_files import WRITERS, Boleto, octets, written
from religa.adapters.cnab import Reader
from religa.ports.bank_files import BankFile, FileRefused, Movement

# Without the phase `explain`, which traces every line for the sake of a failing case.
WITHIN_SECONDS = settings(
    deadline=None,
    max_examples=150,
    derandomize=True,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],
)
LAYOUTS = st.sampled_from(sorted(WRITERS))
CENTAVOS = st.integers(min_value=0, max_value=99_999_999)
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2079, 12, 31))
BOLETOS = st.builds(
    Boleto,
    nosso=st.just(""),
    title=CENTAVOS,
    paid=st.integers(min_value=100_000, max_value=99_999_999),
    fee=st.integers(min_value=0, max_value=9_999),
    interest=CENTAVOS,
    discount=CENTAVOS,
    paid_on=DAYS,
    credited_on=st.none() | DAYS,
)


def file_of(key: tuple[str, str], boletos: list[Boleto]) -> tuple[list[Boleto], bytes]:
    """The boletos with a nosso número and a settlement that the bank's layout knows, and their file."""
    _, nosso, code = WRITERS[key]
    full = [Boleto(**{**vars(one), "nosso": nosso, "occurrence": code}) for one in boletos]
    return full, octets(written(*key, *full))


@given(LAYOUTS, st.lists(BOLETOS, max_size=4))
@WITHIN_SECONDS
def test_what_the_bank_writes_is_what_is_read(key: tuple[str, str], boletos: list[Boleto]):
    full, data = file_of(key, boletos)
    file = Reader().read(data)
    assert isinstance(file, BankFile), file
    assert [(r.amount_title, r.amount_paid, r.amount_net, r.fee) for r in file.records] == [
        (one.title, one.paid, one.paid - one.fee, one.fee) for one in full
    ]
    assert [(r.interest_and_fine, r.discount, r.paid_on) for r in file.records] == [
        (one.interest, one.discount, one.paid_on) for one in full
    ]
    assert len({record.key for record in file.records}) == len(full)


@given(st.binary(max_size=3000))
@WITHIN_SECONDS
def test_any_octets_have_an_answer(data: bytes):
    assert isinstance(Reader().read(data), FileRefused)


HEADERS = st.sampled_from([octets(written(*key), "\n")[:400] for key in sorted(WRITERS)])


@given(HEADERS, st.lists(st.binary(max_size=420), max_size=6))
@WITHIN_SECONDS
def test_any_octets_behind_a_header_have_an_answer(header: bytes, lines: list[bytes]):
    assert_an_answer(header + b"\n" + b"\n".join(lines))


@given(LAYOUTS, st.lists(BOLETOS, min_size=1, max_size=3), st.data())
@WITHIN_SECONDS
def test_a_file_with_octets_changed_has_an_answer(key, boletos, data):
    _, octets_ = file_of(key, boletos)
    changed = bytearray(octets_)
    for at in data.draw(st.lists(st.integers(0, len(changed) - 1), min_size=1, max_size=5)):
        changed[at] = data.draw(st.integers(0, 255))
    assert_an_answer(bytes(changed))


@given(LAYOUTS, st.lists(BOLETOS, min_size=1, max_size=3), st.data())
@WITHIN_SECONDS
def test_a_file_with_a_piece_cut_out_or_doubled_has_an_answer(key, boletos, data):
    _, whole = file_of(key, boletos)
    first = data.draw(st.integers(0, len(whole)))
    last = data.draw(st.integers(first, len(whole)))
    assert_an_answer(whole[:first] + whole[last:])
    assert_an_answer(whole[:last] + whole[first:])


@given(LAYOUTS, st.lists(BOLETOS, min_size=2, max_size=4), st.data())
@WITHIN_SECONDS
def test_a_file_cut_off_anywhere_never_shows_a_payment_that_the_whole_does_not(key, boletos, data):
    """Cut within a line, the last amount must not be read short: 102.25 is not 1.02."""
    _, whole = file_of(key, boletos)
    file = Reader().read(whole[: data.draw(st.integers(0, len(whole)))])
    if isinstance(file, BankFile):
        assert money(file) <= money(Reader().read(whole))


def money(file: BankFile) -> set[tuple[object, ...]]:
    return {(r.key, r.amount_title, r.amount_net, r.fee, r.discount) for r in file.records if r.is_payment}


def assert_an_answer(data: bytes) -> None:
    """A file whose payments all have an amount and a day, or a refusal with its reasons."""
    answer = Reader().read(data)
    if isinstance(answer, FileRefused):
        assert answer.words
        assert all(problem.line >= 1 and problem.words for problem in answer.problems)
        return
    for record in answer.records:
        assert (record.amount_paid > 0 and record.paid_on is not None) or not record.is_payment
        assert (record.movement is Movement.PAYMENT) == record.is_payment

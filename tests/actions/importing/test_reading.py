"""How files are written: encodings, delimiters, headers, and what breaks them."""

from __future__ import annotations

import pytest

from religa.actions.importing.columns import Kind
from religa.actions.importing.problems import What
from religa.actions.importing.rows import kind_of, masked
from religa.records.models import Plan, Subscriber

from . import files
from .files import bring, bring_only, wrong

pytestmark = pytest.mark.django_db

NAMES = "Código;CPF/CNPJ;Nome\r\nA1;390.533.447-05;João Ângelo Conceição\r\n"


def names_after(report) -> list[str]:
    assert wrong(report) == []
    return list(Subscriber.objects.values_list("name", flat=True))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_every_encoding_of_windows_gives_the_same_names(encoding):
    report = bring_only(encoding=encoding, provedor=files.PROVIDER.encode(encoding), assinantes=NAMES)
    assert names_after(report) == ["João Ângelo Conceição"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    report = bring_only(provedor=files.PROVIDER, assinantes=NAMES.replace(";", delimiter))
    assert names_after(report) == ["João Ângelo Conceição"]
    assert report.dialects["assinantes.csv"].delimiter == delimiter


def test_excels_own_word_for_the_delimiter_is_taken():
    report = bring_only(provedor=files.PROVIDER, assinantes="sep=|\r\n" + NAMES.replace(";", "|"))
    assert names_after(report) == ["João Ângelo Conceição"]


def test_quoted_cells_may_hold_delimiters_quotes_and_line_breaks():
    text = 'id;cpf;nome\n\nA1;39053344705;"Ana ""da; esquina""\n(fundos)"\n'
    assert names_after(bring_only(provedor=files.PROVIDER, assinantes=text)) == [
        'Ana "da; esquina"\n(fundos)'
    ]


def test_a_file_that_mixes_encodings_is_refused_with_its_line():
    mixed = NAMES.encode("utf-8") + "A2;529.982.247-25;José\r\n".encode("cp1252")
    assert wrong(bring(assinantes=mixed)) == [(What.MIXED_ENCODING, 1, "")]


def test_bytes_that_are_no_text_are_refused():
    assert wrong(bring(assinantes=NAMES.encode("cp1252") + b"\x81\x8d\n")) == [(What.BAD_ENCODING, 3, "")]


def test_letters_lost_on_the_way_are_told():
    report = bring(assinantes=files.SUBSCRIBERS.replace("Ana", "Jo\N{REPLACEMENT CHARACTER}o"))
    assert wrong(report) == [(What.LOST_CHARACTERS, 2, "")]


@pytest.mark.parametrize(
    ("text", "what"), [("", What.EMPTY_FILE), ("\n\n", What.EMPTY_FILE), ("id;cpf;nome\n", What.NO_ROWS)]
)
def test_an_empty_file_is_an_error_and_not_an_import_of_nobody(text, what):
    assert [p[0] for p in wrong(bring_only(provedor=files.PROVIDER, assinantes=text))] == [what]


def test_nobody_may_be_blocked_held_or_trusted_today():
    files = {"bloqueios": "contrato;bloqueado em\n", "salvaguardas": "contrato;ate;motivo\n"}
    report = bring(**files, confianca="contrato;concedido em;ate\n", pagamentos="pagamento;valor;pago em\n")
    assert [p.what for p in report.problems.kept] == [What.NOTHING_TO_BRING] * 4
    assert Subscriber.objects.count() == 3


def test_a_line_of_ten_megabytes_is_refused_without_being_read_whole():
    report = bring(assinantes=files.SUBSCRIBERS + "D1;" + "9" * 10_000_000)
    assert wrong(report) == [(What.LONG_LINE, 5, "")]


def test_quotes_that_never_close_name_the_line_they_open_on():
    text = files.SUBSCRIBERS + 'D1;39053344705;"Davi\n' + "x;y;z\n" * 300_000
    assert (What.OPEN_QUOTES, 5, "") in wrong(bring(assinantes=text))


def test_a_file_without_our_header_says_which_columns_it_needs():
    report = bring(assinantes="A1;39053344705;Ana\nB1;52998224725;Bruno\n")
    [problem] = report.problems.kept
    assert (problem.what, problem.more) == (What.WRONG_HEADER, "assinante, cpf_cnpj, nome")


def test_a_missing_column_is_named():
    report = bring(assinantes="id;nome\nA1;Ana\n")
    assert [(p.what, p.more) for p in report.problems.kept] == [(What.MISSING_COLUMN, "cpf_cnpj")]


def test_headers_may_be_written_in_any_case_with_or_without_accents_in_two_languages():
    text = "SUBSCRIBER ; Documento;RAZÃO SOCIAL;E-Mail\nA1;39053344705;Ana;ana@example.com\n"
    assert names_after(bring_only(provedor=files.PROVIDER, assinantes=text)) == ["Ana"]


def test_an_unknown_column_is_told_and_left_aside():
    report = bring_only(provedor=files.PROVIDER, assinantes="id;cpf;nome;signo\nA1;39053344705;Ana;touro\n")
    assert wrong(report) == [(What.UNKNOWN_COLUMN, 1, "signo")]
    assert Subscriber.objects.count() == 1


def test_a_row_whose_cells_slipped_is_refused():
    text = "id;cpf;nome\nA1;39053344705;Ana;da esquina\nA2;52998224725;Bruno;;\nA3;39053344705\n"
    report = bring_only(provedor=files.PROVIDER, assinantes=text)
    assert wrong(report) == [(What.CELL_COUNT, 2, ""), (What.CELL_COUNT, 4, "")]


def test_every_error_is_told_at_once_with_file_line_column_and_masked_value():
    text = "id;cpf;nome\nA1;390.533.447-06;Ana\n;52998224725;Bruno\nA3;1,23E+10;=1+1\n"
    report = bring_only(provedor=files.PROVIDER, assinantes=text)
    assert wrong(report) == [
        (What.DOCUMENT_DIGITS, 2, "cpf"),
        (What.REQUIRED, 3, "id"),
        (What.SCIENTIFIC, 4, "cpf"),
        (What.FORMULA, 4, "nome"),
    ]
    assert report.problems.in_order()[0].value == "***.533.***-**"
    assert Subscriber.objects.count() == 0


def test_one_bad_row_among_many_is_named_and_the_others_are_not():
    rows = [f"P{n};Plano {n};{'x' if n == 777 else n}M;10M\n" for n in range(2000)]
    rows[300] = 'P300;"Plano\n300";300M;10M\n'  # a cell of two lines: all that follow stand one lower
    report = bring_only(provedor=files.PROVIDER, planos="plano;nome;download;upload\n" + "".join(rows[1:]))
    assert wrong(report) == [(What.NOT_A_SPEED, 779, "download")]


def test_what_means_something_to_the_database_is_only_text_to_us():
    names = ["\\N", "\\.", "a\\tb", "a\tb", "{a,b}", "a\nb", "'; DROP TABLE plan; --"]
    rows = "".join(f'P{n};"{name}";1M;1M\n' for n, name in enumerate(names))
    report = bring_only(provedor=files.PROVIDER, planos="plano;nome;download;upload\n" + rows)
    assert wrong(report) == []
    assert list(Plan.objects.order_by("external_id").values_list("name", flat=True)) == names


def test_a_password_is_never_repeated():
    report = bring(logins="login;contrato;senha\nana;C-ana;muito\x00secreta\n")
    [problem] = report.problems.kept
    assert (problem.what, problem.value) == (What.CONTROL_CHARACTER, "")


def test_a_completed_document_is_said():
    report = bring_only(provedor=files.PROVIDER, assinantes="id;cpf;nome\nA1;1234567890;Ana\n")
    assert wrong(report) == [(What.PADDED, 2, "cpf")]
    assert Subscriber.objects.get().document == "01234567890"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Faturas.csv", Kind.INVOICES),
        ("faturas-2026-11.csv", Kind.INVOICES),
        ("01_assinantes.CSV", Kind.SUBSCRIBERS),
        ("/tmp/x/confiança.txt", Kind.TRUST),
        ("leia-me.txt", None),
    ],
)
def test_a_file_is_known_by_its_name(name, kind):
    assert kind_of(name) is kind


def test_masking_leaves_too_little_to_know_a_person():
    assert masked("390.533.447-05") == "***.533.***-**"
    assert masked("Ana") == "*n*"

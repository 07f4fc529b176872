"""Return files as nine banks write them, for tests. Columns are set here by hand, from the manuals' and the public
samples' positions, and not from the tables that are tested."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

COMPANY = "Provedor Serra Azul Ltda"
CNPJ = "11222333000181"


@dataclass(frozen=True)
class Boleto:
    """A title of a return file; amounts in centavos. `paid`: by the payer; `nosso`: as the bank's column holds it."""

    nosso: str
    occurrence: str = "06"
    title: int = 9990
    paid: int = 9990
    fee: int = 250
    interest: int = 0
    discount: int = 0
    rebate: int = 0
    paid_on: date | None = date(2026, 11, 10)
    credited_on: date | None = date(2026, 11, 11)
    document: str = "FAT 1001"


Writer = Callable[[Sequence[Boleto]], list[str]]


def line(width: int, *fields: tuple[int, str], fill: str = " ") -> str:
    """A line of `width` columns with each text at its column, counted from 1; none may touch another."""
    columns = [""] * width
    for first, text in fields:
        for at, character in enumerate(text, first - 1):
            assert not columns[at], f"column {at + 1} is set twice"
            columns[at] = character
    return "".join(column or fill for column in columns)


def put(text: str, first: int, value: str) -> str:
    """`text` with `value` at a column."""
    return text[: first - 1] + value + text[first - 1 + len(value) :]


def octets(lines: Iterable[str], end: str = "\r\n") -> bytes:
    return "".join(one + end for one in lines).encode("latin-1")


def dmy6(day: date | None) -> str:
    return day.strftime("%d%m%y") if day else "000000"


def dmy8(day: date | None) -> str:
    return day.strftime("%d%m%Y") if day else "00000000"


def ymd8(day: date | None) -> str:
    return day.strftime("%Y%m%d") if day else "00000000"


# -- 400 columns ------------------------------------------------------------------------------------------------------


def in_400(
    header: tuple[tuple[int, str], ...], details: Sequence[str], *trailer: tuple[int, str]
) -> list[str]:
    """Header, details and trailer with their sequence numbers."""
    lines = [
        line(394, (1, "02RETORNO01COBRANCA"), (47, COMPANY), *header),
        *details,
        line(394, (1, "9201"), *trailer),
    ]
    return [text.ljust(394)[:394] + f"{number:06d}" for number, text in enumerate(lines, 1)]


def detail_400(
    one: Boleto, *fields: tuple[int, str], kind: str = "1", fee: tuple[int, int] = (176, 13)
) -> str:
    """What the layouts share; the paid column is left to each."""
    return line(
        394,
        (1, kind),
        (109, one.occurrence),
        (111, dmy6(one.paid_on)),
        (117, one.document.ljust(10)),
        (147, dmy6(date(2026, 11, 5))),
        (153, f"{one.title:013d}"),
        (fee[0], f"{one.fee:0{fee[1]}d}"),
        (228, f"{one.rebate:013d}{one.discount:013d}"),
        (267, f"{one.interest:013d}"),
        *fields,
    )


def bradesco_400(titles: Sequence[Boleto]) -> list[str]:
    details = [
        detail_400(
            one,
            (2, "02" + CNPJ),
            (21, "0" + "009" + "01420" + "0016910" + "2"),
            (71, one.nosso),
            (254, f"{one.paid:013d}"),
            (296, dmy6(one.credited_on)),
        )
        for one in titles
    ]
    return in_400(
        ((27, "00000000000004466911"), (77, "237BRADESCO"), (95, "111126"), (109, "00042")),
        details,
        (5, "237"),
        (18, "00000217" + "00000043847400"),  # the whole portfolio, not this file
        (58, f"{sum(one.occurrence == '02' for one in titles):05d}"),
        (87, f"{sum(one.occurrence == '06' for one in titles):05d}"),
    )


def itau_400(titles: Sequence[Boleto]) -> list[str]:
    details = [
        detail_400(
            one,
            (2, "02" + CNPJ),
            (63, one.nosso),
            (83, "109" + one.nosso + "7"),
            (254, f"{max(one.paid - one.fee, 0):013d}"),  # what is credited
            (296, dmy6(one.credited_on)),
        )
        for one in titles
    ]
    return in_400(
        ((27, "0111" + "00" + "12345" + "0"), (77, "341BANCO ITAU S.A."), (95, "11112601600BPI00112111126")),
        details,
        (5, "341"),
        (213, f"{len(titles):08d}{sum(one.title for one in titles):014d}"),
    )


def banco_do_brasil_400(titles: Sequence[Boleto]) -> list[str]:
    details = [
        detail_400(
            one,
            (18, "33251" + "000289353" + "1622420"),
            (64, one.nosso),
            (176, dmy6(one.credited_on)),
            (254, f"{one.paid:013d}"),
            (306, f"{max(one.paid - one.fee, 0):013d}"),
            kind="7",
            fee=(182, 7),
        )
        for one in titles
    ]
    return in_400(
        (
            (27, "3325" + "1" + "00028935" + "3" + "000000"),
            (77, "001BANCO DO BRASIL"),
            (95, "111126" + "0000007"),
            (150, "1622420"),
        ),
        details,
        (5, "001"),
    )


def santander_400(titles: Sequence[Boleto]) -> list[str]:
    details = [
        detail_400(
            one,
            (2, "02" + CNPJ),
            (63, one.nosso),
            (254, f"{one.paid:013d}"),
            (296, dmy6(one.credited_on)),
        )
        for one in titles
    ]
    header = ((27, "1111" + "00000000" + "09999999"), (77, "033SANTANDER"), (95, "111126"))
    return in_400(header, details, (5, "033"))


def sicredi_400(titles: Sequence[Boleto]) -> list[str]:
    details = [
        detail_400(one, (48, one.nosso), (254, f"{one.paid:013d}"), (329, ymd8(one.credited_on)))
        for one in titles
    ]
    header = ((27, "12345" + CNPJ), (77, "748SICREDI"), (95, "20261111"), (111, "0000031"))
    return in_400(header, details, (5, "748"))


def sicoob_400(titles: Sequence[Boleto]) -> list[str]:
    details = [
        detail_400(
            one,
            (2, "02" + CNPJ),
            (63, one.nosso),
            (176, dmy6(one.credited_on)),
            (254, f"{one.paid:013d}"),
            fee=(182, 7),
        )
        for one in titles
    ]
    header = ((27, "3039" + "0" + "00048981" + "6" + "123456"), (77, "756SICOOB"), (95, "111126" + "0000108"))
    return in_400(header, details, (5, "756"))


def banco_do_nordeste_400(titles: Sequence[Boleto]) -> list[str]:
    details = [
        detail_400(one, (2, "02" + CNPJ), (63, one.nosso + "4"), (254, f"{one.paid:013d}"), (296, "001110"))
        for one in titles
    ]
    header = ((27, "0217" + "00" + "0056911" + "3"), (77, "004B.DO NORDESTE"), (95, "11112601600BPI00194"))
    return in_400(header, details, (5, "004"), (18, "00000217" + "00000043847400"))


def caixa_400(titles: Sequence[Boleto]) -> list[str]:
    details = [
        detail_400(
            one,
            (2, "02" + CNPJ),
            (57, one.nosso),
            (254, f"{one.paid:013d}"),
            (294, dmy6(one.credited_on)),
        )
        for one in titles
    ]
    header = ((27, "1111" + "999999"), (77, "104C ECON FEDERAL"), (95, "111126"), (390, "00321"))
    return in_400(header, details, (5, "104"))


# -- 240 columns ------------------------------------------------------------------------------------------------------


def in_240(
    bank: str,
    header: tuple[tuple[int, str], ...],
    titles: Sequence[Boleto],
    t: Callable[[Boleto], tuple[tuple[int, str], ...]],
) -> list[str]:
    """A file of one batch, counted as FEBRABAN counts."""
    details = []
    for one in titles:
        for segment, fields in (("T", t(one)), ("U", u_fields(one))):
            number = len(details) + 1
            start = ((1, bank + "00013"), (9, f"{number:05d}{segment}"), (16, one.occurrence))
            details.append(line(240, *start, *fields))
    return [
        line(
            240,
            (1, bank + "00000"),
            (73, COMPANY),
            (143, "2" + "11112026" + "093000" + "900108" + "040"),
            *header,
        ),
        line(240, (1, bank + "00011" + "T01"), (74, COMPANY)),
        *details,
        line(240, (1, bank + "00015"), (18, f"{len(details) + 2:06d}")),
        line(240, (1, bank + "99999"), (18, "000001" + f"{len(details) + 4:06d}")),
    ]


def u_fields(one: Boleto) -> tuple[tuple[int, str], ...]:
    net = max(one.paid - one.fee, 0)
    amounts = (one.interest, one.discount, one.rebate, 0, one.paid, net, 0, 0)
    return (
        (18, "".join(f"{amount:015d}" for amount in amounts)),
        (138, dmy8(one.paid_on) + dmy8(one.credited_on)),
    )


def t_fields(one: Boleto, *, nosso_at: int = 38) -> tuple[tuple[int, str], ...]:
    """FEBRABAN's T segment."""
    return (
        (18, "01420" + "1" + "000000054321" + "7"),
        (nosso_at, one.nosso),
        (59, one.document),
        (74, "05112026" + f"{one.title:015d}" + "237" + "00321" + "0"),
        (133, "1" + "000000000000191" + "Ana Conceição"),
        (199, f"{one.fee:015d}"),
    )


def febraban(
    bank: str, *, nosso_at: int = 38, convenio: str = "12345678901234567890", account_end: str = "7"
) -> Writer:
    header = (
        (18, "2" + CNPJ),
        (33, convenio),
        (53, "01420" + "1" + "000000054321" + account_end),
    )
    return lambda titles: in_240(bank, header, titles, lambda one: t_fields(one, nosso_at=nosso_at))


def caixa_240(titles: Sequence[Boleto]) -> list[str]:
    header = ((18, "2" + CNPJ), (53, "01234" + "2" + "043210"))
    return in_240("104", header, titles, lambda one: t_fields(one, nosso_at=40))


def btg_240(titles: Sequence[Boleto]) -> list[str]:
    """Its column of the fee is 13 wide; its trailers count titles, one of them."""
    lines = febraban("208")(titles)
    lines = [put(text, 199, text[200:213] + "  ") if text[13:14] == "T" else text for text in lines]
    return [*lines[:-2], put(lines[-2], 18, "000001"), put(lines[-1], 24, "000001")]


def santander_240(titles: Sequence[Boleto]) -> list[str]:
    header = ((17, "2" + "0" + CNPJ), (33, "4567" + "5" + "011111111" + "9"), (53, "001111111"))

    def t(one: Boleto) -> tuple[tuple[int, str], ...]:
        return (
            (18, "4567" + "5" + "011111111" + "9"),
            (41, one.nosso),
            (55, one.document),
            (70, "05112026" + f"{one.title:015d}" + "033" + "1234"),
            (128, "1" + "000000000000191" + "Bruno Araújo"),
            (194, f"{one.fee:015d}"),
        )

    return in_240("033", header, titles, t)


# (bank, layout): who writes it, a nosso número as its column holds it, a code that says "settled" there.
WRITERS: dict[tuple[str, str], tuple[Writer, str, str]] = {
    ("237", "cnab400"): (bradesco_400, "00000000030P", "06"),
    ("341", "cnab400"): (itau_400, "00231327", "06"),
    ("001", "cnab400"): (banco_do_brasil_400, "16224200000000031", "06"),
    ("033", "cnab400"): (santander_400, "00000199", "06"),
    ("748", "cnab400"): (sicredi_400, "262000019", "06"),
    ("756", "cnab400"): (sicoob_400, "000000000834", "06"),
    ("004", "cnab400"): (banco_do_nordeste_400, "09907980", "06"),
    ("104", "cnab400"): (caixa_400, "14000000000000101", "21"),
    ("237", "cnab240"): (febraban("237", nosso_at=46), "00000000030P", "06"),
    ("341", "cnab240"): (febraban("341", nosso_at=41, account_end=" 7"), "00231327", "06"),
    ("001", "cnab240"): (febraban("001"), "16224200000000031", "06"),
    ("748", "cnab240"): (febraban("748"), "262000019", "06"),
    ("756", "cnab240"): (febraban("756"), "0000000834", "06"),
    ("004", "cnab240"): (febraban("004"), "0990798", "06"),
    ("208", "cnab240"): (btg_240, "00000000000000000268", "06"),
    ("104", "cnab240"): (caixa_240, "24000000011136997", "06"),
    ("033", "cnab240"): (santander_240, "0000000001040", "06"),
}


def written(bank: str, layout: str, *titles: Boleto) -> list[str]:
    """The lines of a file of that bank with these titles."""
    return WRITERS[bank, layout][0](titles)

"""The CSV files of a small fictional provider: 1,000 subscribers, some of whom are late since yesterday."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from religa.domain.documents import check_digits

_DAY = timedelta(days=1)
Row = tuple[str, ...]


def write(folder: Path, *, subscribers: int, late: int, today: date) -> None:
    """Writes every file; the first `late` subscribers have an invoice that was due yesterday."""
    numbers = range(1, subscribers + 1)
    _file(folder, "provedor", _PROVIDER)
    _file(folder, "planos", [("Plano", "Nome", "Preço", "Download", "Upload"), _PLAN])
    _file(folder, "assinantes", _subscribers(numbers))
    _file(folder, "contratos", _contracts(numbers))
    _file(folder, "logins", _logins(numbers))
    _file(folder, "faturas", _invoices(numbers, late, today))


def login(number: int) -> tuple[str, str]:
    """Network log-in and password of a subscriber."""
    return f"cliente{number}@exemplo", f"senha-{number:06}"


_PLAN = ("P300", "Fibra 300", "99,90", "300M", "150M")
_PROVIDER = [
    ("CNPJ", "Nome", "Endereço", "Fuso", "UF", "Código IBGE", "Telefone", "Horário"),
    (
        "12.ABC.345/01DE-35", "Provedor Exemplo Ltda", "Rua Um, 1, Fortaleza", "America/Fortaleza", "CE", "2304400",
        "(85) 3000-0000", "24 horas",
    ),
]  # fmt: skip


def _subscribers(numbers: Iterable[int]) -> Iterator[Row]:
    yield "Código", "CPF/CNPJ", "Nome", "E-mail"
    for n in numbers:
        base = f"{n:09}"
        yield f"A{n}", base + check_digits(base), f"Assinante {n}", f"a{n}@example.com"


def _contracts(numbers: Iterable[int]) -> Iterator[Row]:
    yield "Contrato", "Assinante", "Plano", "Desde", "UF", "Código IBGE"
    for n in numbers:
        yield f"C{n}", f"A{n}", "P300", "10/01/2024", "CE", "2304400"


def _logins(numbers: Iterable[int]) -> Iterator[Row]:
    yield "Login", "Contrato", "Senha"
    for n in numbers:
        username, password = login(n)
        yield username, f"C{n}", password


def _invoices(numbers: Iterable[int], late: int, today: date) -> Iterator[Row]:
    yield "Fatura", "Contrato", "Vencimento", "Valor", "Emissão", "Referência"
    for n in numbers:
        due = today - _DAY if n <= late else today + 12 * _DAY
        yield f"F{n}", f"C{n}", f"{due:%d/%m/%Y}", "99,90", f"{due - 15 * _DAY:%d/%m/%Y}", f"{due:%m/%Y}"


def _file(folder: Path, name: str, rows: Iterable[Row]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\r\n").writerows(rows)

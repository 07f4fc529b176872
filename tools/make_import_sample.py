#!/usr/bin/env python3
"""Writes a folder of import files with invented subscribers: the same number and day always give the same files.

    tools/make_import_sample.py 1000 /tmp/sample --on 2026-11-20

Nobody in them exists: names are made of words, addresses lie in "Cidade Exemplo", mail goes to example.com. Check
digits are right, because the import refuses wrong ones. Of every hundred contracts about six are late; of these most
were noticed, a third is blocked, some are in trust or held. Three invoices each: two past, one to come.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

DAY = timedelta(days=1)
FIRST = (
    "Ana",
    "Bruno",
    "Carla",
    "Davi",
    "Elisa",
    "Fábio",
    "Gil",
    "Helena",
    "Íris",
    "João",
    "Kátia",
    "Luís",
    "Olga",
)
LAST = ("Exemplo", "Amostra", "Modelo", "Teste", "Ensaio", "Fictício", "Inventado", "Suposto")
PLANS = (
    ("P100", "Fibra 100", "79,90", "100M", "50M"),
    ("P300", "Fibra 300", "99,90", "300M", "150M"),
    ("P600", "Fibra 600", "129,90", "600M", "300M"),
    ("PEMP", "Empresa 500", "299,90", "500M", "500M"),
)
PRICE = {plan[0]: plan[2] for plan in PLANS}
DUE_DAYS = (5, 10, 15, 20, 25)


@dataclass(frozen=True, slots=True)
class Contract:
    """One invented contract. `mood`, 0 to 99, decides its story."""

    number: int
    mood: int
    plan: str
    due_day: int

    @property
    def key(self) -> str:
        return f"C{self.number:06}"

    @property
    def is_late(self) -> bool:
        return self.mood < 6

    @property
    def is_blocked(self) -> bool:
        return self.mood < 2

    @property
    def lacks_proof(self) -> bool:
        """Blocked there without a notice that anybody could prove."""
        return self.is_blocked and self.number % 3 == 0

    @property
    def was_trusted(self) -> bool:
        return self.mood == 2


def contract(number: int) -> Contract:
    mood = (number * 37 + number // 100 * 11) % 100
    plan = "PEMP" if number % 10 == 9 else PLANS[number % 3][0]
    return Contract(number, mood, plan, DUE_DAYS[number % 5])


# -- numbers with check digits ------------------------------------------------------------------------------------


def check_digit(base: str, longest: int) -> str:
    total = sum((ord(c) - 48) * (2 + i % (longest - 1)) for i, c in enumerate(reversed(base)))
    return str(-total % 11 % 10) if total % 11 > 1 else "0"


def document(number: int) -> str:
    """A CPF, or for every tenth a CNPJ (every hundredth with letters)."""
    if number % 10 != 9:
        base = f"{100_000_000 + number * 7:09}"
        return punctuated(base + (one := check_digit(base, 11)) + check_digit(base + one, 11), "...-")
    base = f"{'EX' if number % 100 == 99 else '50'}{number:06}0001"
    return punctuated(base + (one := check_digit(base, 9)) + check_digit(base + one, 9), "../-")


def punctuated(bare: str, kind: str) -> str:
    if kind == "../-":
        return f"{bare[:2]}.{bare[2:5]}.{bare[5:8]}/{bare[8:12]}-{bare[12:]}"
    return f"{bare[:3]}.{bare[3:6]}.{bare[6:9]}-{bare[9:]}"


def modulo_10(digits: str) -> str:
    products = (int(d) * (2 - n % 2) for n, d in enumerate(reversed(digits)))
    return str(-sum(p // 10 + p % 10 for p in products) % 10)


def linha_digitavel(number: int, amount: str) -> str:
    """Bank 000 does not exist; the three fields carry right check digits all the same."""
    free = f"{number:025}"
    fields = ["0009" + free[:5], free[5:15], free[15:25]]
    value = amount.replace(",", "").rjust(10, "0")
    return " ".join([*(f + modulo_10(f) for f in fields), "1", "0000" + value])


# -- files ------------------------------------------------------------------------------------------------------------

Rows = Iterator[tuple[str, ...]]


def subscribers(count: int) -> Rows:
    yield "Código", "CPF/CNPJ", "Nome", "E-mail", "Telefone", "WhatsApp"
    for n in range(1, count + 1):
        kind = " Ltda" if n % 10 == 9 else ""
        name = f"{FIRST[n % len(FIRST)]} {LAST[n % len(LAST)]} {n}{kind}"
        phone = f"(85) 9{n % 100_000_000:08}"
        yield f"A{n:06}", document(n), name, f"a{n}@example.com", phone, phone if n % 3 else ""


def contracts(count: int) -> Rows:
    yield (
        "Contrato",
        "Assinante",
        "Plano",
        "Desde",
        "Endereço",
        "Cidade",
        "UF",
        "Código IBGE",
        "Dia vencimento",
    )
    for n in range(1, count + 1):
        c = contract(n)
        since = date(2023, 1, 1) + (n % 700) * DAY
        yield (
            c.key,
            f"A{n:06}",
            c.plan,
            br(since),
            f"Rua dos Exemplos, {n}",
            "Cidade Exemplo",
            "CE",
            "2304400",
            str(c.due_day),
        )


def logins(count: int) -> Rows:
    yield "Login", "Contrato", "Senha", "Pool"
    for n in range(1, count + 1):
        yield f"cliente{n}@exemplo", f"C{n:06}", f"senha-{n * 7919 % 1_000_003:06}", "clientes"


def dues(c: Contract, on: date) -> list[date]:
    """Two due dates that are past and one that is to come."""
    month = on.replace(day=1)
    if c.due_day > on.day:
        month = (month - DAY).replace(day=1)
    last = month.replace(day=c.due_day)
    before = (month - DAY).replace(day=c.due_day)
    following = (month + 32 * DAY).replace(day=c.due_day)
    return [before, last, following]


def invoices(count: int, on: date) -> Rows:
    yield ("Fatura", "Contrato", "Vencimento", "Valor", "Emissão", "Referência", "Nosso número", "Linha digitável",
           "TXID", "Situação")  # fmt: skip
    for n in range(1, count + 1):
        c = contract(n)
        for place, due in enumerate(dues(c, on)):
            number = n * 10 + place
            state = "Paga" if is_paid(c, place) else "Aberta"
            amount = PRICE[c.plan]
            issued = min(due - 10 * DAY, on - DAY)
            yield (f"F{number:07}", c.key, br(due), amount, br(issued), f"{due:%m/%Y}", f"{number:011}",
                   linha_digitavel(number, amount), f"exemplo{number:019}", state)  # fmt: skip


def is_paid(c: Contract, place: int) -> bool:
    return place == 0 and not c.is_blocked or place == 1 and not c.is_late


def payments(count: int, on: date) -> Rows:
    yield "Pagamento", "Fatura", "Valor", "Pago em", "Forma"
    for n in range(1, count + 1):
        c = contract(n)
        for place, due in enumerate(dues(c, on)[:2]):
            if is_paid(c, place):
                days_late = 19 if c.was_trusted and place == 0 else 3 if n % 17 == 0 else -(n % 4)
                paid = min(due + days_late * DAY, on - DAY)
                amount = with_charges(PRICE[c.plan], (paid - due).days)
                yield (
                    f"R{n * 10 + place:07}",
                    f"F{n * 10 + place:07}",
                    amount,
                    f"{br(paid)} 14:05",
                    ("Pix", "Boleto")[n % 2],
                )


def with_charges(amount: str, days: int) -> str:
    """2 % and 1 % a month, cut to the centavo."""
    centavos = int(amount.replace(",", ""))
    if days > 0:
        centavos += centavos * 2 // 100 + centavos * days // 3000
    return f"{centavos // 100},{centavos % 100:02}"


def late_ones(count: int) -> Iterable[Contract]:
    return (c for c in map(contract, range(1, count + 1)) if c.is_late)


def unpaid(c: Contract, on: date) -> list[tuple[str, date]]:
    return [(f"F{c.number * 10 + p:07}", due) for p, due in enumerate(dues(c, on)[:2]) if not is_paid(c, p)]


def notices(count: int, on: date) -> Rows:
    yield "Contrato", "Faturas", "Enviado em", "Evidência", "Canal", "Comprovante"
    for c in late_ones(count):
        for invoice, due in unpaid(c, on):
            sent = due + 5 * DAY
            if sent < on and not c.lacks_proof:
                yield c.key, invoice, f"{br(sent)} 10:00", "Entregue", "whatsapp", f"wamid.exemplo{invoice}"


def suspensions(count: int, on: date) -> Rows:
    yield "Contrato", "Bloqueado em", "Aviso em"
    for c in late_ones(count):
        if c.is_blocked:
            oldest = unpaid(c, on)[0][1]
            blocked = min(oldest + 23 * DAY, on - DAY)
            yield c.key, f"{br(blocked)} 09:00", "" if c.lacks_proof else br(oldest + 5 * DAY)


def trust(count: int, on: date) -> Rows:
    yield "Contrato", "Concedido em", "Até", "Tipo", "Canal", "Faturas", "Resultado"
    for c in map(contract, range(1, count + 1)):
        if c.was_trusted:
            granted = dues(c, on)[0] + 17 * DAY
            yield (
                c.key,
                f"{br(granted)} 18:30",
                f"{br(granted + 3 * DAY)} 09:00",
                "Promessa",
                "Portal",
                f"F{c.number * 10:07}",
                "Cumprida",
            )


def holds(count: int, on: date) -> Rows:
    yield "Contrato", "Até", "Motivo", "Desde", "Responsável"
    for c in late_ones(count):
        if c.number % 25 == 0:
            yield c.key, br(on + 10 * DAY), "visita técnica marcada", br(on - DAY), "Equipe Exemplo"


def br(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def provider() -> Rows:
    columns = {
        "CNPJ": "12.ABC.345/01DE-35",
        "Nome": "Provedor Exemplo Telecom Ltda",
        "Nome fantasia": "Exemplo Net",
        "Endereço": "Av. dos Exemplos, 1, Cidade Exemplo",
        "Fuso": "America/Fortaleza",
        "UF": "CE",
        "Código IBGE": "2304400",
        "Telefone": "(85) 3000-0000",
        "Horário": "todos os dias, 24 horas",
        "Chave Pix": "pix@example.com",
    }
    yield tuple(columns)
    yield tuple(columns.values())


def write(folder: Path, name: str, rows: Iterable[tuple[str, ...]], encoding: str) -> None:
    with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\r\n").writerows(rows)


def make(count: int, folder: Path, on: date, *, with_provider: bool = True, encoding: str = "cp1252") -> None:
    """All files, for `count` subscribers with one contract each, as they stand on a day."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, Rows] = {
        "planos": iter([("Plano", "Nome", "Preço", "Download", "Upload"), *PLANS]),
        "assinantes": subscribers(count),
        "contratos": contracts(count),
        "logins": logins(count),
        "faturas": invoices(count, on),
        "pagamentos": payments(count, on),
        "avisos": notices(count, on),
        "bloqueios": suspensions(count, on),
        "confianca": trust(count, on),
        "salvaguardas": holds(count, on),
    }
    if with_provider:
        files["provedor"] = provider()
    for name, rows in files.items():
        write(folder, name, rows, encoding)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--on", type=date.fromisoformat, default=datetime.now().astimezone().date())
    parser.add_argument("--no-provider", action="store_true", help="leave provedor.csv out")
    parser.add_argument("--encoding", default="cp1252", choices=("cp1252", "utf-8", "utf-8-sig"))
    asked = parser.parse_args()
    make(asked.count, asked.folder, asked.on, with_provider=not asked.no_provider, encoding=asked.encoding)


if __name__ == "__main__":
    main()

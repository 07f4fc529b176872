"""The values of a message's fields: who writes, to whom, and which invoices it is about, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from religa.domain.documents import parse
from religa.domain.money import format_reais
from religa.wording.language import Language, Words
from religa.wording.moments import Moments, joined, month
from religa.wording.moments import day as day_in_words


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who writes (CDC art. 42-A). `phone` is a line as printed, with its hours."""

    name: str
    cnpj: str
    address: str
    phone: str

    def values(self, language: Language) -> dict[str, str]:
        return {
            "provedor": self.name,
            "cnpj": parse(self.cnpj).formatted,
            "endereco": self.address,
            "telefone": self.phone,
            "identificacao": self._signature(language),
        }

    def _signature(self, language: Language) -> str:
        who = f"{self.name}, CNPJ {parse(self.cnpj).formatted}"
        where = f", {self.address}" if self.address else ""
        phone = f" {_SERVICE.in_(language)}: {self.phone}." if self.phone else ""
        return f"{who}{where}.{phone}"


@dataclass(frozen=True, slots=True)
class Bill:
    """One invoice as a message names it; `total` is what settles it today by Pix, in centavos."""

    reference: str
    due: date
    principal: int
    total: int


@dataclass(frozen=True, slots=True)
class Letter:
    """What a notice, reminder or warning is about. `opens_on`: the announced day of a block (None: none is known)."""

    bills: Sequence[Bill]
    today: date
    opens_on: date | None
    ends_after_days: int
    pix: str = ""

    def values(self, language: Language) -> dict[str, str]:
        total, due = sum(b.total for b in self.bills), self.bills[0].due if self.bills else self.today
        return {
            "contas": "\n".join(_line(bill, self.today, language) for bill in self.bills),
            "meses": joined([_month(b.reference, language) for b in self.bills], language),
            "valor_total": format_reais(total, language),
            "vence_em": on(due, language, self.today),
            "bloqueio_em": _opening(self.opens_on, language),
            "cancelamento_dias": str(self.ends_after_days),
            "pix": self.pix,
        }


def person(name: str, *, is_company: bool, today: date, language: Language) -> dict[str, str]:
    """A company has no first name."""
    first = name if is_company or not name.split() else name.split()[0]
    return {"nome": first or _SOMEBODY.in_(language), "hoje": in_words(today, language, None)}


def _opening(opens_on: date | None, language: Language) -> str:
    """With its year: a notice may be read long after."""
    return _NO_DAY.in_(language) if opens_on is None else in_words(opens_on, language, None)


def _line(bill: Bill, today: date, language: Language) -> str:
    words = (_DUE if bill.due >= today else _WAS_DUE).in_(language)
    line = words.format(
        month=_month(bill.reference, language),
        due=f"{bill.due:%d/%m/%Y}",
        sum=format_reais(bill.principal, language),
    )
    if bill.total == bill.principal:
        return line
    return line + _TODAY.in_(language).format(total=format_reais(bill.total, language))


def instalments(parts: Sequence[tuple[date, int]], language: Language) -> str:
    """One line for each instalment: day and centavos."""
    words = _INSTALMENT.in_(language)
    return "\n".join(
        words.format(n=n, day=in_words(due, language, None), sum=format_reais(amount, language))
        for n, (due, amount) in enumerate(parts, 1)
    )


def _month(reference: str, language: Language) -> str:
    return month(reference, language=language) or _NO_MONTH.in_(language)


@lru_cache(maxsize=4096)
def in_words(when: date, language: Language, today: date | None) -> str:
    """`segunda-feira, 30 de novembro de 2026`; without the year of `today`."""
    year = date(1, 1, 1) if today is None else today
    return day_in_words(when, language=language, now=year)


@lru_cache(maxsize=4096)
def on(when: date, language: Language, today: date) -> str:
    """`na segunda-feira, 30 de novembro`."""
    noon = datetime.combine(when, time(12), UTC)
    return Moments(language=language, zone=_UTC, now=datetime.combine(today, time(12), UTC)).on_day(noon)


_UTC = ZoneInfo("UTC")
_SERVICE = Words("Atendimento", "Service", "Atención")
_SOMEBODY = Words("cliente", "customer", "cliente")
_NO_MONTH = Words("mês não informado", "month not stated", "mes no informado")
_NO_DAY = Words("data ainda não marcada", "a day not set yet", "día aún sin definir")
_DUE = Words(
    "- conta de {month}, vence em {due}: {sum}",
    "- {month} bill, due on {due}: {sum}",
    "- factura de {month}, vence el {due}: {sum}",
)
_WAS_DUE = Words(
    "- conta de {month}, vencida em {due}: {sum}",
    "- {month} bill, due since {due}: {sum}",
    "- factura de {month}, vencida el {due}: {sum}",
)
_TODAY = Words(
    "; hoje, com multa e juros, {total}",
    "; today, with fine and interest, {total}",
    "; hoy, con multa e intereses, {total}",
)
_INSTALMENT = Words("- {n}ª parcela, {day}: {sum}", "- no. {n}, {day}: {sum}", "- cuota {n}, {day}: {sum}")

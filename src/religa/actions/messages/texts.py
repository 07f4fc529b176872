"""The words of each message in Portuguese, the language of legal notices.

A debt notice carries the five items of RGC art. 71, the supplier's name, address and CNPJ (CDC art. 42-A) and the day
from which access may be blocked (Manual Operacional 5.1.2). No links: Pix copy-and-paste instead (MO 1.1.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from religa.domain.documents import parse
from religa.domain.facts import NoticeKind
from religa.domain.money import format_reais
from religa.wording import Language, month

VERSION = "2026-11-1"


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who writes. `phone` is a line as printed, with its hours."""

    name: str
    cnpj: str
    address: str
    phone: str

    @property
    def signature(self) -> str:
        who = f"{self.name}, CNPJ {parse(self.cnpj).formatted}"
        where = f", {self.address}" if self.address else ""
        phone = f" Atendimento: {self.phone}." if self.phone else ""
        return f"{who}{where}.{phone}"


@dataclass(frozen=True, slots=True)
class Bill:
    """One invoice as the message names it; `total` is what settles it today by Pix, in centavos."""

    reference: str
    due: date
    principal: int
    total: int


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything a message may need."""

    kind: NoticeKind
    name: str
    supplier: Supplier
    bills: Sequence[Bill]
    today: date
    opens_on: date | None
    ends_after_days: int
    pix: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    subject: str
    body: str


def write(letter: Letter) -> Text:
    """Subject and body of a message."""
    subject, body = _TEXTS[letter.kind](letter)
    paying = (
        f"\n\nPara pagar agora, copie este código Pix no aplicativo do seu banco:\n{letter.pix}"
        if letter.pix
        else ""
    )
    return Text(subject, f"Olá, {letter.name.split()[0]}.\n\n{body}{paying}\n\n{letter.supplier.signature}")


def _month(reference: str) -> str:
    return month(reference, language=Language.PT) or "mês não informado"


def _bills(letter: Letter) -> str:
    return "\n".join(
        f"- conta de {_month(b.reference)}, vencida em {b.due:%d/%m/%Y}: {format_reais(b.principal)}; "
        f"hoje, com multa e juros, {format_reais(b.total)}"
        for b in letter.bills
    )


def _debt(letter: Letter) -> tuple[str, str]:
    opens = (
        f"Se não houver pagamento, o acesso à internet pode ser bloqueado a partir de {letter.opens_on:%d/%m/%Y}."
        if letter.opens_on
        else "Se não houver pagamento, o acesso à internet pode ser bloqueado."
    )
    return "Aviso de conta em atraso", (
        f"Não identificamos o pagamento de:\n{_bills(letter)}\n\n"
        f"{opens} Depois de {letter.ends_after_days} dias de bloqueio, e com outro aviso antes, o contrato pode ser "
        "cancelado; só depois do cancelamento a dívida pode ser informada aos órgãos de proteção ao crédito.\n"
        "Assim que o pagamento for confirmado a internet volta sozinha, em minutos e sempre em até 24 horas. Não há "
        "taxa para religar.\n"
        "Se você já pagou, desconsidere este aviso. Se não concorda com a cobrança, fale com a gente."
    )


def _reminder(letter: Letter) -> tuple[str, str]:
    bills = "\n".join(
        f"A conta de {_month(bill.reference)}, de {format_reais(bill.principal)}, vence em {bill.due:%d/%m/%Y}."
        for bill in letter.bills
    )
    return "Sua conta vence em breve", (f"{bills}\nSe você já pagou, desconsidere esta mensagem.")


def _warning(letter: Letter) -> tuple[str, str]:
    when = f"em {letter.opens_on:%d/%m/%Y}" if letter.opens_on else "em breve"
    return "Sua internet pode ser bloqueada", (
        f"Ainda não identificamos o pagamento de:\n{_bills(letter)}\n\n"
        f"Sem o pagamento, a internet será bloqueada {when}. Pagando por Pix, nada é bloqueado."
    )


def _termination(letter: Letter) -> tuple[str, str]:
    return "Aviso de cancelamento do contrato", (
        f"Sua internet está bloqueada por falta de pagamento de:\n{_bills(letter)}\n\n"
        f"Completados {letter.ends_after_days} dias de bloqueio, o contrato pode ser cancelado. Depois do cancelamento "
        "a dívida pode ser informada aos órgãos de proteção ao crédito. Pagando antes, a internet volta na hora e o "
        "contrato continua."
    )


_TEXTS = {
    NoticeKind.DEBT: _debt,
    NoticeKind.REMINDER: _reminder,
    NoticeKind.WARNING: _warning,
    NoticeKind.TERMINATION: _termination,
}

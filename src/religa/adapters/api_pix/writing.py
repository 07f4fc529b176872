"""What is sent: bodies as API Pix 2.9.0 wants them, or why there is none. Strict, for a bank may be lenient today.

Rules: `CobVSolicitada`, `CobSolicitada` and `DevolucaoSolicitada` of openapi.yaml, and the violations it lists under
the tags `Cob` and `CobV`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from religa.ports.money import BankRefused, ChargeKind, ChargeRef, Debtor, Terms, WantedCharge

Body = dict[str, Any]

PATHS = {ChargeKind.PIX_COBV: "cobv", ChargeKind.PIX_COB: "cob"}
REMOVAL: Body = {
    "status": "REMOVIDA_PELO_USUARIO_RECEBEDOR"
}  # nothing else: a removal may carry no other change

_TXID = re.compile(r"[a-zA-Z0-9]{26,35}")
_REFUND_ID = re.compile(r"[a-zA-Z0-9]{1,35}")
_PAYMENT_ID = re.compile(r"[a-zA-Z0-9]{32}")
_CPF = re.compile(r"[0-9]{11}")
_CNPJ = re.compile(r"[0-9A-Z]{14}")  # with letters since 2.9.0
_MOST = 999_999_999_999  # ten digits of reais
_MOST_PCT = 10_000  # 100 % in hundredths of a percent
_INT32 = 2_147_483_647
_FINE_PCT = 2  # modalidades of openapi.yaml
_INTEREST_PCT_MONTH_CALENDAR_DAYS = 3
_DISCOUNT_FIXED_UNTIL = 1


def amount(centavos: int) -> str:
    """`9990` as `99.90`; the same form holds hundredths of a percent. Not below zero."""
    return f"{centavos // 100}.{centavos % 100:02}"


def is_charge_txid(text: str) -> bool:
    """Whether a charge may bear it: 26 to 35 letters and digits (a static code's has 25 at most)."""
    return _TXID.fullmatch(text) is not None


def charge(wanted: WantedCharge, *, key: str, today: date | None) -> Body | BankRefused:
    """The body of PUT or PATCH. `key`: the Pix key that receives; `today`: the bank's day, for a new charge alone.

    A change may name a due date that has passed since; a new charge may not.
    """
    problems = _ref_problems(ChargeRef(wanted.kind, wanted.txid))
    if wanted.kind in PATHS:
        problems += _problems(wanted, today)
    if not 1 <= len(key) <= 77:
        problems.append("the account's Pix key has 1 to 77 characters")
    if problems:
        return BankRefused(0, "not sent: no bank can take it", tuple(problems))
    body: Body = {"calendario": _calendar(wanted), "valor": _value(wanted), "chave": key}
    if wanted.debtor is not None:
        body["devedor"] = _debtor(wanted.debtor)
    if wanted.description:
        body["solicitacaoPagador"] = wanted.description
    return body


def ref_refusal(ref: ChargeRef) -> BankRefused | None:
    """Why no charge of this kind or txid can be asked for; None if it can."""
    problems = _ref_problems(ref)
    return BankRefused(0, "not asked: no such charge can exist here", tuple(problems)) if problems else None


def refund(*, payment_id: str, refund_id: str, centavos: int, reason: str) -> Body | BankRefused:
    """The body of PUT /pix/{e2eid}/devolucao/{id}."""
    problems = [*_refund_problems(payment_id, refund_id), *_amount_problems("the refund", centavos)]
    if len(reason) > 140:
        problems.append("the reason of a refund has 140 characters at most")
    if problems:
        return BankRefused(0, "not sent: no bank can take it", tuple(problems))
    return {"valor": amount(centavos), **({"descricao": reason} if reason else {})}


def refund_refusal(payment_id: str, refund_id: str) -> BankRefused | None:
    """Why no refund can have these ids; None if one can."""
    problems = _refund_problems(payment_id, refund_id)
    return BankRefused(0, "not asked: no such refund can exist", tuple(problems)) if problems else None


def webhook_refusal(url: str) -> BankRefused | None:
    """Why no bank would send events there; None if one would. A bank on this machine (a fake) may do without TLS."""
    if re.fullmatch(
        r"(https://[^\s/?#]+|http://(localhost|127(\.[0-9]{1,3}){3})(:[0-9]+)?)(/[^\s#]*|\?[^\s#]*)?", url
    ):
        return None
    return BankRefused(0, "not sent: an address for events starts with https:// and has no spaces")


def _refund_problems(payment_id: str, refund_id: str) -> list[str]:
    found = []
    if not _PAYMENT_ID.fullmatch(payment_id):
        found.append("an endToEndId has 32 letters and digits")
    if not _REFUND_ID.fullmatch(refund_id):
        found.append("the id of a refund has 1 to 35 letters and digits")
    return found


def _ref_problems(ref: ChargeRef) -> list[str]:
    found = []
    if ref.kind not in PATHS:
        found.append(f"API Pix has no charge of the kind {ref.kind}")
    if not is_charge_txid(ref.txid):
        found.append("a txid has 26 to 35 letters and digits")
    return found


def _problems(wanted: WantedCharge, today: date | None) -> list[str]:
    found = _amount_problems("the charge", wanted.amount)
    if len(wanted.description) > 140:
        found.append("the description has 140 characters at most")
    if wanted.debtor is not None:
        found += _debtor_problems(wanted.debtor)
    if wanted.kind is ChargeKind.PIX_COBV:
        return found + _dated_problems(wanted, today)
    if wanted.due_date is not None:
        found.append("a charge to be paid at once has no due date")
    if not 1 <= wanted.expires_in <= _INT32:
        found.append("a charge to be paid at once lives for at least one second")
    return found


def _dated_problems(wanted: WantedCharge, today: date | None) -> list[str]:
    found = []
    if wanted.debtor is None:
        found.append("a dated charge names its debtor")
    if wanted.due_date is None:
        return [*found, "a dated charge has a due date"]
    if today is not None and wanted.due_date < today:
        found.append("the due date has passed: charge it without a due date, or due today")
    return found + _terms_problems(wanted.terms, wanted.amount, wanted.due_date)


def _terms_problems(terms: Terms, original: int, due: date) -> list[str]:
    found = []
    if not 0 <= terms.fine_pct < _MOST_PCT or not 0 <= terms.interest_pct_month < _MOST_PCT:
        found.append("fine and interest are from 0 to less than 100 percent")
    if not 0 <= terms.payable_days <= _INT32:
        found.append("the days after the due date are not below zero")
    if not 0 <= terms.discount < max(original, 1):
        found.append("the discount is less than the charge")
    if terms.discount and terms.discount_until is None:
        found.append("a discount has a last day")
    if terms.discount and terms.discount_until and terms.discount_until > due:
        found.append("a discount ends on the due date at the latest")
    return found


def _amount_problems(what: str, centavos: int) -> list[str]:
    return (
        []
        if 0 < centavos <= _MOST
        else [f"{what} is of at least one centavo and at most ten digits of reais"]
    )


def _debtor_problems(debtor: Debtor) -> list[str]:
    found = []
    if not (_CPF.fullmatch(debtor.document) or _CNPJ.fullmatch(debtor.document)):
        found.append("the debtor's document is a CPF (11 digits) or a CNPJ (14 digits or capital letters)")
    if not 1 <= len(debtor.name) <= 200:
        found.append("the debtor's name has 1 to 200 characters")
    return found


def _calendar(wanted: WantedCharge) -> Body:
    if wanted.due_date is None:
        return {"expiracao": wanted.expires_in}
    return {
        "dataDeVencimento": wanted.due_date.isoformat(),
        "validadeAposVencimento": wanted.terms.payable_days,
    }


def _value(wanted: WantedCharge) -> Body:
    body: Body = {"original": amount(wanted.amount)}
    if wanted.kind is not ChargeKind.PIX_COBV:
        return body  # fine, interest and discount are a dated charge's alone
    terms = wanted.terms
    if terms.fine_pct:
        body["multa"] = {"modalidade": _FINE_PCT, "valorPerc": amount(terms.fine_pct)}
    if terms.interest_pct_month:
        body["juros"] = {
            "modalidade": _INTEREST_PCT_MONTH_CALENDAR_DAYS,
            "valorPerc": amount(terms.interest_pct_month),
        }
    if terms.discount and terms.discount_until:
        body["desconto"] = {
            "modalidade": _DISCOUNT_FIXED_UNTIL,
            "descontoDataFixa": [
                {"data": terms.discount_until.isoformat(), "valorPerc": amount(terms.discount)}
            ],
        }
    return body


def _debtor(debtor: Debtor) -> Body:
    """Name and document alone: the standard knows more, and Sicoob refuses the address of a `cob`'s debtor."""
    kind = "cpf" if len(debtor.document) == 11 else "cnpj"
    return {kind: debtor.document, "nome": debtor.name}

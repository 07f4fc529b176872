"""Charges, Pix and devoluções as API Pix 2.9.0 writes them. `plan` says in which ways an answer is odd."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from religa.adapters.fakes.psp.bodies import Violation, money
from religa.adapters.fakes.psp.ledger import Charge, Payee, Pix, Problem, Return
from religa.adapters.fakes.psp.mischief import Mischief
from religa.adapters.fakes.psp.prices import total
from religa.ports.money import Split

_BRASILIA = timezone(timedelta(hours=-3))
_PARTS = (("original", "original"), ("multa", "fine"), ("juros", "interest"))
_MINUS = (("desconto", "discount"), ("abatimento", "rebate"))
_ERRORS = "https://pix.bcb.gov.br/api/v2/error/"
_UNKNOWN = {"campoDeUmaVersaoFutura": {"versao": 3, "valores": ["A", None]}}


def instant(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def charge(found: Charge, payee: Payee, plan: Mischief, *, revision: int | None = None) -> dict[str, Any]:
    """A `CobCompleta` or `CobVCompleta`, as of a revision (the last one)."""
    number = len(found.revisions) - 1 if revision is None else revision
    revised = found.revisions[number]
    said: dict[str, Any] = dict(revised.body)
    said["calendario"] = {
        "criacao": instant(found.created_at),
        **_defaults(found),
        **revised.body["calendario"],
    }
    said |= {"txid": found.txid, "revisao": number, "status": revised.status, "loc": _loc(found)}
    if found.kind == "cobv":
        said["recebedor"] = _payee(payee)
    else:
        said["location"] = found.location
    if plan.copy_paste_as:
        said[plan.copy_paste_as] = found.copy_paste
    if found.pix:
        said["pix"] = [pix(one, plan) for one in found.pix]
    return said | _UNKNOWN if plan.unknown_fields else said


def _defaults(found: Charge) -> dict[str, int]:
    return {"validadeAposVencimento": 30} if found.kind == "cobv" else {"expiracao": 86_400}


def _loc(found: Charge) -> dict[str, Any]:
    return {
        "id": found.loc,
        "location": found.location,
        "tipoCob": found.kind,
        "criacao": instant(found.created_at),
    }


def _payee(payee: Payee) -> dict[str, str]:
    document = {"cnpj" if len(payee.document) == 14 else "cpf": payee.document}
    where = {"logradouro": payee.street, "cidade": payee.city, "uf": payee.state, "cep": payee.postcode}
    return {**document, "nome": payee.name, **where}


def pix(found: Pix, plan: Mischief) -> dict[str, Any]:
    """A `Pix`, in answers and in events."""
    said: dict[str, Any] = {"endToEndId": found.id, "valor": money(found.amount)}
    if found.txid is not None:
        said["txid"] = found.txid
    if not plan.without_key:
        said["chave"] = found.key
    said["horario"] = _pix_instant(found.at, plan)
    if found.split is not None:
        said["componentesValor"] = _parts(found.split)
    if found.info:
        said["infoPagador"] = found.info
    if found.returns:
        said["devolucoes"] = [returned(one) for one in found.returns]
    if plan.unknown_fields:
        said |= {"pagador": dict(found.payer), **_UNKNOWN}
    return said


def _pix_instant(at: datetime, plan: Mischief) -> str:
    if not plan.offset:
        return instant(at)
    local = at.astimezone(_BRASILIA)
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 10_000:02}-03:00"


def _parts(split: Split) -> dict[str, Any]:
    amounts = {name: getattr(split, part) for name, part in (*_PARTS, *_MINUS)}
    return {
        name: {"valor": money(amount)} for name, amount in amounts.items() if amount or name == "original"
    }


def returned(found: Return) -> dict[str, Any]:
    """A `Devolucao`."""
    when = {"solicitacao": instant(found.asked_at)}
    if found.settled_at is not None:
        when["liquidacao"] = instant(found.settled_at)
    said = {"id": found.id, "rtrId": found.rtr_id, "valor": money(found.amount), "natureza": found.nature}
    words = {"descricao": found.description, "motivo": found.reason}
    return {
        **said,
        "horario": when,
        "status": found.status,
        **{name: text for name, text in words.items() if text},
    }


def event(pixes: Iterable[Pix], plan: Mischief) -> Any:
    """The body of a call to `{webhookUrl}/pix`: an object, or an array at the root."""
    told = [pix(one, plan) | ({"chave": plan.foreign_key} if plan.foreign_key else {}) for one in pixes]
    return told if plan.root_array else {"pix": told}


def problem(found: Problem) -> dict[str, Any]:
    """RFC 7807, with `violacoes`."""
    said: dict[str, Any] = {"type": f"{_ERRORS}{found.type}", "title": found.type}
    said |= {"status": found.code, "detail": found.detail}
    if found.violations:
        said["violacoes"] = [_violation(one) for one in found.violations]
    return said


def _violation(found: Violation) -> dict[str, str]:
    shown = {} if found.value is None else {"valor": str(found.value)[:200]}
    return {"razao": found.reason, "propriedade": found.field, **shown}


def shown(found: Charge, costs: Split) -> dict[str, Any]:
    """A charge for whoever drives the fake: amounts in centavos."""
    return {
        "txid": found.txid,
        "kind": found.kind,
        "status": found.status,
        "amount": total(costs),
        "copy_paste": found.copy_paste,
        "created_at": instant(found.created_at),
        "paid": [{"id": one.id, "amount": one.amount} for one in found.pix],
    }

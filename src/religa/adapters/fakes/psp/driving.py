"""Driving the fake over HTTP, for other processes: everything below `/_fake/`. Amounts are integer centavos.

    GET  /_fake/charges[?status=ATIVA]        what there is to pay, with amounts and codes
    POST /_fake/pay                           {"txid", "amount"?, "at"?, "split"?, "info"?, "anyway"?}
    POST /_fake/pay-key                       {"amount", "at"?, "key"?, "txid"?, "info"?}
    POST /_fake/give-back                     {"e2eid", "amount"?, "nature"?, "status"?, "id"?, "at"?}
    POST /_fake/settle-return                 {"e2eid", "id", "status"}
    POST /_fake/foreign                       {"amount", "txid"?, "key"?}
    POST /_fake/remove                        {"txid"}: REMOVIDA_PELO_PSP
    POST /_fake/forget-tokens
    GET, PUT, DELETE /_fake/mischief          the plan; PUT changes the fields it names
    POST /_fake/deliver                       lets go of what is held; `waiting` says what is still on its way
    GET  /_fake/deliveries                    the counters
    GET, POST /_fake/pagar/TXID[?voltar=URL]  a person pays; leads back only to this machine

A no is a 409 with `why`; a request that makes no sense is a 400 with `error`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from religa.adapters.fakes.psp import page, render
from religa.adapters.fakes.psp.deeds import Deeds
from religa.adapters.fakes.psp.ledger import NotPaid, Pix
from religa.adapters.fakes.psp.mischief import NONE
from religa.adapters.fakes.psp.tokens import Tokens
from religa.adapters.fakes.psp.wire import Answer, Request, json_answer
from religa.ports.money import Split

PREFIX = "/_fake/"
_KINDS: dict[str, type] = {
    **dict.fromkeys(("txid", "info", "key", "e2eid", "nature", "status", "id", "at"), str),
    "amount": int,
    "anyway": bool,
    "split": dict,
}
_Said = dict[str, Any]


def answer(psp: Deeds, tokens: Tokens, request: Request) -> Answer:
    """Does what a request below `/_fake/` asks for."""
    name = request.path.removeprefix(PREFIX)
    if name.startswith("pagar/"):
        return _person_pays(psp, request, name.removeprefix("pagar/"))
    try:
        if request.method == "POST":
            return _post(psp, tokens, name, request)
        return _look(psp, name, request)
    except (ValueError, LookupError, TypeError) as wrong:
        return json_answer({"error": str(wrong)}, 400)


def _look(psp: Deeds, name: str, request: Request) -> Answer:
    if name == "mischief":
        return _mischief(psp, request)
    if request.method != "GET" or name not in ("charges", "deliveries"):
        return json_answer(
            {"error": "there is nothing here; docs/operators/fake-psp.md says what there is"}, 404
        )
    if name == "deliveries":
        return json_answer(asdict(psp.delivered))
    status = request.parameters.get("status")
    found = [c for c in psp.ledger.charges.values() if status in (None, c.status)]
    return json_answer([render.shown(one, psp.ledger.costs(one, at=psp.now())) for one in found])


def _mischief(psp: Deeds, request: Request) -> Answer:
    if request.method == "PUT":
        psp.misbehave(**_object(request))
    elif request.method == "DELETE":
        psp.mischief = NONE
    return json_answer(asdict(psp.mischief))


def _post(psp: Deeds, tokens: Tokens, name: str, request: Request) -> Answer:
    if name == "forget-tokens":
        tokens.forget()
        return Answer(204)
    if name == "deliver":
        return json_answer(asdict(psp.deliveries.flush()))
    deeds: dict[str, tuple[str, Callable[..., Any]]] = {
        "pay": ("txid", psp.pay),
        "pay-key": ("amount", psp.pay_key),
        "give-back": ("e2eid", psp.give_back),
        "settle-return": ("e2eid", psp.settle_return),
        "foreign": ("amount", psp.foreign),
        "remove": ("txid", psp.remove_by_psp),
    }
    if name not in deeds:
        return json_answer(
            {"error": f"nothing called {name!r} can be done; there is {', '.join(deeds)}"}, 404
        )
    needed, deed = deeds[name]
    said = _read(_object(request), needed)
    return _done(psp, deed(said.pop(needed), **said))


def _done(psp: Deeds, result: Any) -> Answer:
    if isinstance(result, NotPaid):
        return json_answer({"why": result.value}, 409)
    if isinstance(result, Pix):
        return json_answer({"id": result.id, "amount": result.amount, "at": render.instant(result.at)})
    if isinstance(result, str):
        return json_answer({"id": result})
    return json_answer({"id": getattr(result, "id", getattr(result, "txid", "")), "status": result.status})


def _object(request: Request) -> _Said:
    said = request.json() if request.body else {}
    if not isinstance(said, dict):
        raise ValueError("the body has to be a JSON object")
    return said


def _read(said: Mapping[str, Any], needed: str) -> _Said:
    """The fields, each of its kind, instants and splits as such. Raises `ValueError` naming what is wrong."""
    if needed not in said:
        raise ValueError(f"{needed} is missing")
    wrong = [
        f"{name}: {value!r} is not what it takes" for name, value in said.items() if not _right(name, value)
    ]
    if wrong:
        raise ValueError("; ".join(wrong))
    result = dict(said)
    if "at" in result:
        result["at"] = datetime.fromisoformat(result["at"])
        if result["at"].tzinfo is None:
            raise ValueError("at: an instant needs its offset, as in 2026-12-10T12:00:00-03:00")
    if "split" in result:
        result["split"] = Split(**result["split"])
    return result


def _right(name: str, value: Any) -> bool:
    if name == "split":
        return isinstance(value, dict) and all(type(part) is int for part in value.values())
    return name in _KINDS and type(value) is _KINDS[name]


def _person_pays(psp: Deeds, request: Request, txid: str) -> Answer:
    if request.method == "POST":
        result = psp.pay(txid)
        back = page.way_back(request.query)
        return (
            page.not_paid(result)
            if isinstance(result, NotPaid)
            else page.paid(result.amount, result.id, back)
        )
    at = psp.now()
    charge = psp.ledger.payable(txid, at=at)
    if isinstance(charge, NotPaid):
        return page.not_paid(charge)
    return page.confirmation(charge, psp.ledger.costs(charge, at=at), psp.ledger.payee)

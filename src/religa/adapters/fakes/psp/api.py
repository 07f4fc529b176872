"""The operations of API Pix 2.9.0 on one ledger: request in, answer out. Which call needs which scope stands here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from religa.adapters.fakes.psp import ledger, render
from religa.adapters.fakes.psp.bodies import Kind, Violation
from religa.adapters.fakes.psp.ledger import Charge, Ledger, Pix, Problem, Return
from religa.adapters.fakes.psp.mischief import Mischief
from religa.adapters.fakes.psp.wire import PROBLEM, Answer, Request, json_answer

_Of = TypeVar("_Of")
_DEFAULT_PAGE, _LARGEST_PAGE = 100, 1_000
_COLLECTIONS = ("cob", "cobv", "pix", "webhook")


@dataclass
class Hook:
    url: str
    created_at: datetime


@dataclass
class Account:
    """What the API answers from. `tell`: the receiver ought to hear of a Pix; `registered`: of a new webhook."""

    ledger: Ledger
    plan: Mischief
    tell: Callable[[Pix], None]
    registered: Callable[[str], None]
    hooks: dict[str, Hook] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One request at an instant. `ids`: what the path names."""

    account: Account
    request: Request
    at: datetime
    ids: tuple[str, ...]

    def body(self) -> Any:
        try:
            return self.request.json()
        except ValueError:
            return None

    def charge(self, found: Charge | Problem, status: int = 200) -> Answer:
        if isinstance(found, Problem):
            return refused(found)
        return json_answer(render.charge(found, self.account.ledger.payee, self.account.plan), status)


Operation = Callable[[Call], Answer]


def refused(problem: Problem) -> Answer:
    answer = json_answer(render.problem(problem), problem.code)
    return Answer(answer.status, answer.body, PROBLEM)


def path_in(path: str) -> tuple[str, ...]:
    """The last segments of a path, from the collection on: before them each PSP has its own base.

    `/pix/api/v2/cobv/TXID` gives `("cobv", "TXID")`; what is none of ours gives `()`.
    """
    parts = tuple(path.strip("/").split("/"))
    if len(parts) >= 4 and parts[-4] == "pix" and parts[-2] == "devolucao":
        return parts[-4:]
    if len(parts) >= 2 and parts[-2] in _COLLECTIONS:
        return parts[-2:]
    return parts[-1:] if parts[-1] in _COLLECTIONS else ()


def operation(method: str, parts: tuple[str, ...]) -> tuple[str, Operation] | Problem:
    """The scope that a call needs, and what does it."""
    shape = (parts[0], len(parts)) if parts else ("", 0)
    found = OPERATIONS.get((method, *shape))
    if found is None:
        return Problem(404, "NaoEncontrado", "Operação desconhecida.")
    return f"{parts[0]}.{'read' if method == 'GET' else 'write'}", found


def arguments(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(unquote(part) for part in parts[1::2])


# charges


def _put(kind: Kind) -> Operation:
    def put(call: Call) -> Answer:
        (txid,), account = call.ids, call.account
        if account.plan.refuse_repeats and txid in account.ledger.charges:
            return refused(Problem(409, "TxidDuplicado", "O txid já está em uso."))
        return call.charge(account.ledger.put(kind, txid, call.body(), at=call.at), 201)

    return put


def _post(call: Call) -> Answer:
    return call.charge(call.account.ledger.create("cob", call.body(), at=call.at), 201)


def _patch(kind: Kind) -> Operation:
    return lambda call: call.charge(call.account.ledger.patch(kind, call.ids[0], call.body(), at=call.at))


def _get(kind: Kind) -> Operation:
    def get(call: Call) -> Answer:
        found = call.account.ledger.charge(kind, call.ids[0])
        revision = call.request.parameters.get("revisao")
        if revision is None or isinstance(found, Problem):
            return call.charge(found)
        if not revision.isdecimal() or int(revision) >= len(found.revisions):
            return refused(_bad_query(kind, "revisao", "A revisão inexiste.", revision))
        ledger, plan = call.account.ledger, call.account.plan
        return json_answer(render.charge(found, ledger.payee, plan, revision=int(revision)))

    return get


def _list(kind: Kind) -> Operation:
    def charges(call: Call) -> Answer:
        query = _Query.of(call, kind)
        if isinstance(query, Problem):
            return refused(query)
        account, wanted = call.account, query.wanted("status", "cpf", "cnpj")
        found = [
            charge
            for charge in account.ledger.created(kind, since=query.since, until=query.until)
            if all(_of_charge(charge, name) == value for name, value in wanted.items())
        ]
        page = [render.charge(one, account.ledger.payee, account.plan) for one in query.page(found)]
        return json_answer({"parametros": query.echo(len(found), wanted), "cobs": page})

    return charges


def _of_charge(charge: Charge, name: str) -> Any:
    return charge.status if name == "status" else charge.body.get("devedor", {}).get(name)


# Pix and devoluções


def _pix(call: Call) -> Pix | Problem:
    found = call.account.ledger.pix.get(call.ids[0])
    return found or Problem(404, "PixNaoEncontrado", "Pix não encontrado para o e2eid informado.")


def _get_pix(call: Call) -> Answer:
    found = _pix(call)
    return refused(found) if isinstance(found, Problem) else json_answer(render.pix(found, call.account.plan))


def _list_pix(call: Call) -> Answer:
    query = _Query.of(call, "pix")
    if isinstance(query, Problem):
        return refused(query)
    account, wanted = call.account, query.wanted("txid", "txIdPresente", "devolucaoPresente", "cpf", "cnpj")
    all_ids = account.ledger.received(since=query.since, until=query.until)
    if wanted:
        all_ids = [id for id in all_ids if _fits(account.ledger.pix[id], wanted)]
    page = [render.pix(account.ledger.pix[id], account.plan) for id in query.page(all_ids)]
    return json_answer({"parametros": query.echo(len(all_ids), wanted), "pix": page})


def _fits(pix: Pix, wanted: dict[str, Any]) -> bool:
    has = {"txid": pix.txid, "txIdPresente": pix.txid is not None, "devolucaoPresente": bool(pix.returns)}
    return all({**has, **pix.payer}.get(name) == value for name, value in wanted.items())


def _put_return(call: Call) -> Answer:
    pix, account = _pix(call), call.account
    if isinstance(pix, Problem):
        return refused(pix)
    asked = account.ledger.ask_return(pix, call.ids[1], call.body(), at=call.at)
    if isinstance(asked, Problem):
        return refused(asked)
    end(account, pix, asked, account.plan.returns_end, at=call.at)
    return json_answer(render.returned(asked), 201)


def end(account: Account, pix: Pix, returned: Return, status: str, *, at: datetime) -> None:
    """A devolução reaches `status`; the receiver hears of the two that are final, if the Pix names a charge."""
    reason = "Saldo insuficiente." if status == ledger.NOT_DONE else ""
    account.ledger.settle(returned, status, at=at, reason=reason)
    if status != ledger.PROCESSING:
        account.tell(pix)


def _get_return(call: Call) -> Answer:
    pix = _pix(call)
    found = [] if isinstance(pix, Problem) else [one for one in pix.returns if one.id == call.ids[1]]
    if not found:
        return refused(Problem(404, "PixDevolucaoNaoEncontrada", "Devolução não encontrada."))
    return json_answer(render.returned(found[0]))


# webhooks


def _put_hook(call: Call) -> Answer:
    key, body, account = call.ids[0], call.body(), call.account
    url = body.get("webhookUrl") if isinstance(body, dict) else None
    parts = urlsplit(url) if isinstance(url, str) else None
    wrong = []
    if key not in account.ledger.keys:
        wrong.append(Violation("chave", "A chave não pertence a este usuário recebedor.", key))
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        wrong.append(Violation("webhook.webhookUrl", "O campo webhookUrl não respeita o schema.", url))
    if wrong or not isinstance(url, str):
        return refused(Problem(400, "WebhookOperacaoInvalida", "O webhook não foi criado.", tuple(wrong)))
    account.hooks[key] = Hook(url, call.at)
    account.registered(url)
    return Answer(200)


def _hook(call: Call) -> Hook | Problem:
    missing = Problem(404, "WebhookNaoEncontrado", "Não há webhook para a chave informada.")
    return call.account.hooks.get(call.ids[0], missing)


def _get_hook(call: Call) -> Answer:
    found = _hook(call)
    if isinstance(found, Problem):
        return refused(found)
    said = {"webhookUrl": found.url, "chave": call.ids[0], "criacao": render.instant(found.created_at)}
    return json_answer(said)


def _delete_hook(call: Call) -> Answer:
    found = _hook(call)
    if isinstance(found, Problem):
        return refused(found)
    del call.account.hooks[call.ids[0]]
    return Answer(204)


# lists


def _bad_query(of: str, name: str, reason: str, value: Any) -> Problem:
    word = {"cob": "CobConsultaInvalida", "cobv": "CobVConsultaInvalida"}.get(of, "PixConsultaInvalida")
    return Problem(400, word, "Os parâmetros da consulta são inválidos.", (Violation(name, reason, value),))


@dataclass(frozen=True, slots=True)
class _Query:
    """A list's parameters, read and found good."""

    said: dict[str, str]
    since: datetime
    until: datetime
    number: int
    size: int

    @classmethod
    def of(cls, call: Call, kind: str) -> _Query | Problem:
        said = call.request.parameters
        since, until = _moment(said.get("inicio")), _moment(said.get("fim"))
        number = _whole(said.get("paginacao.paginaAtual", "0"), 0, 2**31)
        size = _whole(said.get("paginacao.itensPorPagina", str(_DEFAULT_PAGE)), 1, _LARGEST_PAGE)
        for name, value in (("inicio", since), ("fim", until)):
            if value is None:
                return _bad_query(kind, name, "O parâmetro falta ou não respeita a RFC 3339.", said.get(name))
        for name, count in (("paginacao.paginaAtual", number), ("paginacao.itensPorPagina", size)):
            if count is None:
                return _bad_query(kind, name, "O parâmetro não respeita o schema.", said.get(name))
        assert since and until and number is not None and size is not None
        if until < since:
            return _bad_query(kind, "fim", "O fim é anterior ao início.", said["fim"])
        if call.account.plan.refuse_future and until > call.at:
            return _bad_query(kind, "fim", "O fim está no futuro.", said["fim"])
        if "cpf" in said and "cnpj" in said:
            return _bad_query(kind, "cpf", "Os parâmetros cpf e cnpj não podem vir juntos.", said["cpf"])
        return cls(said, since, until, number, size)

    def wanted(self, *names: str) -> dict[str, Any]:
        """The filters that were given; `true` and `false` as such."""
        truth = {"true": True, "false": False}
        return {name: truth.get(self.said[name], self.said[name]) for name in names if name in self.said}

    def page(self, found: list[_Of]) -> list[_Of]:
        return found[self.number * self.size : (self.number + 1) * self.size]

    def echo(self, count: int, wanted: dict[str, Any]) -> dict[str, Any]:
        """`parametros` of the answer."""
        pages = {"paginaAtual": self.number, "itensPorPagina": self.size}
        pages |= {"quantidadeDePaginas": max(1, -(-count // self.size)), "quantidadeTotalDeItens": count}
        period = {"inicio": render.instant(self.since), "fim": render.instant(self.until)}
        return {**period, **wanted, "paginacao": pages}


def _moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text and "T" in text.upper() else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo else None


def _whole(text: str, least: int, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and least <= int(text) <= most else None


OPERATIONS: dict[tuple[str, str, int], Operation] = {
    ("PUT", "cobv", 2): _put("cobv"),
    ("PATCH", "cobv", 2): _patch("cobv"),
    ("GET", "cobv", 2): _get("cobv"),
    ("GET", "cobv", 1): _list("cobv"),
    ("PUT", "cob", 2): _put("cob"),
    ("PATCH", "cob", 2): _patch("cob"),
    ("GET", "cob", 2): _get("cob"),
    ("GET", "cob", 1): _list("cob"),
    ("POST", "cob", 1): _post,
    ("GET", "pix", 2): _get_pix,
    ("GET", "pix", 1): _list_pix,
    ("PUT", "pix", 4): _put_return,
    ("GET", "pix", 4): _get_return,
    ("PUT", "webhook", 2): _put_hook,
    ("GET", "webhook", 2): _get_hook,
    ("DELETE", "webhook", 2): _delete_hook,
}

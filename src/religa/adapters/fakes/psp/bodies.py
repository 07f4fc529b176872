"""What a charge may say: the rules of API Pix 2.9.0 for the bodies of `cob` and `cobv`, one violation for each breach.

Sources: the schemas and the lists of violations of `CobOperacaoInvalida` and `CobVOperacaoInvalida` in openapi.yaml.
Money is text on the wire, `^\\d{1,10}\\.\\d{2}$`, and centavos here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Kind = Literal["cob", "cobv"]
Body = Mapping[str, Any]

KEPT = ("calendario", "devedor", "valor", "chave", "solicitacaoPagador", "infoAdicionais", "loc")
TXID = re.compile(r"[a-zA-Z0-9]{26,35}")
RETURN_ID = re.compile(r"[a-zA-Z0-9]{1,35}")
_MONEY = re.compile(r"\d{1,10}\.\d{2}", re.ASCII)
_CPF, _CNPJ = re.compile(r"\d{11}", re.ASCII), re.compile(r"[0-9A-Z]{14}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MODES = {"multa": 2, "juros": 8, "abatimento": 2, "desconto": 6}
_LENGTHS = {"nome": 200, "logradouro": 200, "cidade": 200, "uf": 2, "cep": 8}


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach, as in `violacoes`: the field's path, the reason in Portuguese, the value as text."""

    field: str
    reason: str
    value: Any = None


def centavos(text: Any) -> int | None:
    """An amount of the wire in centavos; None for anything else (a number, a comma, no decimals)."""
    if not isinstance(text, str) or not _MONEY.fullmatch(text):
        return None
    return int(text.replace(".", ""))


def money(amount: int) -> str:
    """Centavos as they go over the wire."""
    return f"{amount // 100}.{amount % 100:02}"


def day_of(text: Any) -> date | None:
    """A day written `YYYY-MM-DD`; None for anything else."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) and _DAY.fullmatch(text) else None
    except ValueError:
        return None


def violations(kind: Kind, body: Any, *, created_on: date, keys: Collection[str]) -> tuple[Violation, ...]:
    """All that is wrong with a whole charge, created on a civil day by the holder of `keys`."""
    if not isinstance(body, Mapping):
        return (Violation(kind, "O corpo não é um objeto JSON."),)
    checks = (_common(body, keys), *((_cobv(body, created_on),) if kind == "cobv" else (_cob(body),)))
    return tuple(
        Violation(f"{kind}.{found.field}", found.reason, found.value) for check in checks for found in check
    )


def _schema(field: str, value: Any) -> Violation:
    return Violation(field, f"O campo {field} não respeita o schema.", value)


def _common(body: Body, keys: Collection[str]) -> Iterator[Violation]:
    key = body.get("chave")
    if not isinstance(key, str) or len(key) > 77:
        yield _schema("chave", key)
    elif key not in keys:
        yield Violation(
            "chave", "A chave corresponde a uma conta que não pertence a este usuário recebedor.", key
        )
    asked = body.get("solicitacaoPagador", "")
    if not _text(asked, 140):
        yield _schema("solicitacaoPagador", asked)
    more = body.get("infoAdicionais", [])
    if not isinstance(more, list) or len(more) > 50 or not all(_named(item) for item in more):
        yield _schema("infoAdicionais", more)


def _text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest


def _named(item: Any) -> bool:
    return isinstance(item, Mapping) and _text(item.get("nome"), 50) and _text(item.get("valor"), 200)


def _cob(body: Body) -> Iterator[Violation]:
    when = body.get("calendario")
    expires = when.get("expiracao", 86_400) if isinstance(when, Mapping) else None
    if type(expires) is not int or expires <= 0:
        yield Violation(
            "calendario.expiracao", "A expiração é igual ou menor que zero, ou não é um inteiro.", expires
        )
    if "devedor" in body:
        yield from _debtor(body["devedor"])
    value = body.get("valor")
    yield from _original(value)
    mode = value.get("modalidadeAlteracao", 0) if isinstance(value, Mapping) else 0
    if type(mode) is not int or mode not in (0, 1):
        yield _schema("valor.modalidadeAlteracao", mode)


def _original(value: Any) -> Iterator[Violation]:
    original = value.get("original") if isinstance(value, Mapping) else None
    amount = centavos(original)
    if amount is None:
        yield _schema("valor.original", original)
    elif amount == 0:
        yield Violation("valor.original", "O valor da cobrança é zero.", original)


def _cobv(body: Body, created_on: date) -> Iterator[Violation]:
    when = body.get("calendario")
    when = when if isinstance(when, Mapping) else {}
    due, payable = day_of(when.get("dataDeVencimento")), when.get("validadeAposVencimento", 30)
    if due is None:
        yield _schema("calendario.dataDeVencimento", when.get("dataDeVencimento"))
    elif due < created_on:
        yield Violation(
            "calendario.dataDeVencimento", "O vencimento é anterior à data de criação da cobrança.", due
        )
    if type(payable) is not int or payable < 0:
        yield Violation(
            "calendario.validadeAposVencimento", "A validade é menor que zero ou não é inteira.", payable
        )
    yield from _debtor(body.get("devedor"))
    value = body.get("valor")
    yield from _original(value)
    if isinstance(value, Mapping):
        yield from _late_terms(value)
        if "desconto" in value:
            yield from _discount(value["desconto"], centavos(value.get("original")) or 0, due or date.max)


def _debtor(debtor: Any) -> Iterator[Violation]:
    if not isinstance(debtor, Mapping):
        yield _schema("devedor", debtor)
        return
    cpf, cnpj = debtor.get("cpf"), debtor.get("cnpj")
    if (cpf is None) == (cnpj is None):
        yield Violation("devedor", "Informe devedor.cpf ou devedor.cnpj, nunca ambos.")
    for name, value, pattern in (("cpf", cpf, _CPF), ("cnpj", cnpj, _CNPJ)):
        if value is not None and not (isinstance(value, str) and pattern.fullmatch(value)):
            yield _schema(f"devedor.{name}", value)
    for name, longest in _LENGTHS.items():
        if not _text(debtor.get(name, None if name == "nome" else ""), longest):
            yield _schema(f"devedor.{name}", debtor.get(name))


def _late_terms(value: Body) -> Iterator[Violation]:
    for name in ("multa", "juros", "abatimento"):
        if name not in value:
            continue
        term = value[name]
        if not _has_mode(name, term) or centavos(term.get("valorPerc")) is None:
            yield _schema(f"valor.{name}", term)
        elif name == "abatimento" and _takes_all(
            term["modalidade"] == 2, term, centavos(value.get("original")) or 0
        ):
            yield Violation(
                "valor.abatimento", "O abatimento é maior ou igual ao valor original ou a 100%.", term
            )


def _has_mode(name: str, term: Any) -> bool:
    mode = term.get("modalidade") if isinstance(term, Mapping) else None
    return type(mode) is int and 1 <= mode <= _MODES[name]


def _takes_all(percent: bool, term: Body, original: int) -> bool:
    return (centavos(term["valorPerc"]) or 0) >= (100_00 if percent else original)


def _discount(discount: Any, original: int, due: date) -> Iterator[Violation]:
    if not _has_mode("desconto", discount):
        yield _schema("valor.desconto", discount)
        return
    dated, given = discount["modalidade"] <= 2, {"descontoDataFixa", "valorPerc"} & set(discount)
    if given != ({"descontoDataFixa"} if dated else {"valorPerc"}):
        yield Violation(
            "valor.desconto", "Modalidades 1 e 2 pedem só descontoDataFixa; 3 a 6, só valorPerc.", discount
        )
        return
    steps = discount["descontoDataFixa"] if dated else [discount]
    if not isinstance(steps, list) or not 1 <= len(steps) <= 3:
        yield _schema("valor.desconto.descontoDataFixa", steps)
        return
    percent = discount["modalidade"] in (2, 5, 6)
    for step in steps:
        yield from _step(step, percent=percent, dated=dated, original=original, due=due)


def _step(step: Any, *, percent: bool, dated: bool, original: int, due: date) -> Iterator[Violation]:
    until = day_of(step.get("data")) if dated and isinstance(step, Mapping) else None
    if not isinstance(step, Mapping) or centavos(step.get("valorPerc")) is None or (dated and until is None):
        yield _schema("valor.desconto", step)
        return
    if _takes_all(percent, step, original):
        yield Violation("valor.desconto", "O desconto é maior ou igual ao valor original ou a 100%.", step)
    if until is not None and until > due:
        yield Violation("valor.desconto", "O desconto tem data posterior ao vencimento.", until)


def merged(body: Body, change: Body) -> dict[str, Any]:
    """A charge after a PATCH: the members of `valor` and `calendario` are replaced one by one, all else whole."""
    result = dict(body)
    for name, value in change.items():
        if name in ("valor", "calendario") and isinstance(value, Mapping):
            result[name] = {**result.get(name, {}), **value}
        elif name in KEPT:
            result[name] = value
    return result

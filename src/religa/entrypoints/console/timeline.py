"""What happened to a contract, line by line, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from religa import wording
from religa.domain.contacts import About, Caller
from religa.domain.evidence import NO_EVIDENCE
from religa.domain.facts import Channel, Method, NoticeKind, Outcome, Status, UnlockKind
from religa.domain.money import format_reais
from religa.domain.proofs import ProofKind
from religa.domain.reasons import ClosedBecause, Why
from religa.entrypoints.common import causes, dossier_words
from religa.entrypoints.common.filters import address, channel_name
from religa.records.queries import Happening
from religa.records.queries.evidence import Proof
from religa.wording import Moments

Detail = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: `tone` and `icon` for the eye, `title` and `text` for the reader."""

    at: datetime
    icon: str
    tone: str
    title: str
    text: str = ""
    by: str = ""


def lines(happenings: list[Happening], proofs: dict[int, list[Proof]], *, moments: Moments) -> list[Line]:
    """Latest first. Rewrites of the narrow row that changed nothing people see are left out."""
    latest_first = sorted(happenings, key=lambda h: (h.at, h.detail.get("seq", 0)), reverse=True)
    return [_line(one, proofs, moments) for one in _seen(latest_first)]


def _seen(happenings: list[Happening]) -> Iterator[Happening]:
    """Without changes of access that only moved an end or a cause."""
    changes = [h for h in happenings if h.what == "access"]
    silent = {
        id(later)
        for later, earlier in pairwise(changes)
        if all(later.detail[k] == earlier.detail[k] for k in ("status", "access", "why"))
    }
    return (h for h in happenings if id(h) not in silent)


def _line(one: Happening, proofs: dict[int, list[Proof]], moments: Moments) -> Line:
    if one.what == "notice":
        icon, tone, title, text = _notice(one.detail, proofs, moments)
    else:
        icon, tone, title, text = _SAY.get(one.what, _unknown(one.what))(one.detail, moments)
    return Line(one.at, icon, tone, title, text, one.by)


Said = tuple[str, str, str, str]
Sayer = Callable[[Detail, Moments], Said]


def _unknown(what: str) -> Sayer:
    return lambda detail, moments: ("info", "info", what.replace("_", " ").capitalize(), "")


def _named(kind: type[StrEnum], value: object) -> str:
    """The name of a stored code; a code that this version does not know as it is."""
    try:
        return wording.say(kind(str(value)))
    except ValueError:
        return str(value)


def _instant(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None


def _until(detail: Detail, moments: Moments) -> str:
    end = _instant(detail.get("until"))
    return moments.until(end) if end else ""


def _access(detail: Detail, moments: Moments) -> Said:
    walled = detail["access"] in ("walled", "closed")
    tone = "bad" if walled else "good" if detail["status"] == Status.CURRENT else "warn"
    title = _named(Status, detail["status"])
    because = wording.say(Why(detail["why"])) if detail["why"] in set(Why) else str(detail["why"])
    cause = causes.said(detail.get("cause"))
    text = f"Porque {because}." + (f" Causa: {cause}." if cause else "")
    return ("wifi-off" if walled else "wifi", tone, title, text)


def _invoice(detail: Detail, moments: Moments) -> Said:
    due = date.fromisoformat(str(detail["due"]))
    return ("bill", "info", f"Conta {detail['invoice']} emitida", f"Vence em {due:%d/%m/%Y}.")


def _payment(detail: Detail, moments: Moments) -> Said:
    method = _named(Method, detail["method"])
    title = f"Pagamento de {format_reais(int(detail['amount']))}"
    return ("money", "good", title, f"{method}, {detail['payment']}.")


def _notice(detail: Detail, proofs: dict[int, list[Proof]], moments: Moments) -> Said:
    kept = proofs.get(int(detail["notice"]), [])
    proof = "; ".join(_proof(p, moments) for p in kept)
    opens = _instant(detail.get("opens_at"))
    block = f"Anunciou bloqueio {moments.starting(opens)}. " if opens else ""
    tone = "warn" if kept and kept[-1].evidence in NO_EVIDENCE else "info"
    title = _named(NoticeKind, detail["kind"])
    return ("mail", tone, title, f"{block}Prova: {proof or 'nenhuma ainda'}.{_by_hand(detail)}")


def _by_hand(detail: Detail) -> str:
    """` Carta registrada, recebida por Maria, código AA123456785BR.` for what no channel of ours carried."""
    proof = detail.get("by_hand")
    if not proof:
        return ""
    pieces = (
        ("código", "code"),
        ("protocolo", "protocol"),
        ("gravação", "recording"),
        ("guardada em", "reference"),
    )
    more = [f"{name} {proof[key]}" for name, key in pieces if proof[key]]
    said = [_named(ProofKind, proof["kind"]), f"recebida por {proof['received_by']}", *more]
    return f" {', '.join(said)}."


def _proof(proof: Proof, moments: Moments) -> str:
    local = proof.at.astimezone(moments.zone)
    way = f" por {channel_name(proof.channel)} a {address(proof.address)}" if proof.channel else ""
    return f"{wording.say(proof.evidence).lower()}{way} em {local:%d/%m/%Y %H:%M}"


def _suspension(detail: Detail, moments: Moments) -> Said:
    late = format_reais(int(detail["late"]))
    came = " Veio do sistema anterior." if detail.get("imported") else ""
    return ("lock", "bad", "Bloqueio aberto", f"{late} atrasados na abertura.{came}")


def _suspension_closed(detail: Detail, moments: Moments) -> Said:
    return ("unlock", "good", "Bloqueio encerrado", f"Porque {_named(ClosedBecause, detail['why'])}.")


def _trust(detail: Detail, moments: Moments) -> Said:
    kind, channel = _named(UnlockKind, detail["kind"]), _named(Channel, detail["channel"])
    return ("trust", "warn", "Liberação em confiança", f"{kind}, por {channel}, {_until(detail, moments)}.")


def _judged(detail: Detail, moments: Moments) -> Said:
    tone = "good" if detail["outcome"] == Outcome.KEPT else "warn"
    return ("trust", tone, "Fim da liberação em confiança", f"{_named(Outcome, detail['outcome'])}.")


def _protocol(detail: Detail, moments: Moments) -> Said:
    subject = dossier_words.subject(str(detail["subject"]))
    return ("message", "info", f"Protocolo {detail['number']}", f"{subject}.")


def _period(title: str, icon: str, tone: str) -> Sayer:
    def say(detail: Detail, moments: Moments) -> Said:
        parts = [_until(detail, moments), wording.hold_reason(str(detail.get("reason") or ""))]
        return (icon, tone, title, ": ".join(p for p in parts if p))

    return say


def _dispute(detail: Detail, moments: Moments) -> Said:
    amount = detail.get("amount")
    what = format_reais(int(amount)) if amount else "o valor todo"
    return ("message", "info", "Não concorda com a cobrança", f"Conta {detail['invoice']}, {what}.")


def _dispute_answered(detail: Detail, moments: Moments) -> Said:
    answer = "aceita: o valor foi cancelado" if detail["upheld"] else "recusada: os prazos continuam"
    return ("message", "info", "Contestação respondida", f"Conta {detail['invoice']}: {answer}.")


def _waiver(detail: Detail, moments: Moments) -> Said:
    what = _WAIVED.get(str(detail["kind"]), str(detail["kind"]))
    text = f"Conta {detail['invoice']}: {format_reais(int(detail['amount']))}. {detail['reason']}"
    return ("bill", "info", what, text)


_WAIVED = {
    "fine": "Multa perdoada",
    "interest": "Juros perdoados",
    "settlement": "Desconto para quitar",
    "bank_sum": "Acerto com a soma do banco",
}


def _adjustment(detail: Detail, moments: Moments) -> Said:
    return ("bill", "info", f"Conta {detail['invoice']} ajustada", format_reais(int(detail["amount"])))


def _contact(detail: Detail, moments: Moments) -> Said:
    title = "Contato corrigido" if detail["corrects"] else "Contato"
    who = _named(Caller, detail["caller"]) + (f" ({detail['name']})" if detail["name"] else "")
    promised = ""
    if detail["day"]:
        amount = f" {format_reais(int(detail['amount']))}" if detail["amount"] else ""
        promised = f" Prometeu pagar{amount} até {date.fromisoformat(str(detail['day'])):%d/%m/%Y}."
    about = _named(About, detail["about"])
    return ("phone", "info", f"{title} {detail['protocol']}", f"{who}: {about}.{promised} {detail['notes']}")


def _address_change(detail: Detail, moments: Moments) -> Said:
    what = "Telefone" if detail["kind"] == "phone" else "E-mail"
    was = f", antes {address(str(detail['old']))}" if detail["old"] else ""
    return ("user", "info", f"{what} corrigido", f"Agora {address(str(detail['new']))}{was}.")


_SAY: dict[str, Sayer] = {
    "contact": _contact,
    "address_change": _address_change,
    "dossier": lambda d, m: ("shield", "info", "Dossiê feito", f"{d['reason']}."),
    "access": _access,
    "invoice": _invoice,
    "payment": _payment,
    "payment_reversed": lambda d, m: (
        "money",
        "bad",
        "Pagamento estornado",
        f"{d['payment']}. {d['reason']}",
    ),
    "adjustment": _adjustment,
    "waiver": _waiver,
    "dispute": _dispute,
    "dispute_answered": _dispute_answered,
    "suspension": _suspension,
    "suspension_closed": _suspension_closed,
    "trust_unlock": _trust,
    "trust_judged": _judged,
    "pay_window": lambda d, m: ("clock", "info", "Janela para pagar", _until(d, m)),
    "agreement": lambda d, m: ("calendar", "info", "Acordo", f"{d['agreement']}."),
    "protocol": _protocol,
    "hold": _period("Não bloquear", "shield", "info"),
    "hold_ended": _period("Fim de “não bloquear”", "shield", "info"),
    "enforcement_off": _period("Bloqueio deste contrato desligado", "shield", "info"),
    "enforcement_off_ended": _period("Bloqueio deste contrato religado", "shield", "info"),
    "operator_block": _period("Bloqueado pelo provedor, não por dívida", "lock", "bad"),
    "operator_block_ended": _period("Fim do bloqueio do provedor", "unlock", "good"),
    "pause": _period("Pausa pedida pelo assinante", "pause", "info"),
    "pause_ended": _period("Fim da pausa", "play", "info"),
    "bar": _period("Liberação em confiança impedida", "lock", "warn"),
    "bar_ended": _period("Liberação em confiança permitida de novo", "unlock", "info"),
}

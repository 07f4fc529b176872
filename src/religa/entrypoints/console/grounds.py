"""The facts behind a decision, in words: what an agent reads out when somebody asks "why?"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from religa import wording
from religa.actions.look import View
from religa.domain import trust
from religa.domain.dunning import Claim
from religa.domain.episode import Episode
from religa.domain.facts import Channel, Notice, NoticeKind, Period, UnlockKind
from religa.domain.money import format_reais
from religa.domain.reasons import TrustRefusal, Why
from religa.domain.standing import Standing
from religa.domain.trust import Granted, Request, TrustRefused
from religa.entrypoints.console.undelivered import TO_DO, WHY
from religa.records.queries import undelivered
from religa.records.queries.incidents import faults_at
from religa.wording import Language, Moments, joined


class Weight(Enum):
    """What a fact does to access: an icon beside the sentence, never the only sign."""

    FOR = "for"
    AGAINST = "against"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Ground:
    """One fact as a sentence."""

    text: str
    weight: Weight = Weight.NEUTRAL


def of(view: View, *, at: datetime, moments: Moments) -> list[Ground]:
    """Every fact that matters for the decision now, debts first, the policy's numbers last."""
    standing = view.standing
    found = [
        *_faults(view, at, moments),
        *_debts(standing, at, moments),
        *_not_reached(view.loaded.contract_id, moments),
        *_suspension(standing, at, moments),
        *_unlocks(standing, at, moments),
        *_by_people(standing, at, moments),
        *_guard(standing, moments),
        *_trust_now(standing, at, moments),
        *_what_comes(view, moments),
    ]
    return found or [Ground("Não há conta em aberto nem nada que impeça o acesso.", Weight.FOR)]


def _faults(view: View, at: datetime, moments: Moments) -> Iterator[Ground]:
    """With the staff's own note, which subscribers do not read."""
    for fault in faults_at(view.loaded.contract_id, at) if view.standing.facts.incident else ():
        where = f"no roteador {fault.nas}" if fault.nas else "no município"
        yield Ground(f"Falha nossa {where} {moments.begun(fault.since)}: {fault.reason}.")


def _debts(standing: Standing, at: datetime, moments: Moments) -> Iterator[Ground]:
    for claim in standing.claims:
        invoice, left = claim.invoice, claim.principal
        owed = format_reais(left.undisputed + left.disputed)
        if not claim.is_late(at):
            yield Ground(f"Conta {_name(claim)}: {owed} em aberto, vence em {claim.due:%d/%m/%Y}.")
            continue
        yield Ground(
            f"Conta {_name(claim)}: venceu em {claim.due:%d/%m/%Y}, {owed} em aberto.", Weight.AGAINST
        )
        if left.disputed:
            yield Ground(
                f"O assinante não concorda com {format_reais(left.disputed)} dela: esse valor não bloqueia "
                "até ser respondido.",
                Weight.FOR,
            )
        if not left.suspendable:
            yield Ground("Não resta nela item de conexão: ela não justifica bloqueio.", Weight.FOR)
        yield from _notices(standing, claim, invoice.id, moments)


def _name(claim: Claim) -> str:
    reference = claim.invoice.reference
    month = f"de {wording.month(reference, language=Language.PT)} " if reference else ""
    return f"{month}({claim.invoice.id})"


def _notices(standing: Standing, claim: Claim, invoice_id: str, moments: Moments) -> Iterator[Ground]:
    legal = [n for n in standing.facts.notices if n.kind is NoticeKind.DEBT and invoice_id in n.invoices]
    for notice in legal:
        yield Ground(f"Notificação enviada {moments.on(notice.sent_at)}: {_proof(notice, moments)}.")
    if not claim.notified and standing.policy.notice_required_for_block:
        yield Ground("Ainda não há notificação com prova: sem ela não há bloqueio.", Weight.FOR)
    elif claim.block_from is not None and standing.episode is None:
        yield Ground(
            f"Esta conta pode justificar bloqueio {moments.starting(claim.block_from)}, "
            "no primeiro dia e hora permitidos."
        )


def _proof(notice: Notice, moments: Moments) -> str:
    if not notice.evidence:
        return "sem prova ainda"
    at, evidence = notice.evidence[-1]
    return f"{wording.say(evidence).lower()} em {at.astimezone(moments.zone):%d/%m/%Y}"


def _not_reached(contract_id: int, moments: Moments) -> Iterator[Ground]:
    for one in undelivered.of_contract(contract_id):
        yield Ground(
            f"{wording.say(NoticeKind(one.kind))} de {moments.day(one.given_at)} não entregue: o bloqueio espera. "
            f"{WHY[one.cause]} {TO_DO[one.cause]}",
            Weight.FOR,
        )
    for number, since in undelivered.wrong_phones_of(contract_id):
        yield Ground(f"O telefone de final {number[-4:]} é de outra pessoa, sabido {moments.begun(since)}.")


def _suspension(standing: Standing, at: datetime, moments: Moments) -> Iterator[Ground]:
    episode = standing.episode
    if episode is None:
        return
    opened = episode.suspension
    days = episode.blocked_time(at).days
    yield Ground(
        f"Bloqueio aberto {moments.on(opened.opened_at)} por {', '.join(opened.invoices) or 'conta importada'}; "
        f"{days} {'dia' if days == 1 else 'dias'} de bloqueio até agora.",
        Weight.AGAINST,
    )
    yield from _lock(episode, at)


def _lock(episode: Episode, at: datetime) -> Iterator[Ground]:
    lock = episode.lock(at)
    if lock is not None:
        yield Ground(
            f"Só volta com o pagamento ou a primeira parcela de um acordo, porque {wording.say(lock)}.",
            Weight.AGAINST,
        )


def _unlocks(standing: Standing, at: datetime, moments: Moments) -> Iterator[Ground]:
    for unlock in standing.facts.unlocks[-3:]:
        what = f"Liberação em confiança ({wording.say(unlock.kind).lower()})"
        if unlock.granted_at <= at < unlock.until:
            yield Ground(f"{what} valendo {moments.until(unlock.until)}.", Weight.FOR)
        else:
            outcome = wording.say(unlock.outcome).lower() if unlock.outcome else "ainda sem resultado"
            yield Ground(f"{what} dada {moments.on(unlock.granted_at)}: {outcome}.")


def _by_people(standing: Standing, at: datetime, moments: Moments) -> Iterator[Ground]:
    facts = standing.facts
    families: tuple[tuple[tuple[Period, ...], str, Weight], ...] = (
        (facts.holds, "Não bloquear", Weight.FOR),
        (facts.enforcement_off, "O bloqueio deste contrato está desligado", Weight.FOR),
        (facts.operator_blocks, "Bloqueado pelo provedor, não por dívida", Weight.AGAINST),
        (facts.pauses, "Em pausa a pedido do assinante", Weight.AGAINST),
        (facts.bars, "Liberação em confiança impedida pelo provedor", Weight.AGAINST),
    )
    for periods, what, weight in families:
        for period in periods:
            if period.covers(at):
                end = f" {moments.until(period.until)}" if period.until else ""
                reason = wording.hold_reason(period.reason) if periods is facts.holds else period.reason
                yield Ground(f"{what}{end}{f': {reason}' if reason else ''}.", weight)


def _guard(standing: Standing, moments: Moments) -> Iterator[Ground]:
    held = standing.facts.guard_hold
    if held is not None and standing.guard_holds:
        yield Ground(
            f"O bloqueio está retido {moments.since(held.since)}, porque {wording.guard_reason(held.reason)}.",
            Weight.FOR,
        )


_POINTLESS = {TrustRefusal.NOTHING_TO_UNLOCK, TrustRefusal.NOT_BLOCKED, TrustRefusal.PROMISE_OPEN}


def trust_now(standing: Standing, at: datetime) -> Granted | TrustRefused:
    """What an agent who asks on a promise would be answered."""
    asked = Request(UnlockKind.PROMISE, Channel.AGENT)
    return trust.may_unlock(standing.facts, standing.policy, standing.calendars, at, asked)


def _trust_now(standing: Standing, at: datetime, moments: Moments) -> Iterator[Ground]:
    answer = trust_now(standing, at)
    if isinstance(answer, Granted):
        yield Ground(f"Pode liberar em confiança agora, {moments.until(answer.until)}.", Weight.FOR)
    elif not _POINTLESS & set(answer.whys):
        whys = joined([wording.say(why) for why in answer.whys], Language.PT)
        again = f" Volta a poder {moments.starting(answer.eligible_at)}." if answer.eligible_at else ""
        yield Ground(f"Não pode liberar em confiança, porque {whys}.{again}")
    least = trust.least_payment(standing, at)
    if least:
        yield Ground(f"O menor Pix que religa agora é de {format_reais(least)}.", Weight.FOR)


def _what_comes(view: View, moments: Moments) -> Iterator[Ground]:
    decision = view.decision
    if decision.until is not None and decision.why is not Why.NOTHING_LATE:
        yield Ground(f"Se nada novo acontecer, a situação muda {moments.on(decision.until)}.")

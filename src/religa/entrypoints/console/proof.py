"""A notice that was given by hand, entered with its proof: a letter, a signature at the desk, a recorded call."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django import forms

from religa import wording
from religa.actions import prove_notice
from religa.actions.look import look
from religa.domain import proofs
from religa.domain.money import format_reais
from religa.domain.proofs import NotProven, Proof, ProofKind
from religa.domain.standing import Standing
from religa.entrypoints.common.bills import name_of
from religa.entrypoints.console import contact_forms, deeds
from religa.entrypoints.console.deeds import Asked, Deed, NotDone, Plan
from religa.entrypoints.console.staff import Desk, May
from religa.records.queries import Head
from religa.wording import Language


def _standing(desk: Desk, head: Head) -> Standing:
    return look(contract_id=head.contract_id, at=desk.at).standing


def _offer(form: forms.Form, desk: Desk, head: Head) -> None:
    """The invoices that are late now: of others there is nothing to notify."""
    late = proofs.late_claims(_standing(desk, head), desk.at)
    names = [
        (c.invoice.id, f"{name_of(c.invoice, desk.today)}: {format_reais(c.principal.undisputed)}, "
                       f"venceu em {c.due:%d/%m/%Y}")
        for c in late
    ]  # fmt: skip
    cast(contact_forms.Letter, form).offer(names)


def _proof(kind: ProofKind, standing: Standing, desk: Desk, asked: Asked) -> Proof:
    return Proof(
        kind,
        proofs.given_on(asked["dia"], standing, desk.at),
        asked["recebido_por"],
        tracking_code=asked.get("rastreio", ""),
        protocol=asked.get("protocolo", ""),
        recording=asked.get("gravacao", ""),
        reference=asked.get("onde", ""),
        scan_sha256=asked["sha256"],
        statement=contact_forms.TOLD,
    )


def _plan(kind: ProofKind) -> Callable[[Desk, Head, Asked], Plan]:
    def plan(desk: Desk, head: Head, asked: Asked) -> Plan:
        standing = _standing(desk, head)
        proof = prove_notice.tidy(_proof(kind, standing, desk, asked))
        title = wording.say(kind)
        answer = proofs.give(standing, asked["contas"], proof, desk.at)
        if isinstance(answer, NotProven):
            whys = wording.refused(answer.whys, language=Language.PT)
            return Plan(title, _rows(proof, desk, asked), "Tentar mesmo assim", whys, possible=False)
        opens = proofs.announced(standing, asked["contas"], proof.given_at)
        rows = _rows(proof, desk, asked)
        if opens is not None:
            rows.append(("Bloqueio possível", desk.moments.starting(opens)))
        return Plan(title, rows, "Registrar esta notificação", _WARNING)

    return plan


_WARNING = (
    "A data do bloqueio acima é a que o aviso precisa ter dito: se ele dizia outra mais tarde, não registre. Um "
    "registro não se apaga."
)


def _rows(proof: Proof, desk: Desk, asked: Asked) -> list[tuple[str, str]]:
    rows = [
        ("Contas", ", ".join(asked["contas"])),
        ("Recebido em", desk.moments.day(proof.given_at)),
        ("Recebido por", proof.received_by),
        ("Código de rastreio", proof.tracking_code),
        ("Protocolo da ligação", proof.protocol),
        ("Gravação", proof.recording),
        ("Onde está o papel", proof.reference),
        ("SHA-256 da cópia", proof.scan_sha256),
    ]
    return [(label, value) for label, value in rows if value]


def _do(kind: ProofKind) -> Callable[[Desk, Head, Asked], str]:
    def do(desk: Desk, head: Head, asked: Asked) -> str:
        answer = prove_notice.prove(
            contract_id=head.contract_id,
            invoices=asked["contas"],
            proof=_proof(kind, _standing(desk, head), desk, asked),
            at=desk.at,
            author=desk.name,
        )
        if isinstance(answer, NotProven):
            raise NotDone(wording.refused(answer.whys, language=Language.PT))
        return f"Notificação registrada: {wording.say(kind).lower()}."

    return do


def _deed(kind: ProofKind, form: type[forms.Form], intro: str) -> Deed:
    return Deed(
        f"Notificação dada por {_BY[kind]}", form, _plan(kind), _do(kind), intro, prepare=_offer,
    )  # fmt: skip


_BY = {
    ProofKind.LETTER: "carta",
    ProofKind.SIGNATURE: "assinatura no balcão",
    ProofKind.CALL: "ligação gravada",
}
LETTER = _deed(
    ProofKind.LETTER,
    contact_forms.Letter,
    "Carta com aviso de recebimento, já entregue. O prazo conta do dia em que ela foi recebida.",
)
SIGNATURE = _deed(
    ProofKind.SIGNATURE,
    contact_forms.Signature,
    "O titular leu o aviso e assinou uma via no balcão.",
)
CALL = _deed(
    ProofKind.CALL,
    contact_forms.Call,
    "Ligação gravada em que o titular ouviu o aviso inteiro. Recado com outra pessoa não vale.",
)
letter = deeds.page_of(LETTER, May.PROVE)
signature = deeds.page_of(SIGNATURE, May.PROVE)
call = deeds.page_of(CALL, May.PROVE)

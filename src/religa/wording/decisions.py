"""A decision in one or two sentences: online or not, for debt or for something else, why, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum

from religa.domain.access import Decision
from religa.domain.facts import Access, Status
from religa.domain.reasons import Why
from religa.wording import faults
from religa.wording.faults import Beside, Fault
from religa.wording.language import Words
from religa.wording.moments import Moments
from religa.wording.reasons import REASONS


class Reader(Enum):
    """Who reads: the one whose internet it is, or somebody at the provider."""

    SUBSCRIBER = Words("Sua internet", "Your internet", "Su internet")
    STAFF = Words("A internet deste contrato", "This contract's internet", "El internet de este contrato")


class Cause(StrEnum):
    """What lies behind an answer, for a badge: debt, something else, or nothing."""

    DEBT = "debt"
    OTHER = "other"
    NOTHING = "nothing"


_OTHER = {Why.OPERATOR_BLOCK, Why.PAUSED_BY_SUBSCRIBER, Why.TERMINATED}


def cause(why: Why) -> Cause:
    """Whether a reason is about money."""
    if why is Why.NOTHING_LATE:
        return Cause.NOTHING
    return Cause.OTHER if why in _OTHER else Cause.DEBT


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known beside the decision. `since`: when this began; `months`: references of late invoices; `fault`: one
    of ours that is open there; `bank_silent`: it is held because its bank told of a payment and says no more."""

    since: datetime | None = None
    months: tuple[str, ...] = ()
    fault: Fault | None = None
    bank_silent: bool = False


_NOTHING_KNOWN = Circumstances()


class _Case(Enum):
    """The situations that need words of their own."""

    TERMINATED = "terminated"
    PAUSED = "paused"
    DISPUTED = "disputed"
    HOLD = "hold"
    BANK_SILENT = "bank_silent"
    ENFORCEMENT_OFF = "enforcement_off"
    GUARD = "guard"
    INCIDENT = "incident"
    TRUST_OVER_BLOCK = "trust_over_block"
    TRUST_BEFORE_BLOCK = "trust_before_block"
    PAY_WINDOW = "pay_window"
    OPERATOR_BLOCK = "operator_block"
    LOCKED = "locked"
    BLOCKED = "blocked"
    REDUCED = "reduced"
    WAITS_FOR_SLOT = "waits_for_slot"
    LATE = "late"
    CURRENT = "current"


_BY_WHY = {
    Why.OPERATOR_BLOCK: _Case.OPERATOR_BLOCK,
    Why.ENFORCEMENT_OFF: _Case.ENFORCEMENT_OFF,
    Why.GUARD: _Case.GUARD,
    Why.INCIDENT: _Case.INCIDENT,
    Why.HOLD: _Case.HOLD,
    Why.WAITS_FOR_SLOT: _Case.WAITS_FOR_SLOT,
    Why.REDUCED_FOR_DEBT: _Case.REDUCED,
}
_BY_STATUS = {
    Status.TERMINATED: _Case.TERMINATED,
    Status.PAUSED: _Case.PAUSED,
    Status.DISPUTED: _Case.DISPUTED,
    Status.LOCKED: _Case.LOCKED,
    Status.BLOCKED: _Case.BLOCKED,
    Status.CURRENT: _Case.CURRENT,
}


def _case(decision: Decision, known: Circumstances) -> _Case:
    if decision.why is Why.HOLD and known.bank_silent:
        return _Case.BANK_SILENT
    if decision.why in _BY_WHY:
        return _BY_WHY[decision.why]
    if decision.status is Status.TRUSTED:
        ends_walled = decision.access_then is Access.WALLED
        return _Case.TRUST_OVER_BLOCK if ends_walled else _Case.TRUST_BEFORE_BLOCK
    if decision.status in (Status.BLOCKED, Status.LOCKED) and decision.access is Access.FULL:
        return _Case.PAY_WINDOW
    return _BY_STATUS.get(decision.status, _Case.LATE)


# While a fault of ours is open we do not say that it works.
_WORKS = Words("está funcionando", "is working", "está funcionando")
_IS_NOT_BLOCKED = Words("não está bloqueada", "is not blocked", "no está cortado")

# {s}: whose internet; {works}: what is said of a line that is open; {why}: the reason as a clause; {since}, {bill},
# {months}, {until}: may be empty.
_NOW = {
    _Case.CURRENT: Words(
        "{s} {works} e não há conta atrasada.",
        "{s} {works} and no bill is late.",
        "{s} {works} y no hay facturas vencidas.",
    ),
    _Case.LATE: Words(
        "{s} {works}, mas há conta atrasada{months}.",
        "{s} {works}, but a bill is late{months}.",
        "{s} {works}, pero hay una factura vencida{months}.",
    ),
    _Case.WAITS_FOR_SLOT: Words(
        "{s} {works}, mas há conta atrasada{months} e o bloqueio vai voltar.",
        "{s} {works}, but a bill is late{months} and the block will return.",
        "{s} {works}, pero hay una factura vencida{months} y el corte va a volver.",
    ),
    _Case.REDUCED: Words(
        "{s} está funcionando com velocidade reduzida{since} porque há conta atrasada{months}.",
        "{s} is working at reduced speed{since} because a bill is late{months}.",
        "{s} está funcionando con velocidad reducida{since} porque hay una factura vencida{months}.",
    ),
    _Case.BLOCKED: Words(
        "{s} está bloqueada{since} por falta de pagamento{bill}, mas o contrato continua ativo: "
        "nada foi cancelado.",
        "{s} is blocked{since} for lack of payment{bill}, but the contract is still active: "
        "nothing was cancelled.",
        "{s} está cortado{since} por falta de pago{bill}, pero el contrato sigue activo: no se canceló nada.",
    ),
    _Case.LOCKED: Words(
        "{s} está bloqueada{since} até o pagamento, porque {why}{bill}, mas o contrato continua ativo: "
        "nada foi cancelado.",
        "{s} is blocked{since} until payment, because {why}{bill}, but the contract is still active: "
        "nothing was cancelled.",
        "{s} está cortado{since} hasta el pago, porque {why}{bill}, pero el contrato sigue activo: "
        "no se canceló nada.",
    ),
    _Case.OPERATOR_BLOCK: Words(
        "{s} está bloqueada{since} pelo provedor por um motivo que não é falta de pagamento: "
        "é preciso falar com o atendimento.",
        "{s} is blocked{since} by the provider for a reason other than debt: please call customer service.",
        "{s} está cortado{since} por el proveedor por un motivo que no es falta de pago: "
        "hay que hablar con atención al cliente.",
    ),
    _Case.PAY_WINDOW: Words(
        "{s} está aberta por alguns minutos para o pagamento.",
        "{s} is open for a few minutes so that the bill can be paid.",
        "{s} está abierto por unos minutos para el pago.",
    ),
    _Case.TRUST_OVER_BLOCK: Words(
        "{s} {works}: foi liberada em confiança{until}.",
        "{s} {works}: it was opened on trust{until}.",
        "{s} {works}: fue liberado por confianza{until}.",
    ),
    _Case.TRUST_BEFORE_BLOCK: Words(
        "{s} {works}, com liberação em confiança{until}.",
        "{s} {works}, with a trust unlock{until}.",
        "{s} {works}, con liberación por confianza{until}.",
    ),
    _Case.HOLD: Words(
        "{s} {works}: há conta atrasada{months}, mas o provedor se comprometeu a não bloquear{until}.",
        "{s} {works}: a bill is late{months}, but the provider has undertaken not to block{until}.",
        "{s} {works}: hay una factura vencida{months}, pero el proveedor se comprometió a no cortar{until}.",
    ),
    _Case.BANK_SILENT: Words(
        "{s} {works}: o banco avisou um pagamento e ainda não confirmou, e enquanto isso não há bloqueio{until}.",
        "{s} {works}: the bank has told of a payment and has not confirmed it yet; it is not blocked{until}.",
        "{s} {works}: el banco avisó de un pago y aún no lo confirmó; mientras tanto no hay corte{until}.",
    ),
    _Case.ENFORCEMENT_OFF: Words(
        "{s} {works}: há conta atrasada{months}, mas o bloqueio deste contrato está desligado.",
        "{s} {works}: a bill is late{months}, but blocking is switched off for this contract.",
        "{s} {works}: hay una factura vencida{months}, pero el corte de este contrato está desactivado.",
    ),
    _Case.GUARD: Words(
        "{s} {works}: há conta atrasada{months}, mas o bloqueio aguarda a conferência do provedor.",
        "{s} {works}: a bill is late{months}, but the block waits to be checked by the provider.",
        "{s} {works}: hay una factura vencida{months}, pero el corte espera la revisión del proveedor.",
    ),
    _Case.INCIDENT: Words(
        "{s} {works}: há conta atrasada{months}, mas ninguém é bloqueado enquanto durar a falha na região.",
        "{s} {works}: a bill is late{months}, but nobody is blocked while the fault in the area lasts.",
        "{s} {works}: hay una factura vencida{months}, "
        "pero no se corta a nadie mientras dure la falla en la zona.",
    ),
    _Case.DISPUTED: Words(
        "{s} {works}: a cobrança contestada está em análise e não bloqueia enquanto não for respondida.",
        "{s} {works}: the disputed charge is under review and does not block until it is answered.",
        "{s} {works}: el cobro reclamado está en revisión y no corta hasta que sea respondido.",
    ),
    _Case.PAUSED: Words(
        "{s} está em pausa{since} a pedido do assinante.",
        "{s} is paused{since} at the subscriber's request.",
        "{s} está en pausa{since} a pedido del abonado.",
    ),
    _Case.TERMINATED: Words(
        "O contrato foi encerrado e a internet está desligada.",
        "The contract has ended and the internet is switched off.",
        "El contrato finalizó y el internet está desconectado.",
    ),
}

_NEXT = {
    _Case.CURRENT: Words(
        "A próxima conta pode ser paga sem multa {until}.",
        "The next bill can be paid without a fine {until}.",
        "La próxima factura se puede pagar sin multa {until}.",
    ),
    _Case.LATE: Words(
        "Sem pagamento, pode ser bloqueada {starting}.",
        "Without payment it may be blocked {starting}.",
        "Sin pago, puede cortarse {starting}.",
    ),
    _Case.WAITS_FOR_SLOT: Words(
        "Sem pagamento, será bloqueada de novo {on}.",
        "Without payment it will be blocked again {on}.",
        "Sin pago, se cortará de nuevo {on}.",
    ),
    _Case.REDUCED: Words(
        "Sem pagamento, pode ser bloqueada {starting}.",
        "Without payment it may be blocked {starting}.",
        "Sin pago, puede cortarse {starting}.",
    ),
    _Case.BLOCKED: Words(
        "Sem pagamento {until}, deixa de ser possível liberar em confiança.",
        "Without payment {until}, a trust unlock will no longer be possible.",
        "Sin pago {until}, ya no será posible liberar por confianza.",
    ),
    _Case.LOCKED: Words("", "", ""),
    _Case.OPERATOR_BLOCK: Words("", "", ""),
    _Case.PAY_WINDOW: Words(
        "Sem pagamento, volta a ficar bloqueada {on}.",
        "Without payment it will be blocked again {on}.",
        "Sin pago, vuelve a cortarse {on}.",
    ),
    _Case.TRUST_OVER_BLOCK: Words(
        "Sem pagamento até lá, será bloqueada de novo.",
        "Without payment by then it will be blocked again.",
        "Sin pago hasta entonces, se cortará de nuevo.",
    ),
    _Case.TRUST_BEFORE_BLOCK: Words(
        "Sem pagamento até lá, pode ser bloqueada.",
        "Without payment by then it may be blocked.",
        "Sin pago hasta entonces, puede cortarse.",
    ),
    _Case.HOLD: Words("", "", ""),
    _Case.BANK_SILENT: Words("", "", ""),
    _Case.ENFORCEMENT_OFF: Words("", "", ""),
    _Case.GUARD: Words("", "", ""),
    _Case.INCIDENT: Words("", "", ""),
    _Case.DISPUTED: Words(
        "Se não houver resposta antes, a situação é revista {on}.",
        "If there is no answer before, this is looked at again {on}.",
        "Si no hay respuesta antes, la situación se revisa {on}.",
    ),
    _Case.PAUSED: Words("Volta {on}.", "It returns {on}.", "Vuelve {on}."),
    _Case.TERMINATED: Words("", "", ""),
}

_ALWAYS = {  # said where the decision has no end of its own: what brings the internet back
    _Case.BLOCKED: Words(
        "Ela volta sozinha assim que o pagamento for confirmado, em qualquer dia e hora.",
        "It returns by itself as soon as payment is confirmed, on any day and at any hour.",
        "Vuelve solo apenas se confirme el pago, cualquier día y a cualquier hora.",
    ),
    _Case.LOCKED: Words(
        "Ela volta com o pagamento de tudo o que está atrasado ou com a primeira parcela de um acordo.",
        "It returns with payment of all that is late or with the first instalment of an agreement.",
        "Vuelve con el pago de todo lo vencido o con la primera cuota de un acuerdo.",
    ),
}

_ALWAYS_AT_FAULT = {  # the block ends, which is all that money can do
    _Case.BLOCKED: Words(
        "O bloqueio acaba sozinho assim que o pagamento for confirmado, em qualquer dia e hora.",
        "The block ends by itself as soon as payment is confirmed, on any day and at any hour.",
        "El corte termina solo apenas se confirme el pago, cualquier día y a cualquier hora.",
    ),
    _Case.LOCKED: Words(
        "O bloqueio acaba com o pagamento de tudo o que está atrasado ou com a primeira parcela de um acordo.",
        "The block ends with payment of all that is late or with the first instalment of an agreement.",
        "El corte termina con el pago de todo lo vencido o con la primera cuota de un acuerdo.",
    ),
}

_BILL_ONE = Words(" (conta de {months})", " ({months} bill)", " (factura de {months})")
_BILL_MANY = Words(" (contas de {months})", " ({months} bills)", " (facturas de {months})")


def explain(
    decision: Decision,
    *,
    moments: Moments,
    reader: Reader = Reader.SUBSCRIBER,
    known: Circumstances = _NOTHING_KNOWN,
) -> str:
    """The decision in one or two sentences, in the language and zone of `moments`."""
    return " ".join(explained(decision, moments=moments, reader=reader, known=known))


def explained(
    decision: Decision,
    *,
    moments: Moments,
    reader: Reader = Reader.SUBSCRIBER,
    known: Circumstances = _NOTHING_KNOWN,
) -> tuple[str, ...]:
    """The same, sentence by sentence: a fault of ours, what is, what comes at `until`, what brings it back."""
    case = _case(decision, known)
    language, until = moments.language, decision.until
    always = _ALWAYS if known.fault is None else _ALWAYS_AT_FAULT
    now = (
        _NOW[case]
        .in_(language)
        .format(
            s=reader.value.in_(language),
            works=(_WORKS if known.fault is None else _IS_NOT_BLOCKED).in_(language),
            why=REASONS[Why][decision.why].in_(language),
            since="" if known.since is None else f" {moments.since(known.since)},",
            until="" if until is None else " " + moments.until(until),
            bill=_bill(moments, known.months),
            months=f" ({moments.months(known.months)})" if known.months else "",
        )
    )
    parts = (
        *_fault(decision, known, reader, moments),
        now,
        _then(case, moments, until),
        always[case].in_(language) if case in always else "",
    )
    return tuple(part for part in parts if part)


def _fault(decision: Decision, known: Circumstances, reader: Reader, moments: Moments) -> tuple[str, ...]:
    """A fault of ours comes before anything about debt; to a contract that is paused or over it says nothing."""
    if known.fault is None or decision.access is Access.CLOSED:
        return ()
    say = faults.to_staff if reader is Reader.STAFF else faults.to_subscriber
    return say(known.fault, beside(decision), moments)


def beside(decision: Decision) -> Beside:
    """What there is to say of a contract beside a fault of ours; a window to pay is still a block."""
    behind = cause(decision.why)
    if behind is not Cause.DEBT:
        return Beside.OTHER_BLOCK if behind is Cause.OTHER else Beside.NOTHING
    shut = decision.access is not Access.FULL or decision.status in (Status.BLOCKED, Status.LOCKED)
    return Beside.SHUT_FOR_DEBT if shut else Beside.DEBT


def _then(case: _Case, moments: Moments, until: datetime | None) -> str:
    """What comes at the end, if there is one."""
    if until is None:
        return ""
    words = _NEXT[case].in_(moments.language)
    return words.format(until=moments.until(until), on=moments.on(until), starting=moments.starting(until))


def _bill(moments: Moments, references: tuple[str, ...]) -> str:
    if not references:
        return ""
    words = _BILL_ONE if len(references) == 1 else _BILL_MANY
    return words.in_(moments.language).format(months=moments.months(references))

"""Each reason code as a clause: no capital at the start, no full stop, so that it can follow "porque"."""

from __future__ import annotations

from enum import StrEnum

from religa.domain.billing import Nothing, Problem
from religa.domain.reasons import ClosedBecause, Refusal, TrustRefusal, Why
from religa.wording.billing import NOTHING, PROBLEMS
from religa.wording.desk_refusals import DESK_REFUSALS
from religa.wording.language import Words
from religa.wording.own_deeds import OWN_REFUSALS

_WHY: dict[StrEnum, Words] = {
    Why.NOTHING_LATE: Words("não há conta atrasada", "no bill is late", "no hay facturas vencidas"),
    Why.LATE_DEBT: Words("há conta atrasada", "a bill is late", "hay una factura vencida"),
    Why.REDUCED_FOR_DEBT: Words(
        "há conta atrasada e a velocidade foi reduzida",
        "a bill is late and the speed was reduced",
        "hay una factura vencida y se redujo la velocidad",
    ),
    Why.WAITS_FOR_SLOT: Words(
        "há conta atrasada e o bloqueio só pode voltar em dia e hora permitidos",
        "a bill is late and the block may only return on a permitted day and hour",
        "hay una factura vencida y el corte solo puede volver en día y hora permitidos",
    ),
    Why.DEBT: Words("há conta atrasada", "a bill is late", "hay una factura vencida"),
    Why.BROKEN_TRUST: Words(
        "a última liberação em confiança não foi paga",
        "the last trust unlock was not paid",
        "la última liberación por confianza no fue pagada",
    ),
    Why.LATE_TOO_LONG: Words(
        "a conta está atrasada há muito tempo",
        "the bill has been late for a long time",
        "la factura está vencida desde hace mucho tiempo",
    ),
    Why.BLOCKED_TOO_LONG: Words(
        "o bloqueio já dura muito tempo",
        "the block has lasted for a long time",
        "el corte ya dura mucho tiempo",
    ),
    Why.TRUST: Words(
        "foi dada uma liberação em confiança",
        "a trust unlock was granted",
        "se dio una liberación por confianza",
    ),
    Why.HOLD: Words(
        "o provedor se comprometeu a não bloquear até uma data",
        "the provider has undertaken not to block until a date",
        "el proveedor se comprometió a no cortar hasta una fecha",
    ),
    Why.ENFORCEMENT_OFF: Words(
        "o bloqueio deste contrato está desligado",
        "blocking is switched off for this contract",
        "el corte de este contrato está desactivado",
    ),
    Why.GUARD: Words(
        "o bloqueio aguarda a conferência de uma pessoa do provedor",
        "the block waits to be checked by a person at the provider",
        "el corte espera la revisión de una persona del proveedor",
    ),
    Why.INCIDENT: Words(
        "há uma falha na região e ninguém é bloqueado enquanto ela durar",
        "there is a fault in the area and nobody is blocked while it lasts",
        "hay una falla en la zona y no se corta a nadie mientras dure",
    ),
    Why.DISPUTED: Words(
        "a cobrança foi contestada e está em análise",
        "the charge is disputed and under review",
        "el cobro fue reclamado y está en revisión",
    ),
    Why.OPERATOR_BLOCK: Words(
        "o provedor bloqueou por um motivo que não é falta de pagamento",
        "the provider blocked it for a reason other than debt",
        "el proveedor lo cortó por un motivo que no es falta de pago",
    ),
    Why.PAUSED_BY_SUBSCRIBER: Words(
        "o assinante pediu uma pausa", "the subscriber asked for a pause", "el abonado pidió una pausa"
    ),
    Why.TERMINATED: Words("o contrato foi encerrado", "the contract has ended", "el contrato finalizó"),
}

_CLOSED_BECAUSE: dict[StrEnum, Words] = {
    ClosedBecause.SETTLED: Words("a conta foi paga", "the bill was paid", "la factura fue pagada"),
    ClosedBecause.AGREEMENT: Words(
        "a primeira parcela do acordo foi paga",
        "the first instalment of the agreement was paid",
        "se pagó la primera cuota del acuerdo",
    ),
    ClosedBecause.PERCENT_PAID: Words(
        "foi paga a parte da dívida que o provedor pede",
        "the part of the debt that the provider asks for was paid",
        "se pagó la parte de la deuda que pide el proveedor",
    ),
    ClosedBecause.BELOW_TRIGGER: Words(
        "o que resta não justifica mais o bloqueio",
        "what is left no longer justifies the block",
        "lo que queda ya no justifica el corte",
    ),
    ClosedBecause.NO_EVIDENCE: Words(
        "soubemos que a notificação não chegou",
        "it became known that the notice did not arrive",
        "se supo que la notificación no llegó",
    ),
    ClosedBecause.HOLDER_CHANGED: Words(
        "o contrato mudou de titular", "the contract has a new holder", "el contrato cambió de titular"
    ),
    ClosedBecause.TERMINATED: Words(
        "o contrato foi encerrado", "the contract has ended", "el contrato finalizó"
    ),
}

_TRUST_REFUSAL: dict[StrEnum, Words] = {
    TrustRefusal.TERMINATED: Words(
        "o contrato foi encerrado", "the contract has ended", "el contrato finalizó"
    ),
    TrustRefusal.PAUSED: Words(
        "o contrato está em pausa a pedido do assinante",
        "the contract is paused at the subscriber's request",
        "el contrato está en pausa a pedido del abonado",
    ),
    TrustRefusal.POLICY_OFF: Words(
        "este tipo de liberação em confiança não é oferecido",
        "this kind of trust unlock is not offered",
        "este tipo de liberación por confianza no se ofrece",
    ),
    TrustRefusal.NOTHING_TO_UNLOCK: Words(
        "não há conta de internet atrasada",
        "no internet bill is late",
        "no hay facturas de internet vencidas",
    ),
    TrustRefusal.PROMISE_OPEN: Words(
        "já existe uma liberação em confiança valendo",
        "a trust unlock is already running",
        "ya hay una liberación por confianza vigente",
    ),
    TrustRefusal.NOT_BLOCKED: Words(
        "a internet não está bloqueada", "the internet is not blocked", "internet no está cortado"
    ),
    TrustRefusal.QUOTA_EPISODE: Words(
        "a liberação em confiança deste bloqueio já foi usada",
        "the trust unlock of this block has been used",
        "la liberación por confianza de este corte ya fue usada",
    ),
    TrustRefusal.QUOTA_WINDOW: Words(
        "houve outra liberação em confiança há pouco tempo",
        "there was another trust unlock not long ago",
        "hubo otra liberación por confianza hace poco",
    ),
    TrustRefusal.BROKEN_PROMISE_COOLDOWN: Words(
        "uma liberação anterior não foi paga no prazo, e é preciso esperar para pedir outra",
        "an earlier unlock was not paid in time, and another one has to wait",
        "una liberación anterior no se pagó a tiempo y hay que esperar para pedir otra",
    ),
    TrustRefusal.PREVIOUS_PROMISE_UNPAID: Words(
        "a conta da última liberação ainda não foi paga",
        "the bill of the last unlock has not been paid yet",
        "la factura de la última liberación aún no fue pagada",
    ),
    TrustRefusal.DEBT_ABOVE_CEILING: Words(
        "o valor atrasado passa do limite para liberar em confiança",
        "the amount that is late is above the limit for trust unlocks",
        "el monto vencido supera el límite para liberar por confianza",
    ),
    TrustRefusal.TOO_MANY_LATE_INVOICES: Words(
        "há mais contas atrasadas do que o permitido para liberar em confiança",
        "more bills are late than trust unlocks allow",
        "hay más facturas vencidas de las permitidas para liberar por confianza",
    ),
    TrustRefusal.CONTRACT_TOO_YOUNG: Words(
        "o contrato ainda é muito novo para liberar em confiança",
        "the contract is still too new for a trust unlock",
        "el contrato es aún muy nuevo para liberar por confianza",
    ),
    TrustRefusal.CHANNEL_NOT_ALLOWED: Words(
        "a liberação em confiança não pode ser pedida por este canal",
        "a trust unlock cannot be asked for through this channel",
        "la liberación por confianza no se puede pedir por este canal",
    ),
    TrustRefusal.PROMISE_DATE_OUT_OF_RANGE: Words(
        "a data escolhida está fora do prazo permitido",
        "the chosen date is outside the allowed range",
        "la fecha elegida está fuera del plazo permitido",
    ),
    TrustRefusal.RECEIPT_ALREADY_USED: Words(
        "este comprovante já foi usado em outro pedido",
        "this receipt was already used in another request",
        "este comprobante ya se usó en otro pedido",
    ),
    TrustRefusal.OPERATOR_BLOCK: Words(
        "o bloqueio não é por falta de pagamento e precisa ser visto com o atendimento",
        "the block is not for debt and has to be settled with customer service",
        "el corte no es por falta de pago y debe verse con atención al cliente",
    ),
    TrustRefusal.LOCKED: Words(
        "agora a internet só volta com o pagamento ou com a primeira parcela de um acordo",
        "the internet now returns only with payment or the first instalment of an agreement",
        "ahora internet solo vuelve con el pago o con la primera cuota de un acuerdo",
    ),
    TrustRefusal.BARRED_BY_OPERATOR: Words(
        "o provedor não permite liberação em confiança neste contrato",
        "the provider does not allow trust unlocks for this contract",
        "el proveedor no permite la liberación por confianza en este contrato",
    ),
}

_REFUSAL: dict[StrEnum, Words] = {
    Refusal.UNKNOWN_INVOICE: Words(
        "a conta não foi encontrada", "the bill was not found", "no se encontró la factura"
    ),
    Refusal.INVOICE_CLOSED: Words(
        "a conta já foi fechada", "the bill is closed", "la factura ya está cerrada"
    ),
    Refusal.INVOICE_EXISTS: Words(
        "já existe uma conta com este número",
        "there is already a bill with this number",
        "ya existe una factura con este número",
    ),
    Refusal.AMOUNT_NOT_POSITIVE: Words(
        "o valor precisa ser maior que zero",
        "the amount must be more than zero",
        "el monto debe ser mayor que cero",
    ),
    Refusal.UNKNOWN_PAYMENT: Words(
        "o pagamento não foi encontrado", "the payment was not found", "no se encontró el pago"
    ),
    Refusal.PAYMENT_SEEN_BEFORE: Words(
        "este pagamento já foi registrado",
        "this payment was already recorded",
        "este pago ya fue registrado",
    ),
    Refusal.PAYMENT_REVERSED: Words(
        "o pagamento já foi estornado", "the payment was already reversed", "el pago ya fue devuelto"
    ),
    Refusal.NOT_WRITTEN_OFF: Words(
        "a conta não foi baixada como perda", "the bill was not written off", "la factura no fue dada de baja"
    ),
    Refusal.ALREADY_DISPUTED: Words(
        "esta cobrança já está em análise",
        "this charge is already under review",
        "este cobro ya está en revisión",
    ),
    Refusal.NOT_DISPUTED: Words(
        "a cobrança não foi contestada", "the charge is not disputed", "el cobro no fue reclamado"
    ),
    Refusal.AMOUNT_ABOVE_OPEN: Words(
        "o valor é maior que o que está em aberto",
        "the amount is more than what is open",
        "el monto es mayor que lo pendiente",
    ),
    Refusal.NO_INSTALMENTS: Words(
        "o acordo não tem parcelas", "the agreement has no instalments", "el acuerdo no tiene cuotas"
    ),
    Refusal.AGREEMENT_EXISTS: Words(
        "já existe um acordo com este número",
        "there is already an agreement with this number",
        "ya existe un acuerdo con este número",
    ),
    Refusal.NO_OPEN_UNLOCK: Words(
        "não há liberação em confiança valendo",
        "no trust unlock is running",
        "no hay liberación por confianza vigente",
    ),
    Refusal.NOT_WALLED: Words(
        "a internet não está bloqueada", "the internet is not blocked", "internet no está cortado"
    ),
    Refusal.PAY_WINDOW_OFF: Words(
        "a janela para pagar não é oferecida",
        "the window to pay is not offered",
        "la ventana para pagar no se ofrece",
    ),
    Refusal.PAY_WINDOW_QUOTA_DAY: Words(
        "as janelas para pagar de hoje já foram usadas",
        "today's windows to pay have been used",
        "las ventanas para pagar de hoy ya se usaron",
    ),
    Refusal.PAY_WINDOW_QUOTA_EPISODE: Words(
        "as janelas para pagar deste bloqueio já foram usadas",
        "the windows to pay of this block have been used",
        "las ventanas para pagar de este corte ya se usaron",
    ),
    Refusal.PAY_WINDOW_OPEN: Words(
        "já há uma janela para pagar aberta",
        "a window to pay is already open",
        "ya hay una ventana para pagar abierta",
    ),
    Refusal.OPERATOR_BLOCK: Words(
        "o bloqueio não é por falta de pagamento",
        "the block is not for debt",
        "el corte no es por falta de pago",
    ),
    Refusal.END_IN_THE_PAST: Words("a data já passou", "the date has passed", "la fecha ya pasó"),
    Refusal.NOTHING_ACTIVE: Words(
        "não há nada valendo para encerrar",
        "there is nothing active to end",
        "no hay nada vigente que terminar",
    ),
    Refusal.ALREADY_ACTIVE: Words("isso já está valendo", "this is already active", "esto ya está vigente"),
    Refusal.ALREADY_SUSPENDED: Words(
        "o contrato já está bloqueado", "the contract is already blocked", "el contrato ya está cortado"
    ),
    Refusal.NO_EVIDENCE: Words(
        "não há prova de que a notificação chegou",
        "there is no proof that the notice arrived",
        "no hay prueba de que la notificación llegó",
    ),
    Refusal.NOT_SUSPENDED: Words(
        "o contrato não está bloqueado", "the contract is not blocked", "el contrato no está cortado"
    ),
    Refusal.NOT_BLOCKED_LONG_ENOUGH: Words(
        "o bloqueio ainda não durou o tempo exigido para cancelar",
        "the block has not lasted long enough to end the contract",
        "el corte aún no duró lo exigido para finalizar",
    ),
    Refusal.NO_TERMINATION_NOTICE: Words(
        "a notificação de cancelamento do contrato ainda não foi enviada ou seu prazo não acabou",
        "the termination notice was not sent yet or its time is not over",
        "la notificación de fin de contrato aún no se envió o su plazo no terminó",
    ),
    Refusal.TERMINATED: Words("o contrato foi encerrado", "the contract has ended", "el contrato finalizó"),
    Refusal.NOT_HELD_BY_GUARD: Words(
        "não há bloqueio aguardando conferência",
        "no block waits to be checked",
        "no hay cortes esperando revisión",
    ),
    Refusal.NO_REASON: Words("falta o motivo", "the reason is missing", "falta el motivo"),
    Refusal.NO_PLACE: Words(
        "falta o roteador ou o município",
        "the router or municipality is missing",
        "falta el router o municipio",
    ),
    Refusal.UNKNOWN_PLACE: Words(
        "o provedor não tem este roteador ou não tem contratos neste município",
        "the provider does not have this router or has no contracts in this municipality",
        "el proveedor no tiene este router o no tiene contratos en este municipio",
    ),
    Refusal.BEGINS_IN_THE_FUTURE: Words(
        "o início ainda não chegou", "the beginning has not come yet", "el inicio aún no llegó"
    ),
    Refusal.UNKNOWN_INCIDENT: Words(
        "a falha não foi encontrada", "the fault was not found", "no se encontró la falla"
    ),
    Refusal.INCIDENT_CLOSED: Words(
        "a falha já foi encerrada", "the fault is already closed", "la falla ya fue cerrada"
    ),
}

REASONS: dict[type[StrEnum], dict[StrEnum, Words]] = {
    Why: _WHY,
    ClosedBecause: _CLOSED_BECAUSE,
    TrustRefusal: _TRUST_REFUSAL,
    Refusal: _REFUSAL | DESK_REFUSALS | OWN_REFUSALS,
    Nothing: NOTHING,
    Problem: PROBLEMS,
}

HOLD_REASONS: dict[str, Words] = {  # those that no person wrote (actions/money/holding.py)
    "bank_silent": Words(
        "o banco avisou um pagamento e ainda não confirmou",
        "the bank has told of a payment and has not confirmed it yet",
        "el banco avisó de un pago y aún no lo confirmó",
    ),
}

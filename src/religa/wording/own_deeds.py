"""Why subscribers cannot make an agreement by themselves."""

from __future__ import annotations

from enum import StrEnum

from religa.domain.reasons import Refusal
from religa.wording.language import Words

OWN_REFUSALS: dict[StrEnum, Words] = {
    Refusal.AGREEMENT_OFF: Words(
        "o acordo é feito com o atendimento",
        "agreements are made with customer service",
        "los acuerdos se hacen con atención al cliente",
    ),
    Refusal.AGREEMENT_OPEN: Words(
        "já existe um acordo com parcelas a pagar",
        "there is already an agreement with instalments to pay",
        "ya hay un acuerdo con cuotas por pagar",
    ),
    Refusal.NOTHING_LATE: Words("não há conta atrasada", "no bill is late", "no hay facturas vencidas"),
    Refusal.TOO_MANY_INSTALMENTS: Words(
        "o número de parcelas não é oferecido",
        "that number of instalments is not offered",
        "ese número de cuotas no se ofrece",
    ),
    Refusal.FIRST_INSTALMENT_DAY: Words(
        "a primeira parcela precisa vencer hoje ou amanhã",
        "the first instalment has to be due today or tomorrow",
        "la primera cuota debe vencer hoy o mañana",
    ),
    Refusal.INSTALMENT_TOO_SMALL: Words(
        "as parcelas ficariam menores que o valor mínimo",
        "the instalments would be smaller than the least amount",
        "las cuotas quedarían por debajo del monto mínimo",
    ),
}

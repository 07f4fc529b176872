"""Why something about money is refused at the cash desk."""

from __future__ import annotations

from enum import StrEnum

from religa.domain.reasons import Refusal
from religa.wording.language import Words

DESK_REFUSALS: dict[StrEnum, Words] = {
    Refusal.ABOVE_LATE_CHARGES: Words(
        "o valor é maior que a multa ou os juros devidos hoje",
        "the amount is more than the fine or interest owed today",
        "el monto es mayor que la multa o los intereses debidos hoy",
    ),
    Refusal.ABOVE_CEILING: Words(
        "o valor passa do limite do seu perfil na política",
        "the amount is beyond what the policy lets your role give",
        "el monto supera el límite de su perfil en la política",
    ),
    Refusal.OTHER_CASHIER: Words(
        "o recebimento é do caixa de outra pessoa",
        "the money was taken by another cashier",
        "el cobro es de la caja de otra persona",
    ),
    Refusal.DAY_CLOSED: Words(
        "o dia já foi fechado no caixa",
        "the day is already closed at the desk",
        "el día ya fue cerrado en la caja",
    ),
    Refusal.DAY_TO_COME: Words("o dia ainda não chegou", "the day has not come yet", "el día aún no llegó"),
    Refusal.UNKNOWN_ACCOUNT: Words(
        "a conta de recebimento não foi encontrada",
        "the payment account was not found",
        "no se encontró la cuenta de cobro",
    ),
    Refusal.NOT_COUNTED: Words(
        "falta o dinheiro contado", "the counted cash is missing", "falta el efectivo contado"
    ),
    Refusal.DIFFERENCE_UNEXPLAINED: Words(
        "o dinheiro contado não bate e falta a explicação",
        "the counted cash differs and nobody says why",
        "el efectivo contado no coincide y falta la explicación",
    ),
    Refusal.ENTRIES_CAME: Words(
        "entrou ou saiu dinheiro enquanto você contava",
        "money came or went while you were counting",
        "entró o salió dinero mientras usted contaba",
    ),
    Refusal.SAME_CONTRACT: Words(
        "o pagamento já é deste contrato",
        "the payment is already of this contract",
        "el pago ya es de este contrato",
    ),
    Refusal.UNKNOWN_CONTRACT: Words(
        "o contrato não foi encontrado", "the contract was not found", "no se encontró el contrato"
    ),
}

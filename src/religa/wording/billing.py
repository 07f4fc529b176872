"""Why a month makes no invoice, and why a contract cannot be billed: clauses like those of `reasons.py`."""

from __future__ import annotations

from enum import StrEnum

from religa.domain.billing import Nothing, Problem
from religa.wording.language import Words

NOTHING: dict[StrEnum, Words] = {
    Nothing.PAUSED: Words(
        "o contrato está em pausa, e os dias a cobrar ainda não se sabem",
        "the contract is paused, and the days to charge are not known yet",
        "el contrato está en pausa y aún no se saben los días por cobrar",
    ),
    Nothing.UNUSED: Words(
        "em nenhum dia do mês houve acesso",
        "there was no access on any day of the month",
        "ningún día del mes hubo acceso",
    ),
    Nothing.COVERED: Words(
        "descontos e créditos cobrem o mês inteiro",
        "discounts and credits cover the whole month",
        "descuentos y créditos cubren el mes entero",
    ),
    Nothing.BILLED_ELSEWHERE: Words(
        "já existe uma fatura deste mês",
        "there is an invoice of this month already",
        "ya existe una factura de este mes",
    ),
    Nothing.TOO_OLD: Words(
        "o serviço tem mais de 90 dias e não pode mais ser cobrado (RGC, art. 57)",
        "the service is more than 90 days old and may not be charged any more (RGC art. 57)",
        "el servicio tiene más de 90 días y ya no se puede cobrar (RGC, art. 57)",
    ),
}

PROBLEMS: dict[StrEnum, Words] = {
    Problem.NO_RULE: Words(
        "o provedor ainda não tem regra de faturamento",
        "the provider has no billing rule yet",
        "el proveedor aún no tiene regla de facturación",
    ),
    Problem.NO_DUE_DAY: Words(
        "o contrato não tem dia de vencimento",
        "the contract has no due day",
        "el contrato no tiene día de vencimiento",
    ),
    Problem.NO_PRICE: Words(
        "não há preço: nem o plano nem o contrato têm um",
        "there is no price: neither the plan nor the contract has one",
        "no hay precio: ni el plan ni el contrato tienen uno",
    ),
    Problem.COURTESY: Words(
        "o contrato é cortesia",
        "the contract is a courtesy",
        "el contrato es de cortesía",
    ),
    Problem.TERMINATED: Words(
        "o contrato está encerrado",
        "the contract has ended",
        "el contrato está finalizado",
    ),
    Problem.TOO_EARLY: Words(
        "o início está a mais de 90 dias, e o serviço só pode ser cobrado até 90 dias depois (RGC, art. 57)",
        "the beginning is more than 90 days ago, and service may be charged within 90 days only (RGC art. 57)",
        "el inicio es de hace más de 90 días, y el servicio solo se cobra hasta 90 días después (RGC, art. 57)",
    ),
    Problem.DISCOUNT_TOO_LARGE: Words(
        "o desconto precisa ser menor que o preço",
        "the discount must be less than the price",
        "el descuento debe ser menor que el precio",
    ),
    Problem.NOT_BILLED: Words(
        "o contrato não é cobrado por aqui",
        "the contract is not billed here",
        "el contrato no se cobra aquí",
    ),
    Problem.BEFORE_START: Words(
        "o último dia não pode vir antes do início da cobrança",
        "the last day cannot be before the billing began",
        "el último día no puede ser anterior al inicio del cobro",
    ),
}

"""What kinds of proof and of contacts are called, and why an entry of the desk is not kept, as clauses."""

from __future__ import annotations

from enum import StrEnum

from religa.domain.contacts import About, Caller, ContactFault, Means
from religa.domain.proofs import ProofFault, ProofKind
from religa.wording.language import Words

DESK_NAMES: dict[type[StrEnum], dict[StrEnum, Words]] = {
    ProofKind: {
        ProofKind.LETTER: Words("Carta registrada", "Registered letter", "Carta certificada"),
        ProofKind.SIGNATURE: Words("Assinatura no balcão", "Signature at the desk", "Firma en el mostrador"),
        ProofKind.CALL: Words("Ligação gravada", "Recorded call", "Llamada grabada"),
    },
    Caller: {
        Caller.HOLDER: Words("Titular", "Holder", "Titular"),
        Caller.OTHER: Words("Outra pessoa", "Another person", "Otra persona"),
    },
    Means: {
        Means.PHONE: Words("Telefone", "Phone", "Teléfono"),
        Means.WHATSAPP: Words("WhatsApp", "WhatsApp", "WhatsApp"),
        Means.DESK: Words("Balcão", "Desk", "Mostrador"),
        Means.EMAIL: Words("E-mail", "E-mail", "Correo"),
    },
    About: {
        About.DEBT: Words("Conta atrasada", "Late bill", "Factura vencida"),
        About.FAULT: Words("Internet com defeito", "Faulty internet", "Falla de internet"),
        About.UNLOCK: Words("Liberação em confiança", "Trust unlock", "Liberación por confianza"),
        About.PAYMENT: Words("Pagamento feito", "Payment made", "Pago hecho"),
        About.REGISTRATION: Words("Cadastro", "Registered data", "Datos registrados"),
        About.OTHER: Words("Outro assunto", "Something else", "Otro asunto"),
    },
}

DESK_FAULTS: dict[type[StrEnum], dict[StrEnum, Words]] = {
    ProofFault: {
        ProofFault.NO_INVOICE: Words(
            "falta escolher a conta", "no bill was chosen", "falta elegir la factura"
        ),
        ProofFault.NOT_LATE: Words(
            "a conta não está atrasada", "the bill is not late", "la factura no está vencida"
        ),
        ProofFault.GIVEN_BEFORE_LATE: Words(
            "o aviso foi dado antes de a conta estar atrasada",
            "the notice was given before the bill was late",
            "el aviso se dio antes de que la factura venciera",
        ),
        ProofFault.GIVEN_IN_THE_FUTURE: Words(
            "o dia do aviso ainda não chegou",
            "the day of the notice has not come yet",
            "el día del aviso aún no llegó",
        ),
        ProofFault.NO_RECEIVER: Words(
            "falta o nome de quem recebeu",
            "the receiver's name is missing",
            "falta el nombre de quien recibió",
        ),
        ProofFault.NO_TRACKING_CODE: Words(
            "falta o código de rastreio", "the tracking code is missing", "falta el código de seguimiento"
        ),
        ProofFault.WRONG_TRACKING_CODE: Words(
            "o código de rastreio não confere",
            "the tracking code has a wrong check digit",
            "el código de seguimiento no es válido",
        ),
        ProofFault.NO_REFERENCE: Words(
            "falta dizer onde está o papel assinado",
            "it is not said where the signed paper is",
            "falta decir dónde está el papel firmado",
        ),
        ProofFault.NO_PROTOCOL: Words(
            "falta o protocolo da ligação",
            "the call's protocol is missing",
            "falta el protocolo de la llamada",
        ),
        ProofFault.NO_RECORDING: Words(
            "falta a referência da gravação",
            "the recording is not named",
            "falta la referencia de la grabación",
        ),
        ProofFault.WRONG_SCAN: Words(
            "o SHA-256 do arquivo precisa ter 64 dígitos",
            "the SHA-256 of the file must have 64 digits",
            "el SHA-256 del archivo debe tener 64 dígitos",
        ),
        ProofFault.NO_STATEMENT: Words(
            "falta confirmar o que o aviso dizia",
            "what the notice said was not confirmed",
            "falta confirmar lo que decía el aviso",
        ),
    },
    ContactFault: {
        ContactFault.NO_NOTES: Words(
            "falta escrever o que foi dito", "what was said is missing", "falta escribir lo que se dijo"
        ),
        ContactFault.NO_NAME: Words(
            "falta o nome de quem falou", "the caller's name is missing", "falta el nombre de quien habló"
        ),
        ContactFault.AMOUNT_TO_OTHERS: Words(
            "quem não é o titular não ouve nem promete valores",
            "whoever is not the holder hears and promises no amounts",
            "quien no es el titular no oye ni promete montos",
        ),
        ContactFault.AMOUNT_WITHOUT_DAY: Words(
            "falta o dia do valor prometido",
            "the day of the promised amount is missing",
            "falta el día del monto prometido",
        ),
        ContactFault.AMOUNT_NOT_POSITIVE: Words(
            "o valor prometido precisa ser maior que zero",
            "the promised amount must be above zero",
            "el monto prometido debe ser mayor que cero",
        ),
        ContactFault.DAY_PAST: Words(
            "o dia prometido já passou", "the promised day is over", "el día prometido ya pasó"
        ),
    },
}

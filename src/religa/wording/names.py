"""What each state, kind and method is called on screen."""

from __future__ import annotations

from enum import StrEnum

from religa.domain.facts import (
    Access,
    Channel,
    Closed,
    Evidence,
    Method,
    NoticeKind,
    Outcome,
    Role,
    Segment,
    Status,
    UnlockKind,
    WaiverKind,
)
from religa.domain.message_kinds import ChannelKind, MessageKind
from religa.wording.language import Words

_NOTICES: dict[StrEnum, Words] = {
    NoticeKind.DEBT: Words("Notificação de débito", "Debt notice", "Notificación de deuda"),
    NoticeKind.TERMINATION: Words(
        "Notificação de cancelamento do contrato", "Termination notice", "Notificación de fin de contrato"
    ),
    NoticeKind.REMINDER: Words("Lembrete de vencimento", "Reminder", "Recordatorio de vencimiento"),
    NoticeKind.WARNING: Words("Aviso de bloqueio", "Block warning", "Aviso de corte"),
}
NAMES: dict[type[StrEnum], dict[StrEnum, Words]] = {
    Status: {
        Status.TERMINATED: Words("Encerrado", "Ended", "Finalizado"),
        Status.PAUSED: Words("Pausado", "Paused", "En pausa"),
        Status.DISPUTED: Words("Em contestação", "Disputed", "En reclamación"),
        Status.HELD: Words("Bloqueio suspenso", "Block held", "Corte suspendido"),
        Status.TRUSTED: Words("Liberada em confiança", "Open on trust", "Liberado por confianza"),
        Status.LOCKED: Words("Bloqueada até o pagamento", "Blocked until paid", "Cortado hasta el pago"),
        Status.BLOCKED: Words("Bloqueada", "Blocked", "Cortado"),
        Status.LATE: Words("Conta atrasada", "Late", "Factura vencida"),
        Status.CURRENT: Words("Em dia", "Up to date", "Al día"),
    },
    Access: {
        Access.FULL: Words("Internet funcionando", "Online", "Internet funcionando"),
        Access.REDUCED: Words("Velocidade reduzida", "Reduced speed", "Velocidad reducida"),
        Access.WALLED: Words("Internet bloqueada", "Blocked", "Internet cortado"),
        Access.CLOSED: Words("Internet desligada", "Switched off", "Internet desconectado"),
    },
    UnlockKind: {
        UnlockKind.PROMISE: Words("Promessa de pagamento", "Promise to pay", "Promesa de pago"),
        UnlockKind.PAID_ALREADY: Words("Já paguei", "Paid already", "Ya pagué"),
    },
    Outcome: {
        Outcome.KEPT: Words("Cumprida", "Kept", "Cumplida"),
        Outcome.LATE: Words("Paga com atraso", "Paid late", "Pagada con atraso"),
        Outcome.BROKEN: Words("Não cumprida", "Broken", "No cumplida"),
        Outcome.SUPERSEDED: Words("Substituída por outra", "Replaced by another", "Sustituida por otra"),
        Outcome.REVOKED: Words(
            "Retirada pelo provedor", "Taken back by the provider", "Retirada por el proveedor"
        ),
    },
    Method: {
        Method.PIX: Words("Pix", "Pix", "Pix"),
        Method.BOLETO: Words("Boleto", "Boleto", "Boleto"),
        Method.CARD: Words("Cartão", "Card", "Tarjeta"),
        Method.TRANSFER: Words("Transferência", "Transfer", "Transferencia"),
        Method.CASH: Words("Dinheiro", "Cash", "Efectivo"),
        Method.EXTERNAL: Words(
            "Baixa de outro sistema", "Booked by another system", "Registrado por otro sistema"
        ),
        Method.CREDIT: Words("Crédito", "Credit", "Crédito"),
    },
    WaiverKind: {
        WaiverKind.FINE: Words("Multa", "Fine", "Multa"),
        WaiverKind.INTEREST: Words("Juros", "Interest", "Intereses"),
        WaiverKind.SETTLEMENT: Words("Desconto para quitar", "Discount to settle", "Descuento para saldar"),
    },
    Role: {
        Role.AGENT: Words("Atendimento", "Front desk", "Atención"),
        Role.FINANCE: Words("Financeiro", "Finance", "Finanzas"),
        Role.MANAGER: Words("Gestão", "Management", "Gestión"),
    },
    Evidence: {
        Evidence.DELIVERED: Words("Entregue", "Delivered", "Entregado"),
        Evidence.SENT: Words("Enviada", "Sent", "Enviado"),
        Evidence.FAILED: Words("Não entregue", "Failed", "No entregado"),
        Evidence.NONE: Words("Sem prova de envio", "No proof of sending", "Sin prueba de envío"),
        Evidence.WITHDRAWN: Words("Chegou a outra pessoa", "Reached somebody else", "Llegó a otra persona"),
    },
    NoticeKind: _NOTICES,
    MessageKind: {
        **{MessageKind(kind.value): words for kind, words in _NOTICES.items()},
        MessageKind.BLOCKED: Words("Internet bloqueada", "Internet blocked", "Internet cortado"),
        MessageKind.TRUST: Words("Liberação em confiança", "Trust unlock", "Liberación por confianza"),
        MessageKind.TRUST_ENDING: Words(
            "Liberação perto do fim", "Trust unlock ending", "Liberación por terminar"
        ),
        MessageKind.TRUST_EXPIRED: Words("Liberação acabou", "Trust unlock over", "Liberación terminada"),
        MessageKind.RECEIPT: Words("Recibo", "Receipt", "Recibo"),
        MessageKind.RESTORED: Words("Internet voltou", "Internet is back", "Internet volvió"),
        MessageKind.LOCKED: Words(
            "Bloqueada até o pagamento", "Blocked until payment", "Cortado hasta el pago"
        ),
        MessageKind.AGREEMENT: Words("Acordo", "Agreement", "Acuerdo"),
        MessageKind.TERMINATION_RECEIPT: Words("Contrato cancelado", "Contract ended", "Contrato cancelado"),
        MessageKind.CODE: Words("Código de acesso", "Access code", "Código de acceso"),
        MessageKind.PIX: Words("Código Pix", "Pix code", "Código Pix"),
        MessageKind.CONTACT: Words("Contato registrado", "Contact registered", "Contacto registrado"),
        MessageKind.ANSWER: Words("Resposta", "Reply", "Respuesta"),
    },
    ChannelKind: {
        ChannelKind.ANY: Words("Qualquer canal", "Any channel", "Cualquier canal"),
        ChannelKind.EMAIL: Words("E-mail", "E-mail", "Correo electrónico"),
        ChannelKind.SMS: Words("SMS", "SMS", "SMS"),
        ChannelKind.WHATSAPP: Words("WhatsApp", "WhatsApp", "WhatsApp"),
        ChannelKind.PUSH: Words("Aviso no celular", "Push notification", "Aviso en el celular"),
        ChannelKind.LETTER: Words("Carta", "Letter", "Carta"),
    },
    Channel: {
        Channel.PORTAL: Words("Central do assinante", "Portal", "Portal del abonado"),
        Channel.BLOCK_PAGE: Words("Página de bloqueio", "Block page", "Página de corte"),
        Channel.WHATSAPP: Words("WhatsApp", "WhatsApp", "WhatsApp"),
        Channel.URA: Words("Telefone", "Phone menu", "Teléfono"),
        Channel.API: Words("Aplicativo", "App", "Aplicación"),
        Channel.AGENT: Words("Atendente", "Agent", "Agente"),
    },
    Segment: {
        Segment.HOME: Words("Residencial", "Home", "Hogar"),
        Segment.COMPANY: Words("Empresa", "Company", "Empresa"),
        Segment.PUBLIC: Words("Órgão público", "Public body", "Organismo público"),
        Segment.COURTESY: Words("Cortesia", "Courtesy", "Cortesía"),
    },
    Closed: {
        Closed.CANCELLED: Words("Cancelada", "Cancelled", "Anulada"),
        Closed.WRITTEN_OFF: Words("Baixada como perda", "Written off", "Dada de baja"),
        Closed.AGREED: Words("Incluída em acordo", "Part of an agreement", "Incluida en un acuerdo"),
    },
}

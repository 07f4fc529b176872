"""How a dossier reads on paper, in Portuguese: its parts, the names of its fields, and their values in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from religa import wording
from religa.domain.contacts import About, Caller, Means
from religa.domain.documents import InvalidDocument, parse
from religa.domain.facts import (
    Access,
    Channel,
    Closed,
    Evidence,
    Method,
    NoticeKind,
    Outcome,
    Segment,
    Status,
    UnlockKind,
    WaiverKind,
)
from religa.domain.money import format_reais
from religa.domain.proofs import ProofKind
from religa.domain.reasons import ClosedBecause, Why
from religa.entrypoints.common import causes
from religa.entrypoints.common.filters import address, channel_name, phone

PARTS = {
    "invoices": "Contas",
    "notices": "Notificações e avisos",
    "messages": "Mensagens enviadas",
    "suspensions": "Bloqueios",
    "reductions": "Reduções de velocidade",
    "unlocks": "Liberações em confiança",
    "pay_windows": "Janelas para pagar",
    "payments": "Pagamentos",
    "agreements": "Acordos",
    "disputes": "Contestações",
    "periods": "Exceções e bloqueios por outro motivo",
    "protocols": "Protocolos",
    "contacts": "Contatos",
    "address_changes": "Mudanças de telefone e e-mail",
    "policies": "Política do provedor, por versão",
    "access_changes": "Mudanças de acesso (encadeadas)",
}
FIELDS = {
    "about": "Assunto", "access": "Acesso", "access_then": "Acesso depois", "address": "Endereço",
    "adjustments": "Ajustes", "agreement": "Acordo", "allocations": "Baixas", "amount": "Valor", "answer": "Resposta",
    "answered_at": "Respondida em", "at": "Em", "attempts": "Tentativas", "author": "Por", "automatic": "Automática",
    "booked_at": "Registrada em", "by": "Por", "caller": "Quem falou", "caller_name": "Nome de quem falou",
    "cause": "Causa", "chain": "Elo", "channel": "Canal", "city": "Município", "closed": "Encerrada como",
    "closed_at": "Encerrado em", "cnpj": "CNPJ", "comment": "Comentário", "contact": "Contato nº",
    "corrects": "Corrige o contato nº", "covers": "Contas cobertas", "credited_on": "Creditado em",
    "decided_with": "Política/calendário/regras", "declaration": "Declaração", "description": "Descrição",
    "detail": "Detalhe", "digest": "Resumo", "discount_amount": "Desconto", "discount_until": "Desconto até",
    "document": "CPF ou CNPJ", "due_date": "Vencimento", "email": "E-mail", "ended_by": "Encerrado por",
    "entered_at": "Registrada em", "error": "Erro", "events": "O que aconteceu com ela", "evidence": "Comprovação",
    "filed_at": "Aberta em", "fine_hundredths_of_percent": "Multa contratada", "fiscal_document": "Documento fiscal",
    "given_at": "Entregue em", "hours": "Atendimento", "granted_at": "Concedida em", "granted_until": "Concedida até",
    "holder_since": "Titular desde", "imported": "Veio de outro sistema",
    "interest_hundredths_of_percent_a_month": "Juros contratados ao mês", "invoice": "Conta", "invoices": "Contas",
    "issued_at": "Emitida em", "judged_at": "Avaliada em", "key": "Chave na cadeia", "kind": "Tipo",
    "known_at": "Conhecido em", "language": "Idioma", "late_at_opening": "Atrasado na abertura", "line": "Item",
    "lines": "Itens", "made_at": "Feito em", "means": "Meio", "message": "Mensagem nº", "method": "Forma",
    "name": "Nome", "new": "Novo", "notes": "O que foi dito", "notice": "Notificação nº", "number": "Número",
    "offset_days": "Dias em relação ao vencimento", "old": "Anterior", "old_access": "Acesso anterior",
    "old_status": "Situação anterior", "opened_at": "Aberto em", "opens_at": "Anunciou bloqueio a partir de",
    "outcome": "Resultado", "paid_at": "Pago em", "paid_charges": "Multa e juros pagos", "paid_on": "Pago em",
    "paid_principal": "Principal pago", "part": "Parte", "payment": "Pagamento", "phones": "Telefones", "plan": "Plano",
    "policy_version": "Versão da política", "position": "Nº", "preset": "Base", "promise_date": "Dia prometido",
    "promised_amount": "Valor prometido", "promised_on": "Prometido para", "proof": "Prova", "protocol": "Protocolo",
    "provider_message_id": "Número no canal", "queued_at": "Posta na fila em", "reason": "Motivo",
    "receipt": "Comprovante", "receipt_number": "Recibo", "received_by": "Recebida por", "recording": "Gravação",
    "reference": "Referência", "registered_at": "Registrado em", "reopened_at": "Reaberta em",
    "reversal_reason": "Motivo do estorno", "reversed_at": "Estornado em", "reversed_by": "Estornado por",
    "salt": "Sal", "scan_sha256": "SHA-256 da cópia", "segment": "Tipo de contrato", "sent_at": "Enviada em",
    "seq": "Mudança nº", "since": "Desde", "started_at": "Início", "state": "Estado", "statement": "Declaração",
    "status": "Situação", "subject": "Assunto", "suspendable": "Permite bloqueio", "template": "Modelo",
    "template_version": "Versão do modelo", "terminated_at": "Encerrado em", "terminated_by": "Encerrado por",
    "text": "Texto", "total": "Total", "tracking_code": "Código de rastreio", "trade_name": "Nome fantasia",
    "uf": "UF", "until": "Até", "upheld": "Aceita", "valid_from": "Vale desde", "values": "Valores",
    "waivers": "Perdões", "why": "Motivo", "why_closed": "Encerrado porque", "zone": "Fuso horário",
}  # fmt: skip
_AMOUNTS = {
    "amount", "total", "paid_principal", "paid_charges", "discount_amount", "late_at_opening", "promised_amount",
}  # fmt: skip
_PERCENTAGES = {"fine_hundredths_of_percent", "interest_hundredths_of_percent_a_month"}
_STATES = {
    "queued": "na fila", "sending": "sendo enviada", "sent": "enviada", "delivered": "entregue", "read": "lida",
    "failed": "não entregue", "bounced": "devolvida", "none": "sem prova de envio",
}  # fmt: skip
_OTHER_CODES = {
    "kind": {
        "hold": "Não bloquear até", "enforcement_off": "Bloqueio desligado", "operator_block": "Bloqueio do provedor",
        "pause": "Pausa pedida pelo assinante", "bar": "Liberação em confiança impedida", "phone": "Telefone",
        "email": "E-mail", "person": "Pessoa", "company": "Empresa", "blocked": "Bloqueada", "code": "Código",
        "contact": "Contato", "pix": "Pix", "receipt": "Recibo", "restored": "Internet liberada",
        "trust": "Liberação em confiança", "answer": "Resposta", "bank_sum": "Acerto com a soma do banco",
    },
    "part": {"principal": "principal", "charges": "multa e juros", "discount": "desconto"},
    "state": _STATES,
    "evidence": _STATES,
}  # fmt: skip
_CODES: dict[str, tuple[type[StrEnum], ...]] = {
    "about": (About,), "access": (Access,), "access_then": (Access,), "old_access": (Access,), "caller": (Caller,),
    "channel": (Channel,), "closed": (Closed,), "evidence": (Evidence,), "means": (Means,), "method": (Method,),
    "kind": (NoticeKind, ProofKind, UnlockKind, WaiverKind), "outcome": (Outcome,), "segment": (Segment,),
    "status": (Status,), "old_status": (Status,), "why": (Why,), "why_closed": (ClosedBecause,),
}  # fmt: skip
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def name(field: str) -> str:
    """What a field is called; one that this version does not know as it is."""
    return FIELDS.get(field, field)


def said(field: str, value: Any, zone: ZoneInfo) -> str:
    """A value in words; empty where there is nothing to say. Nothing is left out but what is empty."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return "sim" if value else "não"
    if isinstance(value, Mapping):
        return "; ".join(f"{name(k)}: {text}" for k, v in value.items() if (text := said(k, v, zone)))
    if isinstance(value, list):
        return ", ".join(said(field, one, zone) for one in value)
    if isinstance(value, int | float):
        return _number(field, value)
    return _text(field, str(value), zone)


def _number(field: str, value: int | float) -> str:
    if field in _AMOUNTS and isinstance(value, int):
        return format_reais(value)
    if field in _PERCENTAGES:
        return f"{value / 100:.2f} %".replace(".", ",")
    return str(value)


def _text(field: str, text: str, zone: ZoneInfo) -> str:
    for kind in _CODES.get(field, ()):
        if text in {one.value for one in kind}:
            return wording.say(kind(text))
    if text in _OTHER_CODES.get(field, {}):
        return _OTHER_CODES[field][text]
    return _OTHER_WAYS.get(field, _as_it_is)(text) if field in _OTHER_WAYS else _moment(text, zone)


def _moment(text: str, zone: ZoneInfo) -> str:
    if _INSTANT.match(text):
        try:
            return f"{datetime.fromisoformat(text).astimezone(zone):%d/%m/%Y %H:%M:%S}"
        except (ValueError, OverflowError):
            return text
    return f"{date.fromisoformat(text):%d/%m/%Y}" if _DAY.fullmatch(text) else text


def subject(text: str) -> str:
    """What a protocol number was given for; the subject of a mail as it is."""
    return SUBJECTS.get(text, text)


SUBJECTS = {
    "trust_unlock": "Pedido de liberação em confiança",
    "dispute": "Contestação de cobrança",
    "staff_unlock": "Liberação pedida ao atendimento",
    "staff_payment": "Pagamento registrado no atendimento",
    "staff_hold": "Não bloquear até",
    "staff_billing": "Mudança na cobrança do contrato",
    "staff_waiver": "Multa, juros ou desconto perdoado",
    "staff_send": "Pix, boleto ou código enviado pelo atendimento",
    "contact": "Contato com o atendimento",
    "address": "Correção de telefone ou e-mail",
}


def _as_it_is(text: str) -> str:
    return text


def _document(text: str) -> str:
    try:
        return parse(text).formatted
    except InvalidDocument:
        return text


_OTHER_WAYS: dict[str, Callable[[str], str]] = {
    "cause": causes.said, "old": address, "new": address, "address": address, "subject": subject,
    "cnpj": _document, "document": _document, "phones": phone, "channel": channel_name, "text": _as_it_is,
    "notes": _as_it_is,
}  # fmt: skip

"""What each entry of a dossier is in one line, and when it happened: headings on paper, and its line of time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from religa.domain.money import format_reais
from religa.entrypoints.common import dossier_words as words

Entry = dict[str, Any]
Say = Callable[[str], str]  # a field of the entry in words


def heading(part: str, entry: Entry, zone: ZoneInfo) -> str:
    """`15/10/2026 09:00:00 · Notificação de débito: 1001-202610`."""
    when = words.said("at", entry.get(WHEN[part]), zone)
    return " · ".join(text for text in (when, line(part, entry, zone)) if text)


def line(part: str, entry: Entry, zone: ZoneInfo) -> str:
    """The same without the time."""
    told = _LINES[part](lambda field: words.said(field, entry.get(field), zone))
    if part == "notices":
        known = entry.get("evidence") or [{"evidence": "none"}]
        told += f" ({words.said('evidence', known[-1]['evidence'], zone).lower()})"
    return told


def of_time(document: dict[str, Any], zone: ZoneInfo) -> list[str]:
    """The dossier's story in the order of time: what was owed, told, blocked, opened, paid, said."""
    found = [
        (str(entry[WHEN[part]]), n, heading(part, entry, zone))
        for n, part in enumerate(_STORY)
        for entry in document["parts"].get(part, [])
    ]
    return [text for _, _, text in sorted(found)]


WHEN = {
    "invoices": "issued_at", "notices": "sent_at", "messages": "queued_at", "suspensions": "opened_at",
    "reductions": "since", "unlocks": "granted_at", "pay_windows": "granted_at", "payments": "paid_at",
    "agreements": "made_at", "disputes": "filed_at", "periods": "since", "protocols": "at", "contacts": "started_at",
    "address_changes": "at", "policies": "valid_from", "access_changes": "at",
}  # fmt: skip
_STORY = (
    "invoices", "notices", "suspensions", "unlocks", "payments", "agreements", "disputes", "periods", "contacts",
    "address_changes",
)  # fmt: skip


def _notice(say: Say) -> str:
    opens = f", anunciou bloqueio a partir de {say('opens_at')}" if say("opens_at") else ""
    return f"{say('kind')}: {say('invoices')}{opens}"


def _suspension(say: Say) -> str:
    end = f", encerrado em {say('closed_at')}" if say("closed_at") else ", aberto até agora"
    return f"Bloqueio por {say('invoices') or 'conta importada'}{end}"


def _access(say: Say) -> str:
    if not say("access"):
        return f"Mudança nº {say('seq')}: conteúdo apagado ou de outro titular"
    return f"Mudança nº {say('seq')}: {say('access').lower()} ({say('status').lower()}), porque {say('why')}"


_LINES: dict[str, Callable[[Say], str]] = {
    "invoices": lambda say: f"Conta {say('invoice')}, vencimento {say('due_date')}, {say('total') or format_reais(0)}",
    "notices": _notice,
    "messages": lambda say: f"Mensagem nº {say('message')}: {say('kind')} por {say('channel')} a {say('address')}",
    "suspensions": _suspension,
    "reductions": lambda say: "Velocidade reduzida",
    "unlocks": lambda say: f"Liberação em confiança ({say('kind').lower()}) até {say('granted_until')}",
    "pay_windows": lambda say: f"Janela para pagar até {say('until')}",
    "payments": lambda say: f"Pagamento de {say('amount')} ({say('method').lower()})"
                            + (f", estornado em {say('reversed_at')}" if say("reversed_at") else ""),
    "agreements": lambda say: f"Acordo {say('agreement')} sobre {say('invoices')}",
    "disputes": lambda say: f"Contestação da conta {say('invoice')}",
    "periods": lambda say: say("kind") + (f" até {say('until')}" if say("until") else ""),
    "protocols": lambda say: f"Protocolo {say('number')}",
    "contacts": lambda say: f"Contato {say('protocol')} ({say('caller').lower()}): {say('about').lower()}",
    "address_changes": lambda say: f"{say('kind')} corrigido",
    "policies": lambda say: f"Versão {say('number')}",
    "access_changes": _access,
}  # fmt: skip

"""The page that a walled device opens: that access is restricted, that nothing is cancelled, and what to do now.

Anybody at that address may read it. So no name, no document, no amount, no reason that is about money: those are in the
portal, behind a code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from religa.domain.facts import Access
from religa.domain.reasons import Why
from religa.entrypoints.block_page import sources
from religa.entrypoints.block_page.sources import Network
from religa.entrypoints.common import incidents
from religa.entrypoints.common.private import private
from religa.records import locks
from religa.records.models import Provider
from religa.records.queries import portal as queries
from religa.records.queries.who import Found
from religa.wording import Beside, Language, Moments
from religa.wording.faults import to_subscriber


@dataclass(frozen=True, slots=True)
class Said:
    """What the page says. `must_call`: only the provider's people can help."""

    headline: str
    sentences: tuple[str, ...]
    tone: str
    icon: str
    must_call: bool = False


@private
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """One look by address, nothing written but the count of looks."""
    at = locks.database_now()
    if not sources.within(sources.PAGES, request, at=at):
        return render(request, "block_page/too_often.html", {"provider": queries.only_provider()}, status=429)
    found = sources.find(request, at=at)
    provider = _provider_of(found)
    network = sources.network_of(found)
    context = {
        "provider": provider,
        "network": network.value,
        "said": said(network, found, provider, at=at),
        "way_out": provider.site if provider and provider.site.startswith(("http://", "https://")) else "/",
        "incident": fault(network, found, provider, at=at),
    }
    return render(request, "block_page/page.html", context)


def _provider_of(found: Found | None) -> Provider | None:
    return queries.only_provider() if found is None else Provider.objects.get(pk=found.provider_id)


def said(network: Network, found: Found | None, provider: Provider | None, *, at: datetime) -> Said:
    """Headline and sentences for what the network does now."""
    if found is None or provider is None or network is Network.UNKNOWN:
        return _NEUTRAL
    moments = Moments(language=Language.PT, zone=ZoneInfo(provider.zone), now=at)
    if network is Network.WALLED:
        return _walled(found, moments)
    if network is Network.RETURNING:
        return _RETURNING
    return _open(found, moments)


def fault(network: Network, found: Found | None, provider: Provider | None, *, at: datetime) -> str:
    """A fault of ours at this place, in a sentence; empty without one. What is owed is never a matter of this page."""
    known = incidents.fault_of(found.contract_id, at) if found is not None and found.contract_id else None
    if known is None or provider is None:
        return ""
    moments = Moments(language=Language.PT, zone=ZoneInfo(provider.zone), now=at)
    beside = Beside.OTHER_BLOCK if network is Network.WALLED else Beside.NOTHING
    return " ".join(to_subscriber(known, beside, moments))


_NEUTRAL = Said(
    "Não reconhecemos este acesso",
    (
        "Não conseguimos saber, só pelo endereço, de qual contrato é esta internet.",
        "Se ela não funciona, desligue o aparelho da tomada, espere um minuto e ligue de novo. "
        "Se continuar, entre na Central do Assinante ou ligue para nós.",
    ),
    tone="info",
    icon="info",
)
_RETURNING = Said(
    "A internet está voltando",
    (
        "O acesso já foi liberado. Pode levar alguns segundos até o aparelho perceber.",
        "Se em 5 minutos ainda não funcionar, desligue o aparelho da tomada e ligue de novo.",
    ),
    tone="info",
    icon="clock",
)
_CONTRACT_LIVES = (
    "O acesso à internet deste endereço está restrito, mas o contrato continua ativo: nada foi cancelado."
)
_WHERE_TO_GO = (
    "Para saber o motivo e voltar a usar a internet, entre na Central do Assinante: ela abre daqui mesmo, "
    "com a internet restrita."
)
_CALL = "Para resolver, é preciso falar com o atendimento."


def _walled(found: Found, moments: Moments) -> Said:
    returns = found.until is not None and found.access_then in (Access.FULL, Access.REDUCED)
    end = (f"Volta sozinho {moments.on(found.until)}.",) if returns and found.until else ()
    must_call = found.why is Why.OPERATOR_BLOCK
    sentences = (_CONTRACT_LIVES, *end, _CALL if must_call else _WHERE_TO_GO)
    return Said("Acesso à internet restrito", sentences, tone="bad", icon="wifi-off", must_call=must_call)


def _open(found: Found, moments: Moments) -> Said:
    slow = found.access is Access.REDUCED
    now = (
        "O acesso está liberado, com velocidade reduzida."
        if slow
        else "O acesso está liberado: pode usar normalmente."
    )
    ends = found.until is not None and found.access_then is Access.WALLED
    end = (f"Está liberado {moments.until(found.until)}.",) if ends and found.until else ()
    help_ = "Se algo ainda não abrir, feche esta página e tente de novo. Se preciso, religue o aparelho da tomada."
    return Said(
        "A internet está funcionando", (now, *end, help_), tone="warn" if slow else "good", icon="wifi"
    )

"""The company that the files belong to: the one that is here, the one that is named, or the one a file brings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from religa.actions.importing.columns import COLUMNS, Kind
from religa.actions.importing.problems import Problem, Refused, What
from religa.actions.importing.rows import Values
from religa.records import facts, raw
from religa.records.models import Provider

DEFAULT_ZONE = "America/Sao_Paulo"


@dataclass(frozen=True, slots=True)
class Known:
    """Who bills, in which zone, with which late charges (hundredths of a percent) where an invoice names none."""

    key: int
    zone: str
    fine_pct: int
    interest_pct_month: int


def named(cnpj: str | None) -> Provider | None:
    """The provider with a CNPJ, or the only one there is; None if there is none yet. Refuses to choose."""
    if cnpj is not None:
        return Provider.objects.filter(cnpj=cnpj).first()
    several = list(Provider.objects.order_by("pk")[:2])
    if len(several) > 1:
        raise Refused(Problem(What.NO_PROVIDER, ""))
    return several[0] if several else None


def take_over(rows: Iterable[Values], present: frozenset[str]) -> tuple[Provider | None, bool]:
    """Creates or updates the provider of a one-row file; says whether it is new."""
    row = next(iter(rows), None)
    if row is None:
        return None, False
    values = dict(zip((c.key for c in COLUMNS[Kind.PROVIDER]), row[1:], strict=True))
    here = Provider.objects.filter(cnpj=values["cnpj"]).first()
    provider = here or Provider(cnpj=values["cnpj"], zone=DEFAULT_ZONE)
    for name in present - {"cnpj", "phone", "hours"}:
        setattr(provider, name, values[name] or (DEFAULT_ZONE if name == "zone" else ""))
    if "phone" in present and values["phone"]:
        provider.phones = [{"number": values["phone"], "hours": values["hours"] or ""}]
    provider.save()
    return provider, here is None


def known(provider: Provider, at: datetime) -> Known:
    query = """
        SELECT preset, values FROM policy_version WHERE provider_id = %s AND valid_from <= %s
         ORDER BY valid_from DESC, number DESC LIMIT 1
    """
    found: list[tuple[str, Mapping[str, Any]]] = raw.rows(query, [provider.pk, at])
    preset, values = found[0] if found else ("anatel-rgc-2025", {})
    policy = facts.policy_of(preset, dict(values))
    return Known(provider.pk, provider.zone, policy.fine_pct, policy.interest_pct_month)

"""Which provider a command is about."""

from __future__ import annotations

import click

from religa.domain.documents import InvalidDocument, parse
from religa.records.models import Provider


def provider_named(cnpj: str | None) -> Provider:
    everyone = Provider.objects.order_by("pk")
    found = [p for p in everyone if cnpj is None or p.cnpj == _cnpj(cnpj)]
    if len(found) == 1:
        return found[0]
    if not everyone:
        raise click.ClickException("There is no provider yet: import one (religa import, file provedor.csv).")
    if cnpj is not None:
        raise click.ClickException(f"There is no provider with CNPJ {cnpj}.")
    raise click.ClickException("There are several providers: add --provider CNPJ.")


def _cnpj(written: str) -> str:
    try:
        return parse(written).digits
    except InvalidDocument as problem:
        raise click.ClickException(f"{written!r}: {problem}") from problem

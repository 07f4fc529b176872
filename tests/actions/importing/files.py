"""Small import files, written as text; each test says only what it is about."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from django.db import connection

from religa.actions.importing import rows, run
from religa.actions.importing.columns import Kind
from religa.actions.importing.problems import What
from religa.actions.importing.run import Asked, Report, Source
from religa.domain import balance
from religa.records import facts
from religa.records.loaded import WHOLE_HISTORY
from religa.records.models import Contract, ContractAccess, Invoice

AT = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)  # a Tuesday, 12:00 in Fortaleza

PROVIDER = "cnpj;nome;fuso;uf;código ibge\n12.ABC.345/01DE-35;Exemplo Net;America/Fortaleza;CE;2304400\n"
SUBSCRIBERS = (
    "assinante;cpf/cnpj;nome;telefone;whatsapp\n"
    "A1;390.533.447-05;Ana Exemplo;(85) 90000-0001;(85) 90000-0001\n"
    "B1;529.982.247-25;Bruno Exemplo;85 3000-0002;\n"
    "C1;11.222.333/0001-81;Carla Exemplo Ltda;;\n"
)
CONTRACTS = "contrato;assinante;desde\nC-ana;A1;10/01/2024\nC-bruno;B1;10/01/2024\nC-carla;C1;10/01/2024\n"
LOGINS = "login;contrato;senha\nana@exemplo;C-ana;segredo da ana\nbruno@exemplo;C-bruno;segredo do bruno\n"
INVOICES = (
    "fatura;contrato;vencimento;valor;referência\n"
    "F-ana;C-ana;10/12/2026;99,90;12/2026\n"
    "F-bruno;C-bruno;10/11/2026;99,90;11/2026\n"
    "F-carla;C-carla;10/10/2026;1.299,90;10/2026\n"
)
BASE = {"provedor": PROVIDER, "assinantes": SUBSCRIBERS, "contratos": CONTRACTS}


class Silent:
    def step(self, step: run.Step, what: str, total: int) -> None:
        pass

    def advance(self, done: int) -> None:
        pass


def bring(at: datetime = AT, apply: bool = True, encoding: str = "utf-8", **files: str | bytes) -> Report:
    """Imports files by name; the provider, three subscribers and their contracts come along."""
    return bring_only(at=at, apply=apply, encoding=encoding, **{**BASE, **files})


def bring_only(
    at: datetime = AT,
    apply: bool = True,
    encoding: str = "utf-8",
    asked: Asked | None = None,
    **files: str | bytes,
) -> Report:
    sources = [_source(name, text, encoding) for name, text in files.items()]
    return run.import_files(sources, asked=asked or Asked(apply=apply), at=at, progress=Silent())


def _source(name: str, text: str | bytes, encoding: str) -> Source:
    kind = rows.kind_of(name)
    assert kind is not None, name
    return Source(f"{name}.csv", kind, io.BytesIO(text if isinstance(text, bytes) else text.encode(encoding)))


def wrong(report: Report) -> list[tuple[What, int | None, str]]:
    """Every problem as (what, line, column)."""
    return [(p.what, p.line, p.column) for p in report.problems.in_order()]


def figures(report: Report, kind: Kind) -> tuple[int, int, int, int]:
    """New, changed, unchanged, cancelled."""
    found = report.counts[kind]
    return found.new, found.changed, found.unchanged, found.cancelled


EVERYTHING = {
    "planos": "plano;nome;preço;download;upload\nP1;Fibra 300;99,90;300M;150M\n",
    "contratos": "contrato;assinante;desde;plano;endereço\nC-ana;A1;10/01/2024;P1;Rua A, 1\nC-bruno;B1;10/01/2024;P1;\n"
    "C-carla;C1;10/01/2024;P1;\n",
    "logins": LOGINS,
    "faturas": "fatura;contrato;vencimento;valor;nosso número;situação\n"
    "F-ana;C-ana;10/12/2026;99,90;1;Aberta\nF-bruno;C-bruno;10/11/2026;99,90;2;Aberta\n"
    "F-carla;C-carla;10/10/2026;99,90;3;Aberta\nF-velha;C-ana;10/10/2026;99,90;4;Paga\n"
    "F-meia;C-bruno;10/12/2026;99,90;5;Aberta\n",
    "pagamentos": "pagamento;fatura;valor;pago em\nE1;F-velha;101,92;11/10/2026\nE2;F-meia;40,00;01/11/2026\n",
    "avisos": "faturas;enviado em;evidencia;canal\nF-bruno;12/11/2026 10:00;entregue;whatsapp\n"
    "F-bruno;12/11/2026 10:00;enviado;email\n",
    "bloqueios": "contrato;bloqueado em;aviso em\nC-carla;03/11/2026 09:00;15/10/2026\n",
    "confianca": "contrato;concedido em;ate;resultado\nC-bruno;01/09/2026 10:00;04/09/2026;cumprida\n",
    "salvaguardas": "contrato;ate;motivo\nC-bruno;10/12/2026;visita marcada\n",
}


# -- what is there afterwards ------------------------------------------------------------------------------------------


def contract(name: str) -> int:
    return Contract.objects.get(external_id=name).pk


def facts_of(name: str, at: datetime = AT):
    return facts.load([contract(name)], at, ask=WHOLE_HISTORY)[contract(name)].facts


def access(name: str) -> tuple[str, str, str]:
    row = ContractAccess.objects.get(contract__external_id=name)
    return row.access, row.status, row.why


def open_principal(name: str) -> int:
    billed = Invoice.objects.get(external_id=name).contract.external_id
    return balance.open_principal(next(i for i in facts_of(billed).invoices if i.id == name))


def everything_written() -> dict[str, list]:
    """Every row of every table, but for what an import says of itself."""
    from django.apps import apps

    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("records").get_models():
            table = model._meta.db_table
            if model._meta.managed and table not in ("import_batch", "provider"):
                cursor.execute(f"SELECT t.xmin::text, t::text FROM {table} t ORDER BY 2")
                found[table] = cursor.fetchall()
    return found

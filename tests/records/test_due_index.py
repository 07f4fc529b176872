"""The sweeper's question is answered from the index, whatever the size of the base."""

import json

import pytest
from django.db import connection

from . import rows
from .rows import AT

pytestmark = pytest.mark.django_db
BASE = 100_000


@pytest.fixture
def base(provider):
    """Alarms one minute apart: at AT, five of a hundred thousand have rung."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL session_replication_role = replica"
        )  # no foreign keys to serve a bare table
        cursor.execute(
            "INSERT INTO contract_access (contract_id, access, status, why, access_then, decided_with, changed_at,"
            " next_look_at) SELECT 1000000 + g, 'full', 'current', 'nothing_late', 'full', '', %s,"
            " %s + (g - 5) * interval '1 minute' FROM generate_series(1, %s) g",
            [AT, AT, BASE],
        )
        cursor.execute("ANALYZE contract_access")


def plan(query, parameters):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}", parameters)
        found = cursor.fetchone()[0]
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def nodes(node):
    yield node
    for child in node.get("Plans", ()):
        yield from nodes(child)


@pytest.mark.parametrize("rung", [5, 0])
def test_the_claim_reads_only_what_is_due(base, rung):
    at = AT if rung else AT - rows.DAY
    query = (
        "SELECT contract_id FROM contract_access WHERE next_look_at <= %s"
        " ORDER BY next_look_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED"
    )
    top = plan(query, [at, 1000])
    assert top["Actual Rows"] == rung
    scans = [n for n in nodes(top) if "Scan" in n["Node Type"]]
    assert [n.get("Index Name") for n in scans] == ["contract_access_due"]
    # The table has some 1,500 pages; the catalogue is read once, too.
    assert top["Shared Hit Blocks"] + top["Shared Read Blocks"] < 200

"""Foreign keys are checked while contracts are judged, and nothing is judged away."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from religa.actions.importing.alongside import ForeignKeys
from religa.records import raw
from religa.records.models import Contract

from .files import INVOICES, bring

pytestmark = pytest.mark.django_db


def put_line(contract: int) -> None:
    raw.run(
        "INSERT INTO invoice_line (invoice_id, contract_id, position, amount, suspendable, shared, description)"
        " SELECT id, %s, 7, 1, true, false, '' FROM invoice WHERE external_id = 'F-ana'",
        [contract],
    )


def test_a_line_of_a_contract_that_is_not_there_is_found_and_named():
    bring(faturas=INVOICES)
    raw.run("SET CONSTRAINTS ALL DEFERRED")  # the import has left some checked at once
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), ForeignKeys() as keys:
        put_line(-1)
        keys.check_meanwhile()
    assert caught.value.__cause__.diag.constraint_name == "invoice_line_contract_fk"


def test_every_key_is_checked_when_nobody_else_wants_the_connection():
    bring(faturas=INVOICES)
    raw.run("SET CONSTRAINTS ALL DEFERRED")
    with ForeignKeys() as keys:
        put_line(Contract.objects.get(external_id="C-ana").pk)
        keys.check_meanwhile()
    with pytest.raises(IntegrityError), transaction.atomic():
        put_line(-1)  # refused at once: this key is not deferred any more


def test_who_wants_the_connection_gets_it_and_the_answer_is_right():
    with ForeignKeys() as keys:
        for n in range(20):
            keys.check_meanwhile()
            with connection.cursor() as cursor:
                cursor.execute("SELECT %s + 1", [n])
                assert cursor.fetchone() == (n + 1,)

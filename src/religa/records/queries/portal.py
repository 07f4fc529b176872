"""What the subscriber's pages read. Every question starts from the subscriber: a number alone opens nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from religa.records import raw
from religa.records.models import Charge, Contract, Message, Payment, Plan, Provider, Subscriber

NOT_SHOWN = ("code",)  # one-time codes are no letters to keep


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a one-time code can go: the first phone and the e-mail, empty where there is none."""

    phone: str
    email: str


def reach_of(document: str) -> Reach | None:
    """Addresses of the subscriber with a document; None if nobody has it. For masks, never to be shown whole."""
    rows = raw.rows(_REACH, [document])
    return Reach(*rows[0]) if rows else None


_REACH = """
    SELECT coalesce((SELECT number FROM subscriber_phone p WHERE p.subscriber_id = s.id ORDER BY position LIMIT 1), ''),
           s.email
      FROM subscriber s WHERE s.document = %s ORDER BY s.id LIMIT 1
"""


def only_provider() -> Provider | None:
    """The provider whose name and phone stand on the log-in page; None if there are several, or none yet."""
    found = list(Provider.objects.order_by("id")[:2])
    return found[0] if len(found) == 1 else None


def subscriber(subscriber_id: int) -> Subscriber | None:
    return Subscriber.objects.select_related("provider").filter(pk=subscriber_id).first()


def contracts_of(subscriber: Subscriber) -> list[Contract]:
    """Every contract of the same person at the same provider (an old system may hold him twice), with its plan; the
    living ones first."""
    return [contract_of(row) for row in raw.rows(_CONTRACTS, [subscriber.provider_id, subscriber.document])]


def contract_of(row: raw.Row) -> Contract:
    """A contract from `CONTRACT_COLUMNS`."""
    contract = Contract.from_db("default", _CONTRACT, row[: len(_CONTRACT)])
    contract.plan = Plan.from_db("default", _PLAN, row[len(_CONTRACT) :]) if contract.plan_id else None
    return contract


_CONTRACT = [field.attname for field in Contract._meta.concrete_fields]
_PLAN = [field.attname for field in Plan._meta.concrete_fields]
CONTRACT_COLUMNS = ", ".join([*(f"c.{name}" for name in _CONTRACT), *(f"l.{name}" for name in _PLAN)])
LIVING_FIRST = "(c.terminated_at IS NOT NULL), c.since, c.id"
_CONTRACTS = f"""
    SELECT {CONTRACT_COLUMNS}
      FROM subscriber s JOIN contract c ON c.subscriber_id = s.id LEFT JOIN plan l ON l.id = c.plan_id
     WHERE s.provider_id = %s AND s.document = %s
     ORDER BY {LIVING_FIRST}
"""


@dataclass(frozen=True, slots=True)
class PastInvoice:
    """An invoice in the list of all. `paid` counts principal, late charges and forgiven discount; `paid_at` is the
    last payment that touched it."""

    key: int
    external_id: str
    reference: str
    due_date: datetime
    total: int
    settled: int
    closed: str | None
    paid_at: datetime | None


def invoices(contract: Contract, *, limit: int = 36) -> list[PastInvoice]:
    """The present holder's invoices of a contract, newest first."""
    parameters = {"contract": contract.pk, "subscriber": contract.subscriber_id, "limit": limit}
    return [PastInvoice(*row) for row in raw.rows(_INVOICES, parameters)]


_INVOICES = """
    SELECT i.id, i.external_id, i.reference, i.due_date,
           coalesce((SELECT sum(amount) FROM invoice_line l WHERE l.invoice_id = i.id), 0)::bigint,
           coalesce((SELECT sum(amount) FROM allocation a
                      WHERE a.invoice_id = i.id AND a.part = 'principal'), 0)::bigint,
           i.closed,
           (SELECT max(paid_at) FROM (SELECT settlement, max(paid_at) AS paid_at FROM allocation a
                                       WHERE a.invoice_id = i.id GROUP BY settlement HAVING sum(amount) > 0) s)
      FROM invoice i WHERE i.contract_id = %(contract)s AND i.subscriber_id = %(subscriber)s
     ORDER BY i.due_date DESC, i.id DESC LIMIT %(limit)s
"""


def letters(contract: Contract, *, limit: int = 50) -> list[Message]:
    """What was written to the present holder about a contract, newest first (Manual Operacional 1.1.2)."""
    return list(
        Message.objects.filter(contract=contract, subscriber_id=contract.subscriber_id)
        .exclude(kind__in=NOT_SHOWN)
        .order_by("-id")[:limit]
    )


def charges(contract: Contract, external_ids: list[str]) -> dict[str, list[Charge]]:
    """Ways to pay that were printed or made for some invoices, by the invoice's external id."""
    found: dict[str, list[Charge]] = {}
    query = Charge.objects.select_related("invoice").filter(
        invoice__contract=contract, invoice__external_id__in=external_ids, status="active"
    )
    for charge in query.order_by("id"):
        found.setdefault(charge.invoice.external_id, []).append(charge)
    return found


def payment(contract: Contract, external_id: str) -> Payment | None:
    """A payment of the contract by the id it has at the bank."""
    if "\0" in external_id:  # no text of PostgreSQL's has it
        return None
    return Payment.objects.filter(_of_holder(contract), contract=contract, external_id=external_id).first()


def _of_holder(contract: Contract) -> Q:
    """What has come since the present holder has the contract: an earlier one's money is not shown to him."""
    return Q() if contract.holder_since is None else Q(known_at__gte=contract.holder_since)


def charge(contract: Contract, key: int) -> Charge | None:
    """A charge of the contract, over an invoice of its present holder."""
    owed = {"invoice__contract": contract, "invoice__subscriber_id": contract.subscriber_id}
    return Charge.objects.filter(pk=key, **owed).first()


def payment_on(contract: Contract, charge: Charge) -> Payment | None:
    """The last money that came on a charge, or by another way since the charge was made."""
    since = Q(charge=charge) | Q(known_at__gte=charge.created_at)
    return Payment.objects.filter(since, _of_holder(contract), contract=contract).order_by("-id").first()

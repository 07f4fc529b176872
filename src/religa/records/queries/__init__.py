"""What pages, commands and the sweeper read. Plain values; nothing here writes."""

from religa.records.locks import claim, claim_due, claim_stale, database_now, lock
from religa.records.queries.contract_page import (
    Happening,
    Head,
    InvoiceRow,
    chain_of,
    head,
    history,
    invoices_of,
)
from religa.records.queries.finding import (
    Found,
    contracts_of_document,
    payment_contract,
    search,
)
from religa.records.queries.overview import (
    Failure,
    Feed,
    OutboxMessage,
    Run,
    RunContract,
    block_runs,
    counts_by_status,
    failures,
    feeds,
    outbox,
    run_contracts,
)

__all__ = [
    "Failure",
    "Feed",
    "Found",
    "Happening",
    "Head",
    "InvoiceRow",
    "OutboxMessage",
    "Run",
    "RunContract",
    "block_runs",
    "chain_of",
    "claim",
    "claim_due",
    "claim_stale",
    "contracts_of_document",
    "counts_by_status",
    "database_now",
    "failures",
    "feeds",
    "head",
    "history",
    "invoices_of",
    "lock",
    "outbox",
    "payment_contract",
    "run_contracts",
    "search",
]

"""Recurring billing: the invoices that come every month, and how a provider and its contracts are billed."""

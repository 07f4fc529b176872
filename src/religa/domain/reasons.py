"""Reasons as codes. Words for them live in `wording.py`; a test fails until each is worded."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """Why access is what it is. It does not change with time alone while status and access stay."""

    NOTHING_LATE = "nothing_late"
    LATE_DEBT = "late_debt"
    REDUCED_FOR_DEBT = "reduced_for_debt"
    WAITS_FOR_SLOT = "waits_for_slot"
    DEBT = "debt"
    BROKEN_TRUST = "broken_trust"
    LATE_TOO_LONG = "late_too_long"
    BLOCKED_TOO_LONG = "blocked_too_long"
    TRUST = "trust"
    HOLD = "hold"
    ENFORCEMENT_OFF = "enforcement_off"
    GUARD = "guard"
    INCIDENT = "incident"
    DISPUTED = "disputed"
    OPERATOR_BLOCK = "operator_block"
    PAUSED_BY_SUBSCRIBER = "paused_by_subscriber"
    TERMINATED = "terminated"


class ClosedBecause(StrEnum):
    """Why a suspension was closed."""

    SETTLED = "settled"
    AGREEMENT = "agreement"
    PERCENT_PAID = "percent_paid"
    BELOW_TRIGGER = "below_trigger"
    NO_EVIDENCE = "no_evidence"
    HOLDER_CHANGED = "holder_changed"
    TERMINATED = "terminated"


class TrustRefusal(StrEnum):
    """Why a trust unlock is refused. The first six answer alone, in this order."""

    TERMINATED = "terminated"
    PAUSED = "paused"
    POLICY_OFF = "policy_off"
    NOTHING_TO_UNLOCK = "nothing_to_unlock"
    PROMISE_OPEN = "promise_open"
    NOT_BLOCKED = "not_blocked"
    QUOTA_EPISODE = "quota_episode"
    QUOTA_WINDOW = "quota_window"
    BROKEN_PROMISE_COOLDOWN = "broken_promise_cooldown"
    PREVIOUS_PROMISE_UNPAID = "previous_promise_unpaid"
    DEBT_ABOVE_CEILING = "debt_above_ceiling"
    TOO_MANY_LATE_INVOICES = "too_many_late_invoices"
    CONTRACT_TOO_YOUNG = "contract_too_young"
    CHANNEL_NOT_ALLOWED = "channel_not_allowed"
    PROMISE_DATE_OUT_OF_RANGE = "promise_date_out_of_range"
    RECEIPT_ALREADY_USED = "receipt_already_used"
    OPERATOR_BLOCK = "operator_block"
    LOCKED = "locked"
    BARRED_BY_OPERATOR = "barred_by_operator"


class Refusal(StrEnum):
    """Why any other action is refused."""

    UNKNOWN_INVOICE = "unknown_invoice"
    INVOICE_CLOSED = "invoice_closed"
    INVOICE_EXISTS = "invoice_exists"
    AMOUNT_NOT_POSITIVE = "amount_not_positive"
    UNKNOWN_PAYMENT = "unknown_payment"
    PAYMENT_SEEN_BEFORE = "payment_seen_before"
    PAYMENT_REVERSED = "payment_reversed"
    NOT_WRITTEN_OFF = "not_written_off"
    ALREADY_DISPUTED = "already_disputed"
    NOT_DISPUTED = "not_disputed"
    AMOUNT_ABOVE_OPEN = "amount_above_open"
    NO_INSTALMENTS = "no_instalments"
    AGREEMENT_EXISTS = "agreement_exists"
    NO_OPEN_UNLOCK = "no_open_unlock"
    NOT_WALLED = "not_walled"
    PAY_WINDOW_OFF = "pay_window_off"
    PAY_WINDOW_QUOTA_DAY = "pay_window_quota_day"
    PAY_WINDOW_QUOTA_EPISODE = "pay_window_quota_episode"
    PAY_WINDOW_OPEN = "pay_window_open"
    OPERATOR_BLOCK = "operator_block"
    END_IN_THE_PAST = "end_in_the_past"
    NOTHING_ACTIVE = "nothing_active"
    ALREADY_ACTIVE = "already_active"
    ALREADY_SUSPENDED = "already_suspended"
    NO_EVIDENCE = "no_evidence"
    NOT_SUSPENDED = "not_suspended"
    NOT_BLOCKED_LONG_ENOUGH = "not_blocked_long_enough"
    NO_TERMINATION_NOTICE = "no_termination_notice"
    TERMINATED = "terminated"
    NOT_HELD_BY_GUARD = "not_held_by_guard"
    NO_REASON = "no_reason"
    NO_PLACE = "no_place"
    UNKNOWN_PLACE = "unknown_place"
    BEGINS_IN_THE_FUTURE = "begins_in_the_future"
    UNKNOWN_INCIDENT = "unknown_incident"
    INCIDENT_CLOSED = "incident_closed"

"""What a broken promise of the database means, in the words of the domain.

Actions ask first and answer with a value; these errors are for what a race or a fault lets through. Wrap writes in
`naming()`: an `IntegrityError` whose constraint is ours comes out as the `Broken` it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, InterfaceError, OperationalError


class Broken(Exception):
    """A promise the database keeps. `constraint` is its name, the text says what holds."""

    def __init__(self, constraint: str, sentence: str) -> None:
        self.constraint, self.sentence = constraint, sentence
        super().__init__(sentence)


def is_away(why: BaseException) -> bool:
    """Whether an error says that the server is gone, or going, rather than that it refuses something (SQLSTATE classes
    08, connection exception, and 57P, operator intervention; none where the connection just ended)."""
    state = getattr(why.__cause__, "sqlstate", None) or ""
    return isinstance(why, OperationalError | InterfaceError) and (
        not state or state.startswith(("08", "57P"))
    )


class AlreadySuspended(Broken):
    pass


class TrustOverlaps(Broken):
    pass


class ReceiptAlreadyUsed(Broken):
    pass


class SeenBefore(Broken):
    """The outside id is there already: a second delivery of the same thing."""


class MoneyUsedTwice(Broken):
    pass


class LoginTaken(Broken):
    pass


class StillReferenced(Broken):
    """A row names one that does not exist, or one that is named was to go."""


_NAMED: dict[str, tuple[type[Broken], str]] = {
    "suspension_one_open": (AlreadySuspended, "a contract has at most one open suspension"),
    "reduction_one_open": (AlreadySuspended, "a contract is reduced at most once at a time"),
    "block_candidate_one_live": (AlreadySuspended, "a contract waits for at most one first block"),
    "trust_unlock_no_overlap": (TrustOverlaps, "two trust unlocks of a contract cannot overlap"),
    "receipt_used_once": (ReceiptAlreadyUsed, "a receipt counts once"),
    "payment_external_id_once": (SeenBefore, "a payment is credited once"),
    "payment_reversal_payment_once": (SeenBefore, "a payment is reversed once"),
    "idempotency_key_once": (SeenBefore, "a request with this key was answered before"),
    "allocation_within_line": (MoneyUsedTwice, "a line takes no more principal than it asks for"),
    "payment_spent_once": (
        MoneyUsedTwice,
        "what a payment settled and left as credit is at most what was paid",
    ),
    "access_record_username_once": (LoginTaken, "a network log-in belongs to one access"),
    "dispute_one_open": (Broken, "an invoice has at most one open dispute"),
    "subscriber_pay_day_subscriber_once": (SeenBefore, "a subscriber keeps one pay day"),
    "subscriber_pay_day_number_in_month": (Broken, "a pay day is a day of the month"),
    "sweep_failure_one_open": (Broken, "a contract is set aside at most once"),
    "provider_cnpj_once": (SeenBefore, "a CNPJ is one provider"),
    "policy_version_number_once": (Broken, "policy versions are numbered one by one"),
    "message_template_number_once": (SeenBefore, "versions of a text are numbered one by one"),
    "message_template_notice_in_portuguese": (Broken, "a legal notice is in Portuguese"),
    "access_change_seq_once": (Broken, "changes of access are numbered one by one"),
    "protocol_number_number_once": (Broken, "a protocol number is given once"),
    "unidentified_payment_external_id_once": (SeenBefore, "money of nobody is kept once"),
    "payment_receipt_number_once": (Broken, "a receipt number is given once"),
    "payment_sighting_once": (SeenBefore, "a ledger reports a payment once"),
    "money_case_subject_once": (SeenBefore, "a case is opened once"),
    "refund_once": (SeenBefore, "a refund is asked for once"),
    "bank_file_content_once": (SeenBefore, "a bank's file is read once"),
    "bank_record_key_once": (SeenBefore, "a record of a bank counts once"),
    "hold_charge_once": (SeenBefore, "a charge holds a contract online once"),
    "payment_account_name_once": (SeenBefore, "an account's name is its own"),
    "payment_account_collects_one": (Broken, "new charges are made at one account"),
    "message_channel_name_once": (SeenBefore, "a channel's name is its own"),
    "message_channel_hook_once": (SeenBefore, "an address for callbacks is one channel's"),
    "closing_day_once": (SeenBefore, "a day is closed once"),
    "closing_takes_no_more": (Broken, "a closed day takes no more entries"),
    "closing_difference_explained": (Broken, "a difference in cash is explained"),
    "billing_rule_fine_within_cdc_52": (Broken, "a fine is at most 2 % (CDC art. 52)"),
    "billing_rule_interest_within_usage": (Broken, "interest is at most 1 % a month"),
    "billing_rule_lead_days_sane": (Broken, "an invoice is made 1 to 60 days ahead"),
    "refund_of_one_payment": (Broken, "a refund gives back one payment"),
    "charge_txid_once": (SeenBefore, "a txid is used once"),
    "charge_nosso_numero_once": (SeenBefore, "a nosso número is used once per account"),
    "session_live_unique_id_once": (SeenBefore, "a session is open once"),
    "session_log_kept_12_months": (
        Broken,
        "connection records are kept for twelve months (Marco Civil art. 13)",
    ),
    "contract_due_day_of_month": (Broken, "a due day is a day of the month"),
    "contract_access_access_then_known": (Broken, "access is one of the known words"),
    "invoice_discount_whole": (Broken, "a discount has an amount and a last day"),
    "allocation_principal_has_line": (Broken, "principal belongs to a line, charges and discount to none"),
    "network_password_clear_or_hash": (Broken, "a network password is kept clear or as a hash, not both"),
    "network_switch_one_row": (Broken, "the network has one switch"),
    "nas_secret_not_empty": (Broken, "a NAS has a secret"),
    "subscriber_document_form": (Broken, "a document is a CPF or CNPJ without mask"),
    "provider_cnpj_form": (Broken, "a CNPJ has 14 characters, the last two digits"),
    "access_record_username_trimmed": (Broken, "a network log-in has no blanks around it"),
    "access_record_mac_form": (Broken, "a MAC is six pairs in capitals"),
    "subscriber_phone_number_form": (Broken, "a phone number is 8 to 15 digits"),
    "message_sent_has_time": (Broken, "a sent message has its time"),
    "api_subject_caller_has_number": (Broken, "who was known by his number has one"),
    "message_sending_has_time": (Broken, "a message in hand has its time"),
    "message_one_collection_a_day": (SeenBefore, "a subscriber gets one collection message a day"),
    "do_not_contact_open_once": (SeenBefore, "an address is closed once"),
    "push_subscription_digest_once": (SeenBefore, "a browser is told for one person"),
    "push_subscription_session_once": (SeenBefore, "a device is told once"),
    "push_subscription_ended_says_why": (Broken, "a device that is told no more has a reason"),
    "push_subscription_sealed_while_living": (Broken, "an address to write to is kept as long as it is used"),
    "channel_pace_positive": (Broken, "a channel goes at some pace"),
    "nas_coa_port_valid": (Broken, "a port is 1 to 65535"),
    "nas_coa_window_within_64": (Broken, "a router gets 1 to 64 orders at once"),
    "nas_address_once": (SeenBefore, "an address is one router"),
    "nas_test_one_waiting": (SeenBefore, "a router is tested once at a time"),
    "reply_template_attribute_form": (
        Broken,
        "an attribute is letters, digits, hyphens and perhaps a tag of 1 to 31",
    ),
    "reply_template_not_ours": (Broken, "what is decided is not said by a template"),
    "reply_template_value_form": (Broken, "a value is 1 to 253 octets without control characters"),
    "reply_template_fact_fills": (Broken, "a template says only the placeholders of its fact"),
    "reply_template_every_access": (Broken, "a kind of router hears something in each state"),
    "reply_template_wall_closed": (Broken, "the wall says something that full access does not"),
    "reply_template_list_left": (Broken, "who is walled is named another list"),
    "vendor_coa_says_something": (Broken, "a CoA carries something in each state"),
    "notice_proof_letter_has_code": (Broken, "a letter is proven by its tracking code"),
    "notice_proof_signature_has_reference": (
        Broken,
        "a signature is proven by the paper, which is kept somewhere",
    ),
    "notice_proof_call_has_recording": (Broken, "a call is proven by its protocol and its recording"),
    "notice_proof_scan_form": (Broken, "a SHA-256 has 64 hexadecimal digits"),
    "dossier_sha256_form": (Broken, "a SHA-256 has 64 hexadecimal digits"),
    "contact_others_hear_no_amounts": (Broken, "whoever is not the holder hears no amounts"),
    "contact_others_named": (Broken, "whoever speaks for the holder says his name"),
    "contact_amount_has_day": (Broken, "an amount is promised for a day"),
    "incident_names_a_reason": (Broken, "an incident says what is wrong"),
    "incident_names_a_place": (Broken, "an incident is of a router or of a municipality"),
}

_PATTERNS: tuple[tuple[str, type[Broken], str], ...] = (
    (r"_external_id_once$", SeenBefore, "an outside id is used once per provider"),
    (r"_once$", SeenBefore, "that is there already"),
    (r"_known$", Broken, "a word that is not in the glossary"),
    (r"_not_before_", Broken, "a period does not end before it begins"),
    (r"_fk$", StillReferenced, "what is named must exist"),
    (r"_(not_negative|positive|not_zero)$", Broken, "the number is out of its range"),
    (r"_whole$", Broken, "what belongs together is given together"),
    (r"_not_empty$", Broken, "something must be written there"),
    (r"_names_(reason|person|person_and_reason)$", Broken, "a hold names its reason, an approval its person"),
)


def broken(constraint: str) -> Broken | None:
    """The error a constraint stands for; None for a name that is not ours."""
    if constraint in _NAMED:
        kind, sentence = _NAMED[constraint]
        return kind(constraint, sentence)
    for pattern, kind, sentence in _PATTERNS:
        if re.search(pattern, constraint):
            return kind(constraint, sentence)
    return None


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that refused; empty if PostgreSQL did not say."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


@contextmanager
def naming() -> Iterator[None]:
    """Lets named promises come out as `Broken`, and everything else as it is."""
    try:
        yield
    except IntegrityError as error:
        known = broken(constraint_of(error))
        if known is None:
            raise
        raise known from error

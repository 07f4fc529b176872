"""Every table, one file per family."""

from religa.records.models.access import AccessChange, ContractAccess, SweepFailure
from religa.records.models.accounts import AccountChange, AccountSecret, BankFile, BankRecord, PaymentAccount
from religa.records.models.agreements import Agreement, AgreementInvoice
from religa.records.models.billing import BillingRule, ContractBilling
from religa.records.models.contracts import Contract, Plan, Subscriber, SubscriberPhone
from religa.records.models.guard import BlockCandidate, BlockRun, FeedHeartbeat
from religa.records.models.housekeeping import IdempotencyKey, ImportBatch, ProtocolNumber
from religa.records.models.invoices import Adjustment, Charge, Dispute, Invoice, InvoiceLine
from religa.records.models.money_work import (
    Closing,
    MoneyCase,
    PaymentSighting,
    Refund,
    UnidentifiedPayment,
    Waiver,
)
from religa.records.models.network import (
    AccessRecord,
    CoaLog,
    Incident,
    Nas,
    NasHealth,
    NasSecret,
    NasTest,
    NetworkPassword,
    SessionLive,
    SessionLog,
    SessionRead,
)
from religa.records.models.network_switch import NetworkSwitch
from religa.records.models.notices import DeliveryEvent, LoginCode, Message, Notice, NoticeInvoice
from religa.records.models.payments import (
    Allocation,
    CreditEntry,
    EventRelay,
    Payment,
    PaymentReversal,
    ProviderEvent,
    ProviderEventResult,
    ProviderEventTodo,
    RefusedEvent,
)
from religa.records.models.providers import PolicyVersion, Provider, StaffMember
from religa.records.models.safeguards import Bar, EnforcementOff, Hold, OperatorBlock, Pause
from religa.records.models.suspensions import Reduction, Suspension, SuspensionInvoice
from religa.records.models.templates import MessageHabit, MessageTemplate
from religa.records.models.trust_unlocks import PayWindow, ReceiptUsed, TrustUnlock, TrustUnlockInvoice

__all__ = [
    "AccessChange",
    "AccessRecord",
    "AccountChange",
    "AccountSecret",
    "Adjustment",
    "Agreement",
    "AgreementInvoice",
    "Allocation",
    "BankFile",
    "BankRecord",
    "Bar",
    "BillingRule",
    "BlockCandidate",
    "BlockRun",
    "Charge",
    "Closing",
    "CoaLog",
    "Contract",
    "ContractAccess",
    "ContractBilling",
    "CreditEntry",
    "DeliveryEvent",
    "Dispute",
    "EnforcementOff",
    "EventRelay",
    "FeedHeartbeat",
    "Hold",
    "IdempotencyKey",
    "ImportBatch",
    "Incident",
    "Invoice",
    "InvoiceLine",
    "LoginCode",
    "Message",
    "MessageHabit",
    "MessageTemplate",
    "MoneyCase",
    "Nas",
    "NasHealth",
    "NasSecret",
    "NasTest",
    "NetworkPassword",
    "NetworkSwitch",
    "Notice",
    "NoticeInvoice",
    "OperatorBlock",
    "Pause",
    "PayWindow",
    "Payment",
    "PaymentAccount",
    "PaymentReversal",
    "PaymentSighting",
    "Plan",
    "PolicyVersion",
    "ProtocolNumber",
    "Provider",
    "ProviderEvent",
    "ProviderEventResult",
    "ProviderEventTodo",
    "ReceiptUsed",
    "Reduction",
    "Refund",
    "RefusedEvent",
    "SessionLive",
    "SessionLog",
    "SessionRead",
    "StaffMember",
    "Subscriber",
    "SubscriberPhone",
    "Suspension",
    "SuspensionInvoice",
    "SweepFailure",
    "TrustUnlock",
    "TrustUnlockInvoice",
    "UnidentifiedPayment",
    "Waiver",
]

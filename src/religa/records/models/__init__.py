"""Every table, one file per family."""

from religa.records.models.access import AccessChange, ContractAccess, SweepFailure
from religa.records.models.accounts import AccountChange, AccountSecret, BankFile, BankRecord, PaymentAccount
from religa.records.models.agreements import Agreement, AgreementInvoice
from religa.records.models.billing import BillingRule, ContractBilling
from religa.records.models.bots import ApiClient, ApiSubject, Conversation, InboundMessage
from religa.records.models.channels import (
    ChannelSecret,
    MessageChannel,
    MessageChannelChange,
    MessageEventRaw,
    MessageEventResult,
    MessageEventTodo,
    MessageWindow,
    RefusedCallback,
)
from religa.records.models.contacts import AddressChange, AddressCheck, Contact
from religa.records.models.contracts import Contract, Plan, Subscriber, SubscriberPhone
from religa.records.models.evidence import Dossier, NoticeProof
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
from religa.records.models.own_deeds import DataExport, SubscriberPayDay
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
from religa.records.models.portal import PortalPasskey, PortalPassword, PortalSession
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
    "AddressChange",
    "AddressCheck",
    "Adjustment",
    "Agreement",
    "AgreementInvoice",
    "Allocation",
    "ApiClient",
    "ApiSubject",
    "BankFile",
    "BankRecord",
    "Bar",
    "BillingRule",
    "BlockCandidate",
    "BlockRun",
    "ChannelSecret",
    "Charge",
    "Closing",
    "CoaLog",
    "Contact",
    "Contract",
    "ContractAccess",
    "ContractBilling",
    "Conversation",
    "CreditEntry",
    "DataExport",
    "DeliveryEvent",
    "Dispute",
    "Dossier",
    "EnforcementOff",
    "EventRelay",
    "FeedHeartbeat",
    "Hold",
    "IdempotencyKey",
    "ImportBatch",
    "Incident",
    "InboundMessage",
    "Invoice",
    "InvoiceLine",
    "LoginCode",
    "Message",
    "MessageChannel",
    "MessageChannelChange",
    "MessageEventRaw",
    "MessageEventResult",
    "MessageEventTodo",
    "MessageWindow",
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
    "NoticeProof",
    "OperatorBlock",
    "Pause",
    "PayWindow",
    "Payment",
    "PaymentAccount",
    "PaymentReversal",
    "PaymentSighting",
    "Plan",
    "PolicyVersion",
    "PortalPasskey",
    "PortalPassword",
    "PortalSession",
    "ProtocolNumber",
    "Provider",
    "ProviderEvent",
    "ProviderEventResult",
    "ProviderEventTodo",
    "ReceiptUsed",
    "Reduction",
    "Refund",
    "RefusedCallback",
    "RefusedEvent",
    "SessionLive",
    "SessionLog",
    "SessionRead",
    "StaffMember",
    "Subscriber",
    "SubscriberPayDay",
    "SubscriberPhone",
    "Suspension",
    "SuspensionInvoice",
    "SweepFailure",
    "TrustUnlock",
    "TrustUnlockInvoice",
    "UnidentifiedPayment",
    "Waiver",
]

"""What Religa needs of whoever collects money for a provider: banks by API Pix, gateways of boletos.

An adapter stands for one payment account. It never raises for what the other side says or fails to say: that is an
outcome. Money is integer centavos, instants are aware, days are the account's civil days. Answers are read leniently
(unknown fields and words are compatible changes, Manual de Padrões para Iniciação do Pix), requests are written
strictly. No adapter logs a secret, a certificate, a document or a whole body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class ChargeKind(StrEnum):
    """How a charge is collected; the words of the column `charge.kind`.

    `pix_automatic` (a `cobr` of API Pix) has its place here and no adapter yet.
    """

    PIX_COBV = "pix_cobv"
    PIX_COB = "pix_cob"
    PIX_STATIC = "pix_static"
    PIX_AUTOMATIC = "pix_automatic"
    BOLETO = "boleto"
    BOLETO_PIX = "boleto_pix"
    CARNE = "carne"
    CARD = "card"


class ChargeStatus(StrEnum):
    """Where a charge stands at the bank. `paid` is final; it says nothing of what is still owed (Manual, note 79)."""

    ACTIVE = "active"
    PAID = "paid"
    REMOVED = "removed"
    REMOVED_BY_BANK = "removed_by_bank"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class Capability(StrEnum):
    """What an account can do besides creating, fetching and cancelling charges."""

    UPDATE = "update"
    LIST_RECEIVED = "list_received"
    REFUND = "refund"
    WEBHOOK = "webhook"
    LATE_CHARGES = "late_charges"


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who owes. `document`: CPF (11 digits) or CNPJ (14, may hold letters), without mask; shown to no log."""

    document: str
    name: str
    email: str = ""

    def __repr__(self) -> str:
        return "Debtor(…)"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a dated charge costs before and after its day. Percentages in hundredths of a percent (200 = 2.00 %).

    `discount`: centavos off until `discount_until`, that day included. `payable_days`: calendar days after the due date
    on which it may still be paid (`validadeAposVencimento`).
    """

    fine_pct: int = 0
    interest_pct_month: int = 0
    discount: int = 0
    discount_until: date | None = None
    payable_days: int = 30


@dataclass(frozen=True, slots=True)
class WantedCharge:
    """A charge as it shall be. `txid` is ours, kept before the call, and makes a repeated call the same charge.

    With `due_date` it is a dated one (`cobv`, boleto), which may not lie before the day of creation; without, one to be
    paid at once (`cob`), for `expires_in` seconds. `description` is shown to the payer (140 characters at most).
    """

    kind: ChargeKind
    txid: str
    amount: int
    debtor: Debtor | None
    due_date: date | None = None
    terms: Terms = Terms()
    expires_in: int = 86_400
    description: str = ""


@dataclass(frozen=True, slots=True)
class ChargeRef:
    """By which a charge is found again: our txid, and the bank's own id where it has one."""

    kind: ChargeKind
    txid: str
    bank_id: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """How the bank says that an amount is made up (`componentesValor`); it counts, our own sum does not."""

    original: int
    fine: int = 0
    interest: int = 0
    discount: int = 0
    rebate: int = 0


class Nature(StrEnum):
    """Why money went back (`devolucoes[].natureza`). `med_*` are the payer's bank's doing, not ours."""

    ORIGINAL = "original"
    CHANGE = "change"
    MED_OPERATIONAL = "med_operational"
    MED_FRAUD = "med_fraud"
    MED_AUTOMATIC = "med_automatic"
    UNKNOWN = "unknown"


class ReturnStatus(StrEnum):
    """Only `returned` and `not_done` are final."""

    PROCESSING = "processing"
    RETURNED = "returned"
    NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True)
class Returned:
    """Money of a payment on its way back, or back. `id` is ours where we asked for it; `rtr_id` the bank's (`D...`)."""

    id: str
    amount: int
    status: ReturnStatus
    nature: Nature = Nature.ORIGINAL
    rtr_id: str = ""
    settled_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MoneySeen:
    """Money the bank says it has received, as told by the bank itself.

    `id`: what makes it unique at the bank (endToEndId, or charge and history item of a gateway). `txid` None: it names
    no charge; `nosso_numero`: the number on a boleto. `key`: the Pix key that received it (`chave`), "" where the bank
    does not say. `amount` is what the payer paid; `fee` what the bank keeps of it, where it says so. Of the payer only
    what a person needs to find the contract.
    """

    id: str
    amount: int
    paid_at: datetime
    txid: str | None = None
    method: str = "pix"
    key: str = ""
    fee: int = 0
    credited_on: date | None = None
    split: Split | None = None
    returns: tuple[Returned, ...] = ()
    payer_document: str = ""
    payer_name: str = ""
    info: str = ""
    nosso_numero: str = ""

    def __repr__(self) -> str:
        return f"MoneySeen({self.id}, {self.amount}, {self.paid_at:%Y-%m-%d %H:%M}, txid={self.txid})"


@dataclass(frozen=True, slots=True)
class ChargeSeen:
    """A charge as the bank has it now. `payments`: all money on it (there may be several)."""

    ref: ChargeRef
    status: ChargeStatus
    amount: int
    revision: int = 0
    copy_paste: str = ""
    location: str = ""
    nosso_numero: str = ""
    linha_digitavel: str = ""
    payments: tuple[MoneySeen, ...] = ()


@dataclass(frozen=True, slots=True)
class NotFound:
    """The bank knows nothing of it."""


@dataclass(frozen=True, slots=True)
class BankRefused:
    """The bank said no for good: asking again is pointless until something changes.

    `code`: HTTP status; 0 where the adapter saw beforehand that no bank could take it, and asked none.
    """

    code: int
    said: str
    violations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BankUnreachable:
    """No answer, or none that can be read. What was asked may have been done: ask again with the same ids."""

    error: str


NoAnswer = BankRefused | BankUnreachable


@dataclass(frozen=True, slots=True)
class Received:
    """The bank's whole list of a period, oldest first; never half of one.

    `unread`: entries that are there and cannot be read, by their ids or places: money that a person must look for. One
    such entry must not keep everybody else's payment from being seen.
    """

    payments: tuple[MoneySeen, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it came. `path`: what followed the secret in the URL ("" or "pix")."""

    body: bytes
    content_type: str = ""
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hint:
    """What an event is about: a payment, a charge, or a token by which the gateway tells the rest. Proves nothing.

    `told`: what the event itself says was paid, for the hold while the bank is silent; never credited from.
    """

    payment_id: str = ""
    txid: str = ""
    token: str = ""
    key: str = ""
    told: int | None = None


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """An event that this adapter cannot read; it is kept, and somebody may look."""

    why: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What the bank itself says of a hint: money, and charges whose state changed."""

    payments: tuple[MoneySeen, ...] = ()
    charges: tuple[ChargeSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where the bank sends its events for our key now; "" nowhere."""

    url: str


class Charges(Protocol):
    """Creates, changes and takes back charges. All may be repeated: the txid makes the second call the same one."""

    capabilities: frozenset[Capability]

    def create(self, wanted: WantedCharge) -> ChargeSeen | NoAnswer:
        """The charge exists afterwards; one that exists already is fetched and given back."""

    def update(self, ref: ChargeRef, wanted: WantedCharge) -> ChargeSeen | NotFound | NoAnswer:
        """Changes amount, day and terms of an active charge; the printed code stays valid."""

    def cancel(self, ref: ChargeRef) -> ChargeSeen | NotFound | NoAnswer:
        """Takes it back. One that was paid meanwhile comes back as `paid`."""


class Receiving(Protocol):
    """Says what has been received. The only source of credit."""

    def fetch(self, ref: ChargeRef) -> ChargeSeen | NotFound | NoAnswer:
        """The charge and all money on it."""

    def received(self, *, since: datetime, until: datetime) -> Received | NoAnswer:
        """Everything received in a half-open period, with or without a txid. The running second is not over: its money
        comes with the next question, so periods overlap.

        What the bank lists just outside the period is given, too: money seen twice does no harm, money dropped does.
        """

    def truth(self, hint: Hint) -> Truth | NotFound | NoAnswer:
        """What the bank says of what an event hinted at."""


class Events(Protocol):
    """Reads what the other side posts to us."""

    def parse_event(self, event: Event) -> tuple[Hint, ...] | NotUnderstood:
        """What it is about; an empty tuple for a test event."""


class Refunds(Protocol):
    """Gives money back to the payer."""

    def refund(
        self, *, payment_id: str, refund_id: str, amount: int, reason: str
    ) -> Returned | NotFound | NoAnswer:
        """`refund_id` is ours and kept before (1 to 35 letters and digits); repeated, it is the same refund."""

    def fetch_refund(self, *, payment_id: str, refund_id: str) -> Returned | NotFound | NoAnswer:
        """How far it is: only `returned` and `not_done` are final."""


class WebhookRegistration(Protocol):
    """Where the bank sends events. Read before it is changed: one key has one address."""

    def webhook(self) -> Webhook | NoAnswer:
        """What is registered now."""

    def register_webhook(self, url: str) -> Webhook | NoAnswer:
        """Sends events there from now on, in place of whatever was there."""

    def remove_webhook(self) -> Webhook | NoAnswer:
        """No events any more."""


class Collector(Charges, Receiving, Events, Protocol):
    """An account that collects; `Refunds` and `WebhookRegistration` where its capabilities say so."""

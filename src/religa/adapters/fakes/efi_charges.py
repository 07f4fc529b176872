"""The charges of the stand-in for Efí, and what each of its answers shows of them.

Our reading of Efí's documentation and SDKs, not Efí: docs/operators/efi.md.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from religa.domain import brcode, documents
from religa.domain.brcode import StaticCode

Json = dict[str, Any]
MINIMUM = 5_00
_PIX_KEY = "123e4567-e12b-12d1-a456-426655440000"
_REFUSED = "validation_error"


class Refused(Exception):
    """What Efí answers with 400: `error`, `place` (a JSON pointer into the request) and its message."""

    def __init__(self, message: str, place: str = "", error: str = _REFUSED) -> None:
        super().__init__(message)
        self.message, self.place, self.error = message, place, error


@dataclass
class Charge:
    """`history` is what the token gives, `told` the sentences of the detail. `seen`: entries that were asked for."""

    id: int
    request: Json
    created_at: datetime
    bolix: bool
    token: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = ""
    paid_value: int | None = None
    paid_at: datetime | None = None
    received_on: date | None = None
    history: list[Json] = field(default_factory=list)
    told: list[Json] = field(default_factory=list)
    seen: int = 0

    @property
    def billet(self) -> Json:
        found: Json = self.request["payment"]["banking_billet"]
        return found

    @property
    def total(self) -> int:
        return sum(item["value"] * item.get("amount", 1) for item in self.request["items"])

    @property
    def metadata(self) -> Json:
        return self.request.get("metadata") or {}

    def becomes(self, status: str, at: datetime, message: str, **more: Any) -> None:
        """One more entry; `more` is what only some entries have (`value`, `received_by_bank_at`)."""
        entry = {
            "id": len(self.history) + 1,
            "type": "charge",
            "custom_id": self.metadata.get("custom_id"),
            "status": {"current": status, "previous": self.status or None},
            "identifiers": {"charge_id": self.id},
            "created_at": _text(at),
        }
        self.history.append(entry | more)
        self.told.append({"message": message, "created_at": _text(at)})
        self.status = status

    # --- answers

    def created(self) -> Json:
        return {
            "charge_id": self.id,
            "total": self.total,
            "status": self.status,
            "payment": "banking_billet",
            **self._codes(),
        }

    def detailed(self) -> Json:
        """Its day of payment stands nowhere but in a sentence of its history."""
        shown: Json = {
            "charge_id": self.id,
            "total": self.total,
            "status": self.status,
            "custom_id": self.metadata.get("custom_id"),
            "created_at": _text(self.created_at),
            "notification_url": self.metadata.get("notification_url"),
            "items": self.request["items"],
            "history": self.told,
            "customer": _flat(self.billet["customer"]),
            "payment": {
                "method": "banking_billet",
                "created_at": _text(self.created_at),
                "message": self.billet.get("message"),
                "banking_billet": self._codes() | {"configurations": self._configurations()},
            },
        }
        return shown if self.paid_value is None else shown | {"paid_value": self.paid_value}

    def listed(self, *, sparse: bool) -> Json:
        payment: Json = {
            "payment_method": "banking_billet",
            "paid_at": None,
            "banking_billet": self._codes() | {"configurations": self._configurations()},
        }
        if self.paid_at is not None and not sparse:
            payment["paid_at"] = _text(self.paid_at)
            payment["paid_value"] = self.paid_value
            payment["received_by_bank_at"] = str(self.received_on)
        return {
            "id": self.id,
            "total": self.total,
            "status": self.status,
            "custom_id": self.metadata.get("custom_id"),
            "created_at": _text(self.created_at),
            "customer": _flat(self.billet["customer"]),
            "payment": payment,
        }

    def day_of(self, date_of: str) -> date | None:
        """The day by which a list is asked for."""
        if date_of == "payment":
            return self.received_on
        return (
            date.fromisoformat(self.billet["expire_at"]) if date_of == "expired" else self.created_at.date()
        )

    def _codes(self) -> Json:
        digits = f"3649{self.id:033d}{self.total:010d}"
        cut = (
            digits[:5],
            digits[5:10],
            digits[10:15],
            digits[15:21],
            digits[21:26],
            digits[26:32],
            digits[32],
        )
        shown: Json = {
            "barcode": "{}.{} {}.{} {}.{} {} ".format(*cut) + digits[33:],
            "link": f"https://visualizacao.example/{self.id}",
            "pdf": {"charge": f"https://visualizacao.example/{self.id}.pdf"},
            "expire_at": self.billet["expire_at"],
        }
        if self.bolix:
            code = brcode.encode(
                StaticCode(_PIX_KEY, "Efi de mentira", "BRASIL", self.total, f"EFI{self.id}")
            )
            shown["pix"] = {"qrcode": code, "qrcode_image": "data:image/svg+xml;base64,"}
        return shown

    def _configurations(self) -> Json:
        asked = self.billet.get("configurations") or {}
        return {"interest_type": "daily", "days_to_write_off": 120} | asked


def check(request: Any, today: date) -> None:
    """Raises `Refused` for what Efí says it does not take."""
    try:
        billet, items = request["payment"]["banking_billet"], request["items"]
        customer, due = billet["customer"], date.fromisoformat(billet["expire_at"])
        total = sum(item["value"] * item.get("amount", 1) for item in items)
    except (KeyError, TypeError, ValueError):
        raise Refused(
            "O campo obrigatório não foi informado ou é inválido.", "/payment/banking_billet"
        ) from None
    if not all(
        isinstance(item["value"], int) and re.fullmatch(r"[^<>]{1,255}", item["name"]) for item in items
    ):
        raise Refused("O item é inválido.", "/items")
    if total < MINIMUM:
        raise Refused("O valor da cobrança é menor que o mínimo.", "/items")
    if due < today:
        raise Refused("A data de vencimento já passou.", "/payment/banking_billet/expire_at")
    _check_customer(customer)
    _check_terms(billet)


def _check_customer(customer: Json) -> None:
    company = customer.get("juridical_person")
    number = company["cnpj"] if company else customer.get("cpf", "")
    try:
        documents.Document(number)
    except documents.InvalidDocument:
        raise Refused(f"O documento {number} é inválido.", "/payment/banking_billet/customer/cpf") from None
    if not company and not re.fullmatch(r"\S+(\s+\S+)+", customer.get("name", "")):
        raise Refused("O nome deve ter nome e sobrenome.", "/payment/banking_billet/customer/name")


def _check_terms(billet: Json) -> None:
    limits = {"fine": 1000, "interest": 330, "days_to_write_off": 120}
    for name, value in (billet.get("configurations") or {}).items():
        if not isinstance(value, int) or not 0 <= value <= limits.get(name, -1):
            raise Refused("Valor fora dos limites.", f"/payment/banking_billet/configurations/{name}")
    lines = billet.get("message", "").split("\n")
    if len(lines) > 4 or any(len(line) > 100 for line in lines):
        raise Refused("A mensagem tem até 4 linhas de 100 caracteres.", "/payment/banking_billet/message")


def _flat(customer: Json) -> Json:
    found: Json = customer.get("juridical_person", customer)
    return found


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"

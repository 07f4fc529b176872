"""What the block page asks before it answers for trust: the last digits of the document, or a code by SMS.

An access is known, a person is not, and whoever shares the Wi-Fi may guess. So tries are few, counted for the contract
and for the address before anything is compared, and every answer but the right one is the same.
"""

from __future__ import annotations

import hmac
import re
from datetime import datetime, timedelta
from enum import Enum

from religa.actions import unlock_code
from religa.actions.unlock_code import CodeAccepted
from religa.domain.policy import BlockPageUnlock
from religa.entrypoints.common.throttle import Limit, try_both, try_once
from religa.records.queries.block_page import Holder

_HOUR = timedelta(hours=1)
OF_CONTRACT = Limit("block_proof_contract", 5, _HOUR)
OF_ADDRESS = Limit("block_proof_address", 5, _HOUR)
SENT = Limit("block_code_sent", 3, _HOUR)
_LONGEST = 40  # characters of what is typed that are looked at


class Proof(Enum):
    """`TOO_MANY`: from now on only the portal, until the hour is over."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    TOO_MANY = "too_many"


def check(typed: str, *, contract_id: int, holder: Holder, address: str, at: datetime) -> Proof:
    """One try, right or wrong."""
    if not try_both((OF_CONTRACT, str(contract_id)), (OF_ADDRESS, address), at=at):
        return Proof.TOO_MANY
    if holder.policy.block_page_unlock is BlockPageUnlock.CODE:
        fits = _is_code(typed, contract_id, holder, at)
    else:
        fits = is_document(typed, holder.document, holder.policy.block_page_digits)
    return Proof.ACCEPTED if fits else Proof.WRONG


def is_document(typed: str, document: str, digits: int) -> bool:
    """The last `digits` characters of a CPF or CNPJ (which may have letters), or all of it, with or without mask."""
    plain = re.sub(r"[^0-9A-Z]", "", typed[:_LONGEST].upper()).encode()
    wanted = document.encode()
    return any([hmac.compare_digest(plain, wanted[-digits:]), hmac.compare_digest(plain, wanted)])


def _is_code(typed: str, contract_id: int, holder: Holder, at: datetime) -> bool:
    code = re.sub(r"\D", "", typed[:_LONGEST])
    answer = unlock_code.check(contract_id=contract_id, holder=holder, code=code, at=at)
    return isinstance(answer, CodeAccepted)


def send_code(*, contract_id: int, holder: Holder, address: str, at: datetime) -> None:
    """A code on its way, unless there were many, or nowhere to send it. Which of them shows nowhere."""
    if try_once(SENT, str(holder.subscriber_id), at=at) and holder.phone:
        unlock_code.send(contract_id=contract_id, holder=holder, at=at, address=address)

"""Where a code may go, shown so that only the owner recognises it.

A document that nobody has gets a choice as well, always the same one, so that asking does not tell who is a customer.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from religa.domain import documents
from religa.records.queries.portal import Reach

SMS, EMAIL = "sms", "email"
_DECOY_MAILS = ("gmail.com", "gmail.com", "gmail.com", "hotmail.com", "outlook.com", "yahoo.com.br")


@dataclass(frozen=True, slots=True)
class Option:
    """One way for the code. `channel` is sent back by the form."""

    channel: str
    label: str
    masked: str


def options(document: str, reach: Reach | None) -> list[Option]:
    """SMS first: it arrives without the internet that was cut."""
    if reach is None or not (reach.phone or reach.email):
        reach = _decoy(document)
    found = []
    if reach.phone:
        found.append(Option(SMS, _("Por SMS, para o celular com final"), reach.phone[-2:]))
    if reach.email:
        found.append(Option(EMAIL, _("Por e-mail, para"), mask_email(reach.email)))
    return found


def mask_email(email: str) -> str:
    """`m•••••@gmail.com`, with as many dots whatever its length."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}•••••@{domain}"


def _decoy(document: str) -> Reach:
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"decoy|{document}".encode(), hashlib.sha256)
    mail = ""
    if digest[0] % 4:  # about as many people have an e-mail with us
        mail = f"{chr(97 + digest[1] % 26)}@{_DECOY_MAILS[digest[2] % len(_DECOY_MAILS)]}"
    return Reach(phone=f"{digest[3] % 100:02}", email=mail)


def mask_document(document: str) -> str:
    """`•••.456.789-••` of a CPF: enough to know one's own by. A CNPJ is public and stays whole."""
    if len(document) != 11:
        return documents.parse(document).formatted
    return f"•••.{document[3:6]}.{document[6:9]}-••"

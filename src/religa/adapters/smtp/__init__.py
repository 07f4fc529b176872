"""E-mail by SMTP, through Django's mail settings (EMAIL_HOST and so on)."""

from __future__ import annotations

import smtplib
from email.utils import make_msgid

from django.core.mail import EmailMessage

from religa.ports import NotSent, OutgoingMessage, SendOutcome, Sent

_PERMANENT = range(500, 600)  # RFC 5321 § 4.2.1: 5yz is a permanent negative completion


class Smtp:
    """Port `Channel`. A reply of the server's that refuses for good is permanent, everything else may be tried again.

    The Message-ID holds our own number: a repeated send of the same message can be recognised by it.
    """

    name = "email"

    def __init__(self, *, sender: str, domain: str) -> None:
        self.sender, self.domain = sender, domain

    def send(self, message: OutgoingMessage) -> SendOutcome:
        message_id = make_msgid(idstring=f"religa.{message.id}", domain=self.domain)
        mail = EmailMessage(
            message.subject, message.text, self.sender, [message.address], headers={"Message-ID": message_id}
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as why:
            code, text = next(iter(why.recipients.values()))
            return NotSent(f"{code} {text.decode(errors='replace')}", permanent=code in _PERMANENT)
        except smtplib.SMTPResponseException as why:
            return NotSent(f"{why.smtp_code} {why.smtp_error!r}", permanent=why.smtp_code in _PERMANENT)
        except (OSError, smtplib.SMTPException) as why:
            return NotSent(f"{type(why).__name__}: {why}", permanent=False)
        return Sent(message_id)

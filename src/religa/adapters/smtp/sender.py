"""Sends e-mail over a connection that is kept for a while (port `Channel`)."""

from __future__ import annotations

import re
import smtplib
import ssl
import threading
import time
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime

from religa.adapters.smtp import verp
from religa.ports.messages import NotSent, OutgoingMessage, SendOutcome, Sent, Unknown

SECURITIES = ("none", "starttls", "tls")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
_PERMANENT = range(500, 600)  # RFC 5321 § 4.2.1: 5yz is a permanent negative completion
_GREYLISTED = 300  # seconds that a server which wants to see us again is given
_PATIENCE = 15.0  # seconds for each reply; the one after the text is waited for longer (RFC 5321 § 4.5.3.2.6)
_PATIENCE_AFTER_TEXT = 60.0
_IDLE, _MOST = 8.0, 100  # seconds and mails for which a connection is kept: servers close them without a word


@dataclass(frozen=True, slots=True)
class Settings:
    """`security`: of the connection. `sender`: the address that people see, `sender_name` before it; `reply_to`: where
    answers go. `bounce_domain`: bounces come back to `bounce_prefix+...@` there (empty: to `sender`, and are read by
    nobody). `key` marks the address of bounces. `ask_delivery`: asks servers that know RFC 3461 to report a delivery.

    Raises `ValueError` for what could never be sent.
    """

    host: str
    sender: str
    key: bytes = field(repr=False)
    port: int = 25
    security: str = "none"
    user: str = ""
    password: str = field(default="", repr=False)
    sender_name: str = ""
    reply_to: str = ""
    bounce_domain: str = ""
    bounce_prefix: str = "bounce"
    ask_delivery: bool = False

    def __post_init__(self) -> None:
        if not self.host:
            raise ValueError("there is no mail server")
        if self.security not in SECURITIES:
            raise ValueError(f"security is one of {', '.join(SECURITIES)}")
        if not _ADDRESS.fullmatch(self.sender):
            raise ValueError("the sender is no e-mail address")

    @property
    def domain(self) -> str:
        return (self.bounce_domain or self.sender.rpartition("@")[2]).lower()

    def envelope_sender(self, message: int) -> str:
        """Where a mail server sends what it could not deliver."""
        if not self.bounce_domain:
            return self.sender
        return verp.address(message, key=self.key, prefix=self.bounce_prefix, domain=self.domain)


@dataclass(slots=True)
class _Kept:
    smtp: smtplib.SMTP
    used_at: float
    mails: int = 0


class _Refused(Exception):
    """The server said no to a command, before the text was sent."""

    def __init__(self, code: int, said: bytes) -> None:
        self.code, self.said = code, said
        super().__init__(str(code))


class Smtp:
    """Keeps one connection for each thread. A 5yz is permanent, a 4yz may be tried again in a while.

    Once the text is on its way and the server's last word does not come, nobody knows whether it has taken it.
    """

    name = "email"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._of_thread = threading.local()

    def send(self, message: OutgoingMessage) -> SendOutcome:
        to = _ascii(message.address)
        if to is None:
            return NotSent("not an e-mail address", permanent=True)
        number = verp.message_id(message.id, key=self._settings.key, domain=self._settings.domain)
        text = self._mail(message, to, number).as_bytes()
        try:
            smtp = self._begin(message.id, to)
        except _Refused as why:
            return _refusal(why.code, why.said)
        except (OSError, smtplib.SMTPException) as why:
            self._drop()
            return NotSent(type(why).__name__, permanent=False)
        return self._finish(smtp, text, number)

    def _begin(self, message: int, to: str) -> smtplib.SMTP:
        """Says from whom and to whom. A connection that was kept too long is made anew, once."""
        try:
            return self._envelope(self._connection(), message, to)
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            self._drop()
            return self._envelope(self._connection(), message, to)

    def _envelope(self, smtp: smtplib.SMTP, message: int, to: str) -> smtplib.SMTP:
        notify = self._settings.ask_delivery and smtp.has_extn("dsn")
        for code, said in (
            smtp.mail(self._settings.envelope_sender(message), ["RET=HDRS"] if notify else []),
            smtp.rcpt(to, ["NOTIFY=SUCCESS,FAILURE"] if notify else []),
        ):
            if not 200 <= code < 300:
                self._reset(smtp, code)
                raise _Refused(code, said)
        return smtp

    def _reset(self, smtp: smtplib.SMTP, code: int) -> None:
        if code == 421:  # it is closing (RFC 5321 § 3.8)
            self._drop()
            return
        try:
            smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _finish(self, smtp: smtplib.SMTP, text: bytes, number: str) -> SendOutcome:
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(_PATIENCE_AFTER_TEXT)
            code, said = smtp.data(text)
            if smtp.sock is not None:
                smtp.sock.settimeout(_PATIENCE)
        except smtplib.SMTPDataError as why:  # the command was refused: no text was sent
            self._reset(smtp, why.smtp_code)
            return _refusal(why.smtp_code, _octets(why.smtp_error))
        except (OSError, smtplib.SMTPException) as why:
            self._drop()
            return Unknown(type(why).__name__)
        if not 200 <= code < 300:
            self._reset(smtp, code)
            return _refusal(code, said)
        return Sent(number)

    def _mail(self, message: OutgoingMessage, to: str, number: str) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"] = Address(_line(self._settings.sender_name), addr_spec=self._settings.sender)
        mail["To"] = to
        mail["Subject"] = _line(message.subject)
        mail["Date"] = format_datetime(localtime())
        mail["Message-ID"] = number
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notice answers it
        if self._settings.reply_to:
            mail["Reply-To"] = _line(self._settings.reply_to)
        mail.set_content(message.text, cte="quoted-printable")
        return mail

    def _connection(self) -> smtplib.SMTP:
        kept: _Kept | None = getattr(self._of_thread, "kept", None)
        if kept is not None and (kept.mails >= _MOST or time.monotonic() - kept.used_at > _IDLE):
            self._drop()
            kept = None
        if kept is None:
            kept = self._of_thread.kept = _Kept(_connected(self._settings), time.monotonic())
        kept.used_at, kept.mails = time.monotonic(), kept.mails + 1
        return kept.smtp

    def _drop(self) -> None:
        kept: _Kept | None = getattr(self._of_thread, "kept", None)
        self._of_thread.kept = None
        if kept is not None:
            kept.smtp.close()


def _connected(settings: Settings) -> smtplib.SMTP:
    if settings.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.host, settings.port, timeout=_PATIENCE, context=ssl.create_default_context()
        )
    else:
        smtp = smtplib.SMTP(settings.host, settings.port, timeout=_PATIENCE)
    try:
        if settings.security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo_or_helo_if_needed()
        if settings.user:
            smtp.login(settings.user, settings.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _refusal(code: int, said: bytes) -> NotSent:
    """The enhanced code (RFC 3463) where there is one; not the sentence, which often repeats the address."""
    enhanced = re.match(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b", said)
    error = f"{code} {enhanced[1].decode()}" if enhanced else str(code)
    if code in _PERMANENT:
        return NotSent(error, permanent=True)
    return NotSent(error, permanent=False, retry_after=_GREYLISTED)


def _ascii(address: str) -> str | None:
    """With an international domain in its ASCII form; None for what is no address."""
    name, _, domain = address.strip().rpartition("@")
    try:
        written = f"{name}@{domain.encode('idna').decode()}" if domain else ""
    except UnicodeError:
        return None
    return written if _ADDRESS.fullmatch(written) and not written.startswith("-") else None


def _line(text: str) -> str:
    """In one line: nothing of a text becomes a header."""
    return " ".join(text.split())


def _octets(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode(errors="replace")

"""What comes back of a mail: by whom it may be said, and what it means."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from religa import wiring
from religa.adapters.fakes.mail_sink import MailSink
from religa.adapters.smtp import Bounced, NotABounce, read_bounce, verp
from religa.ports.messages import OutgoingMessage, ReceiptState

AT = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
KEY, OLD = b"k" * 32, b"o" * 32
ADDRESS = verp.address(17, key=KEY, prefix="bounce", domain="volta.provedor.test")


def report(to=ADDRESS, action="failed", status="5.1.1", diagnostic="smtp; 550 5.1.1 no such user"):
    return (
        f"From: Mail Delivery System <MAILER-DAEMON@mx.test>\r\nTo: {to}\r\nAuto-Submitted: auto-replied\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI am sorry: 5.0.0 whatever\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        f"Final-Recipient: rfc822; ana@example.test\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: {diagnostic}\r\n\r\n--b--\r\n"
    ).encode()


def read(octets, keys=(KEY,), **more):
    return read_bounce(octets, keys=keys, at=AT, **more)


def test_what_a_server_returns_to_the_envelopes_sender_is_known_as_that_mails_bounce():
    with MailSink() as sink:
        words = {"host": "127.0.0.1", "port": sink.port, "sender": "cobranca@provedor.test"}
        channel = wiring.message_channel(
            kind="smtp",
            medium="email",
            settings=words | {"bounce_domain": "volta.provedor.test"},
            secrets={},
            marks=[KEY],
        )
        outcome = channel.send(OutgoingMessage(17, "debt", "email", "ana@example.test", "a", "b", "pt-br"))
    [kept] = sink.taken
    assert kept.sender == ADDRESS and message_from_bytes(kept.text)["From"] == "cobranca@provedor.test"
    receipt = read(report(kept.sender)).receipt
    assert receipt.provider_message_id == outcome.provider_message_id
    assert (receipt.channel, receipt.message, receipt.state) == ("email", 17, ReceiptState.FAILED)


@pytest.mark.parametrize(
    ("status", "diagnostic", "error", "permanent"),
    [
        ("5.1.1", "smtp; 550", "bounced 5.1.1", True), ("5.2.2", "smtp; 552 full", "bounced 5.2.2", False),
        ("4.4.7", "smtp; 421", "bounced 4.4.7", False), ("", "smtp; 550 5.7.1 no", "bounced 5.7.1", True),
        ("", "smtp; 550 no such user", "bounced 5.0.0", True), ("", "", "bounced 4.0.0", False),
    ],
)  # fmt: skip
def test_hard_and_soft_by_the_enhanced_code(status, diagnostic, error, permanent):
    receipt = read(report(status=status, diagnostic=diagnostic)).receipt
    assert (receipt.error, receipt.permanent) == (error, permanent)


def test_a_reported_delivery_is_evidence_and_a_delay_is_nothing_final():
    assert read(report(action="delivered", status="2.0.0")).receipt.state is ReceiptState.DELIVERED
    for action in ("delayed", "relayed", "expanded"):
        assert isinstance(read(report(action=action, status="4.4.1")), NotABounce)


@pytest.mark.parametrize(
    "to",
    [
        "ana@example.test", "bounce+17@volta.provedor.test", ADDRESS.replace("+17.", "+18."),
        ADDRESS.replace("@", "a@"), verp.address(17, key=b"eve", prefix="bounce", domain="volta.provedor.test"), "",
    ],
)  # fmt: skip
def test_nobody_can_make_up_a_bounce(to):
    assert isinstance(read(report(to)), NotABounce)


def test_the_address_is_found_wherever_the_server_leaves_it():
    plain = report("undisclosed-recipients:;")
    assert isinstance(read(plain), NotABounce)
    assert isinstance(read(plain, recipient=ADDRESS.upper()), Bounced)
    for header in (b"Delivered-To", b"X-Original-To", b"Envelope-To"):
        assert isinstance(read(header + b": <" + ADDRESS.encode() + b">\r\n" + plain), Bounced)


def test_a_mail_that_was_on_its_way_when_the_key_changed_is_still_known():
    assert isinstance(read(report(), keys=(b"new" * 11, KEY)), Bounced)
    assert isinstance(read(report(), keys=(b"new" * 11,)), NotABounce)


def prose(text, sender="MAILER-DAEMON@mx.test", **headers):
    lines = [
        f"From: {sender}",
        f"To: {ADDRESS}",
        *(f"{n.replace('_', '-')}: {v}" for n, v in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + text).encode()


def test_a_daemon_without_reports_is_understood_by_the_code_in_its_letter():
    assert read(prose("Remote host said: 550 5.1.1 User unknown")).receipt.permanent
    assert read(prose("Remote host said: 550 sorry")).receipt.error == "bounced 5.0.0"
    assert not read(prose("452 4.2.2 mailbox full")).receipt.permanent
    assert isinstance(read(prose("It did not work.")), NotABounce)


def test_an_answer_of_a_person_or_of_his_vacation_is_no_bounce():
    assert isinstance(
        read(prose("550 5.1.1 é o número da minha casa", sender="ana@example.test")), NotABounce
    )
    vacation = prose("Back on 5.1.1", sender="postmaster@example.test", Auto_Submitted="auto-replied")
    assert isinstance(read(vacation), NotABounce)


@settings(max_examples=60, deadline=None)
@given(octets=st.binary(max_size=200), cut=st.integers(0, 900))
def test_no_mail_whatever_makes_the_reader_fail(octets, cut):
    whole = report()
    for mail in (octets, whole[:cut], whole[:cut] + octets + whole[cut:]):
        assert isinstance(read(mail, recipient=ADDRESS), (Bounced, NotABounce))

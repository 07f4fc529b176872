"""What is e-mail's own: headers, one connection for many, reports of delivery."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from religa.adapters.fakes.mail_sink import MailSink
from religa.ports.messages import OutgoingMessage

from .making import made


@pytest.fixture
def sink():
    with MailSink() as fake:
        yield fake


def mail_channel(sink, **more):
    words = {"host": "127.0.0.1", "port": sink.port, "sender": "cobranca@provedor.test"} | more
    return made("smtp", "email", words)


def letter(number=7, address="ana@example.test", subject="Aviso"):
    return OutgoingMessage(number, "debt", "email", address, subject, "Olá.\n.\nFim: ção", "pt-br")


def test_a_mail_says_that_no_person_wrote_it_and_where_to_answer(sink):
    channel = mail_channel(sink, sender_name="Provedor, Fibra", reply_to="fale@provedor.test")
    outcome = channel.send(letter(subject="Aviso\r\nBcc: eve@evil.test"))
    [kept] = sink.taken
    mail = message_from_bytes(kept.text, policy=policy.default)
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Reply-To"] == "fale@provedor.test"
    assert mail["Subject"] == "Aviso Bcc: eve@evil.test" and mail["Bcc"] is None
    assert mail["From"] == '"Provedor, Fibra" <cobranca@provedor.test>'
    assert mail["Message-ID"] == outcome.provider_message_id and mail["List-Unsubscribe"] is None
    assert mail.get_content().replace("\r\n", "\n") == "Olá.\n.\nFim: ção\n"
    assert kept.sender == "cobranca@provedor.test"


def test_many_mails_share_a_connection_and_one_that_was_closed_is_made_anew(sink):
    channel = mail_channel(sink)
    before = sink.connections
    numbers = {channel.send(letter(n)).provider_message_id for n in range(5)}
    assert len(numbers) == 5 and sink.connections == before + 1
    sink.hang_up()
    assert channel.send(letter(9)).provider_message_id and sink.connections == before + 2


def test_a_mail_tried_again_has_the_number_of_the_first_try(sink):
    channel = mail_channel(sink)
    assert channel.send(letter(3)) == channel.send(letter(3))


def test_a_delivery_is_asked_for_where_the_server_can_report_it(sink):
    mail_channel(sink, ask_delivery=True).send(letter())
    sink.speaks_dsn = True
    mail_channel(sink, ask_delivery=True).send(letter())
    mail_channel(sink).send(letter())
    assert sink.parameters == ["", "NOTIFY=SUCCESS,FAILURE", ""]


def test_an_international_domain_is_written_in_ascii(sink):
    mail_channel(sink).send(letter(address="ana@pão.test"))
    assert sink.taken[0].recipient == "ana@xn--po-sia.test"

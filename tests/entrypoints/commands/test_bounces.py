"""`religa bounces`: from a pipe, a file, an mbox and a maildir to what is known of a message."""

from __future__ import annotations

import mailbox

import pytest
from click.testing import CliRunner
from django.db import OperationalError

from religa.adapters.smtp import verp
from religa.entrypoints.commands import bounces
from religa.ports.messages import ReceiptState
from religa.records import secrets

pytestmark = pytest.mark.django_db


def bounce(number, key=None):
    to = verp.address(number, key=key or secrets.marks()[0], prefix="bounce", domain="volta.test")
    return (
        f"From: MAILER-DAEMON@mx.test\nTo: {to}\nSubject: Undelivered\n\nana@example.test: 550 5.1.1 unknown\n"
    ).encode()


@pytest.fixture
def learnt(monkeypatch):
    found = []
    monkeypatch.setattr(
        "religa.actions.messages.receipts.learn",
        lambda receipts, *, at: found.extend(receipts) or len(receipts),
    )
    return found


def run(*arguments, **more):
    return CliRunner().invoke(bounces.command, arguments, **more)


def test_a_mail_from_a_pipe_is_learnt_from_without_a_word(learnt):
    result = run("-", input=bounce(17))
    assert (result.exit_code, result.output) == (0, "")
    [receipt] = learnt
    assert (receipt.message, receipt.state, receipt.permanent) == (17, ReceiptState.FAILED, True)
    assert receipt.provider_message_id.startswith("<religa.17.")


def test_the_mail_servers_word_for_the_recipient_is_enough(learnt):
    to = verp.address(18, key=secrets.marks()[0], prefix="bounce", domain="volta.test")
    run("-", "--recipient", to, input=b"From: MAILER-DAEMON@mx.test\n\n550 5.1.1 unknown\n")
    assert [r.message for r in learnt] == [18]


def test_boxes_are_read_whole_and_left_as_they_are(learnt, tmp_path):
    box, folder = mailbox.mbox(tmp_path / "box"), mailbox.Maildir(tmp_path / "folder")
    for number in (1, 2):
        box.add(bounce(number))
        folder.add(bounce(number + 2))
    box.add(bounce(9, key=b"somebody else's"))
    box.flush()
    before = (tmp_path / "box").read_bytes()
    assert run(str(tmp_path / "box")).output == "3 mails, 2 about messages of ours, 2 known.\n"
    assert run(str(tmp_path / "folder")).output == "2 mails, 2 about messages of ours, 2 known.\n"
    assert sorted(r.message for r in learnt) == [1, 2, 3, 4] and (tmp_path / "box").read_bytes() == before


def test_one_mail_in_a_file(learnt, tmp_path):
    (tmp_path / "mail").write_bytes(bounce(5))
    assert "1 mails, 1 about" in run(str(tmp_path / "mail")).output and learnt[0].message == 5


def test_where_the_database_is_away_the_mail_server_keeps_the_mail(monkeypatch):
    def away(*_, **__):
        raise OperationalError("gone")

    monkeypatch.setattr("religa.records.locks.database_now", away)
    assert run("-", input=bounce(17)).exit_code == bounces.TRY_AGAIN

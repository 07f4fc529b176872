"""What every `Channel` does, whatever is behind it.

    class TestThatChannel(ChannelContract):
        @pytest.fixture
        def side(self): ...   # yields a `Driver`

The other side is a fake that keeps what it takes and can fail; the driver is how these tests reach it.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Protocol

import pytest

from religa.ports.messages import Channel, NotSent, OutgoingMessage, Sent, Unknown

SECRET_WORDS = "Palavras-que-ninguem-escreve-num-log"


class Driver(Protocol):
    """A channel, and its other side. `address`: of somebody who is there. `wrong`: what is no address at all."""

    channel: Channel
    address: str
    wrong: tuple[str, ...]
    has_numbers: bool
    knows_repeats: bool

    def taken(self) -> list[tuple[str, str]]:
        """Address and text of everything that the other side has taken, in order."""

    def refuse(self, *, permanent: bool) -> None:
        """The next message is refused, for good or for now."""

    def take_and_say_nothing(self) -> None:
        """The next message is taken, and the answer is lost."""

    def is_away(self) -> Channel:
        """The same channel whose other side does not listen."""


class ChannelContract:
    @pytest.fixture
    def message(self, side) -> OutgoingMessage:
        text = f"Olá, {SECRET_WORDS}.\nSua conta venceu: “R$ 99,90” & {{{{to}}}}\n\n00020126BR.GOV.BCB.PIX"
        return OutgoingMessage(17, "debt", side.channel.name, side.address, "Aviso", text, "pt-br")

    def test_a_message_is_taken_once_with_its_whole_text(self, side, message):
        outcome = side.channel.send(message)
        assert isinstance(outcome, Sent) and not outcome.delivered
        assert bool(outcome.provider_message_id) is side.has_numbers
        [(address, text)] = side.taken()
        assert address == side.address and " ".join(text.split()) == " ".join(message.text.split())

    def test_two_messages_have_two_numbers(self, side, message):
        first, second = side.channel.send(message), side.channel.send(replace(message, id=18))
        assert len(side.taken()) == 2
        assert not side.has_numbers or first.provider_message_id != second.provider_message_id

    def test_a_no_for_good_is_permanent_and_one_for_now_is_not(self, side, message):
        for permanent in (True, False):
            side.refuse(permanent=permanent)
            outcome = side.channel.send(message)
            assert isinstance(outcome, NotSent) and outcome.permanent is permanent and outcome.error
        assert side.taken() == []

    def test_after_a_no_the_next_message_goes_through(self, side, message):
        side.refuse(permanent=True)
        side.channel.send(message)
        assert isinstance(side.channel.send(message), Sent)

    def test_where_nobody_listens_nothing_was_sent_and_it_may_be_tried_again(self, side, message):
        outcome = side.is_away().send(message)
        assert isinstance(outcome, NotSent) and not outcome.permanent

    def test_a_lost_answer_is_unknown_unless_a_repeat_is_known_again(self, side, message):
        side.take_and_say_nothing()
        outcome = side.channel.send(message)
        if side.knows_repeats:
            assert isinstance(outcome, NotSent) and not outcome.permanent
            assert isinstance(side.channel.send(message), Sent)
        else:
            assert isinstance(outcome, Unknown)
        assert len(side.taken()) == 1

    def test_what_is_no_address_is_refused_here(self, side, message):
        for address in ("", " ", "\r\nBcc: a@b.test", "x" * 5000, *side.wrong):
            outcome = side.channel.send(replace(message, address=address))
            assert isinstance(outcome, NotSent) and outcome.permanent, address
        assert side.taken() == []

    def test_neither_logs_nor_errors_hold_address_or_text(self, side, message, caplog):
        caplog.set_level(logging.DEBUG)
        said = [side.channel.send(message)]
        side.refuse(permanent=True)
        said.append(side.channel.send(message))
        side.take_and_say_nothing()
        said.append(side.channel.send(message))
        said.append(side.is_away().send(message))
        written = caplog.text + "".join(repr(getattr(one, "error", "")) for one in said)
        assert SECRET_WORDS not in written
        assert side.address not in written and side.address[-20:] not in written

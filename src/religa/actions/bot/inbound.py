"""Answers who writes to the provider's number, by a fixed menu: no language model, the same actions as the portal's.

Each message is handled once, whatever the channel repeats. The number says whom it may be; before anything about an
account is said, the end of its document is asked for, once on each civil day. Nobody's name is ever said.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from religa.actions.bot import talking
from religa.actions.bot.replying import reply
from religa.actions.bot.send_pix import PixSent, send
from religa.actions.bot.turn import Spoken, Turn
from religa.actions.money.charging import CollectorFor
from religa.domain import intents, phones
from religa.ports.messages import Inbound
from religa.records import raw
from religa.records.models import Conversation, Provider
from religa.records.queries import callers
from religa.records.queries.callers import Holder
from religa.records.throttle import Limit, try_once
from religa.wording import bot

logger = logging.getLogger(__name__)

SPOKEN = Limit("bot_messages", 60, timedelta(hours=1))  # by number: whoever writes more gets no more answers
TOO_OLD = timedelta(hours=24)  # what was asked yesterday may not be wanted any more


@dataclass(frozen=True, slots=True)
class _Caller:
    number: str
    provider_id: int
    holders: tuple[Holder, ...]


def take(
    inbound: Sequence[Inbound],
    *,
    at: datetime,
    provider_id: int | None = None,
    collector_for: CollectorFor | None = None,
) -> None:
    """Handles what came in, oldest first. One that fails does not keep the others; its error is raised at the end, so
    that whoever hands over tries again, which repeats nothing.

    `provider_id`: whose number was written to, where the channel knows. `collector_for`: another way to a bank than
    the usual one.
    """
    failed: list[Exception] = []
    for message in sorted(inbound, key=lambda m: m.at):
        try:
            _take_one(message, at, provider_id, collector_for)
        except Exception as error:
            logger.exception("an inbound message of %s was not handled", message.channel)
            failed.append(error)
    if failed:
        raise failed[0]


def _take_one(
    message: Inbound, at: datetime, provider_id: int | None, collector_for: CollectorFor | None
) -> None:
    caller = _caller(message, provider_id)
    if caller is None:
        logger.warning("a message by %s is for none of several providers", message.channel)
        return
    with transaction.atomic():
        conversation = _conversation(message, caller, at)
        turn = _turn(message, conversation, caller, at)
        if not _keep(message, conversation, turn.said.intent.value):
            return
        spoken = _answer(turn, message)
        _keep_text(turn, message)
        conversation.last_at = at
        conversation.save()
        reply(turn.address, spoken.texts, at=at)
        if (contract := spoken.pix) is not None:  # a bank is asked outside any transaction, the caller's too
            transaction.on_commit(lambda: _send_pix(turn, contract, collector_for), robust=True)


def _caller(message: Inbound, provider_id: int | None) -> _Caller | None:
    number = phones.digits_of(message.sender if message.sender.startswith("+") else f"+{message.sender}")
    holders = callers.holders_of(number, provider_id=provider_id)
    found = provider_id or callers.provider_of(
        number, holders, reply_to=message.reply_to, channel=message.channel
    )
    if found is None:
        return None
    return _Caller(number, found, tuple(h for h in holders if h.provider_id == found))


def _conversation(message: Inbound, caller: _Caller, at: datetime) -> Conversation:
    """The row of this number, taken; made with its first message."""
    raw.run(
        "INSERT INTO conversation (provider_id, channel, sender, step, wish, page, protocol, last_at, expires_at,"
        " taken_by) VALUES (%s, %s, %s, 'open', '', 0, '', %s, %s, '') ON CONFLICT DO NOTHING",
        [caller.provider_id, message.channel, message.sender, at, at],
    )
    return Conversation.objects.select_for_update(of=("self",)).get(
        provider_id=caller.provider_id, channel=message.channel, sender=message.sender
    )


def _turn(message: Inbound, conversation: Conversation, caller: _Caller, at: datetime) -> Turn:
    is_new = conversation.expires_at <= at
    awaits = conversation.step == "digits" and not is_new
    said = intents.read(message.text, awaiting_digits=awaits)
    provider = Provider.objects.get(pk=caller.provider_id)
    return Turn(conversation, provider, caller.number, caller.holders, said, message.message_id, at, is_new)


def _keep(message: Inbound, conversation: Conversation, intent: str) -> bool:
    """Whether it is the first time that this message is seen."""
    return bool(
        raw.run(
            "INSERT INTO inbound_message (conversation_id, message_id, at, intent, text)"
            " VALUES (%s, %s, %s, %s, '') ON CONFLICT DO NOTHING",
            [conversation.pk, message.message_id, message.at, intent],
        )
    )


def _answer(turn: Turn, message: Inbound) -> Spoken:
    """Nothing to what is old, and to whom is writing without end."""
    if turn.at - message.at > TOO_OLD:
        return Spoken()
    who = f"{turn.provider.pk}|{turn.conversation.channel}|{turn.conversation.sender}"
    return talking.answer(turn) if try_once(SPOKEN, who, at=turn.at) else Spoken()


def _keep_text(turn: Turn, message: Inbound) -> None:
    """The text stays only where a person is to read it."""
    if turn.conversation.handed_over_at is not None and message.text:
        query = "UPDATE inbound_message SET text = %s WHERE conversation_id = %s AND message_id = %s"
        text = message.text.replace("\0", "")[:_LONGEST]
        raw.run(query, [text, turn.conversation.pk, message.message_id])


_LONGEST = 1000  # characters that a person is shown of one message


def _send_pix(turn: Turn, contract_id: int, collector_for: CollectorFor | None) -> None:
    """Asks a bank for the code. Where that fails there is still an answer."""
    sent = send(
        contract_id=contract_id,
        number=turn.conversation.sender,
        channel=turn.conversation.channel,
        collector_for=collector_for,
        at=turn.at,
        key=turn.key,
        language=turn.language,
    )
    if isinstance(sent, PixSent):
        return
    words = bot.NO_PIX_BECAUSE.get(sent.why, bot.NO_PIX)
    said = words.in_(turn.language).format(reach=turn.reach)
    reply(turn.address, [f"{said}\n\n{bot.MENU.in_(turn.language)}"], at=turn.at)

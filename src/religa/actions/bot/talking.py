"""The menu: what is answered to each message, step by step. Every message gets an answer, but while a person of the
staff has taken the conversation over.

Steps: `open` (nothing asked), `digits` (who are you), `contract` (which one), `menu` (choices 1 to 4), `confirm` (an
unlock whose end was shown). `wish` is what he came for, kept while he is asked who he is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from religa.actions import protocol
from religa.actions.bot import identify, take_over, wishes
from religa.actions.bot.turn import Spoken, Turn
from religa.actions.messages import wrong_person
from religa.domain.intents import Intent
from religa.records import reach
from religa.wording import bot

LASTS = timedelta(minutes=30)  # of silence; then the menu begins anew
A_PERSON_TALKS = timedelta(hours=4)  # so long the menu is silent for whoever has taken over

STATUS, UNLOCK, PAID, PIX = "status", "unlock", "paid", "pix"
_WISHES = {Intent.STATUS: STATUS, Intent.UNLOCK: UNLOCK, Intent.PAID: PAID, Intent.PIX: PIX}
_MENU = {1: UNLOCK, 2: PIX, 3: PAID}
_AGENT = 4
_FOR_A_PERSON = (
    Intent.UNKNOWN,
    Intent.YES,
    Intent.NO,
    Intent.THANKS,
    Intent.NO_TEXT,
    Intent.CHOICE,
    Intent.DIGITS,
)


def answer(turn: Turn) -> Spoken:
    """What is said to one message; the conversation's row is changed, and saved by the caller."""
    c = turn.conversation
    if c.taken_at is not None and turn.at < c.taken_at + A_PERSON_TALKS:
        return Spoken()
    if c.taken_at is not None:  # whoever took it has forgotten to let go
        take_over.release(c)
    first = _begin(turn) if turn.is_new else ""
    c.expires_at = turn.at + LASTS
    spoken = _route(turn)
    head, *rest = spoken.texts or ("",)
    return Spoken((turn.words(first, head), *rest), spoken.pix)


def _begin(turn: Turn) -> str:
    """Who speaks here, and the protocol number, which is told at the start of each contact (RGC art. 9)."""
    c = turn.conversation
    c.step, c.wish, c.page, c.contract_id = "open", "", 0, None
    c.protocol = protocol.number(
        provider_id=turn.provider.pk, contract_id=None, subject="bot_contact", at=turn.at, text=c.channel
    )
    name = turn.provider.trade_name or turn.provider.name
    hello = bot.HELLO.in_(turn.language).format(provider=name)
    return f"{hello} {bot.PROTOCOL.in_(turn.language).format(protocol=c.protocol)}"


def _route(turn: Turn) -> Spoken:
    """What counts at every step first, then what the step asked for, then what the words say."""
    said = turn.said.intent
    always = _ALWAYS.get(said)
    if always is not None and (turn.is_known or said is not Intent.AGENT):
        return always(turn)
    if not turn.is_known:
        return Spoken((turn.words(bot.UNKNOWN_NUMBER),))
    if _is_for_a_person(turn):
        return Spoken((turn.words(bot.KEPT_FOR_PERSON),))
    if said in _WISHES:
        return _want(turn, _WISHES[said])
    return _STEPS[turn.conversation.step](turn)


def _is_for_a_person(turn: Turn) -> bool:
    """What is told to whoever was called, and not one of the menu's words alone."""
    c = turn.conversation
    if c.handed_over_at is None or c.step != "open":
        return False
    return turn.said.is_sentence or turn.said.intent in _FOR_A_PERSON


# -- at every step --------------------------------------------------------------------------------------------------


def _wrong_person(turn: Turn) -> Spoken:
    c = turn.conversation
    if turn.is_known:
        wrong_person.mark(turn.number, channel=c.channel, at=turn.at)
        c.wrong_person_at = turn.at
    c.subscriber_id, c.identified_at, c.contract_id = None, None, None
    turn.go("open", "")
    return Spoken((turn.words(bot.WRONG_PERSON),))


def _stop(turn: Turn) -> Spoken:
    """Nothing but answers goes to this number on this channel any more."""
    turn.conversation.stopped_at = turn.at
    reach.close([(turn.conversation.channel, turn.number)], why="asked", at=turn.at)
    return Spoken((turn.words(bot.STOPPED),))


def _start(turn: Turn) -> Spoken:
    turn.conversation.stopped_at = None
    reach.reopen(turn.number, by="holder", at=turn.at, why="asked")
    return Spoken((turn.words(bot.STARTED),))


def _agent(turn: Turn) -> Spoken:
    """Nobody is identified by asking for a person: who takes over asks himself."""
    c = turn.conversation
    c.handed_over_at = c.handed_over_at or turn.at
    turn.go("open", "")
    phones = bot.phone_line(turn.phones, language=turn.language)
    return Spoken((turn.words(bot.HANDED_OVER.in_(turn.language).format(phones=phones)),))


_ALWAYS: dict[Intent, Callable[[Turn], Spoken]] = {
    Intent.WRONG_PERSON: _wrong_person,
    Intent.STOP: _stop,
    Intent.START: _start,
    Intent.AGENT: _agent,
}


# -- who, and which contract ----------------------------------------------------------------------------------------


def _want(turn: Turn, wish: str) -> Spoken:
    """Does what is wanted, once it is known who asks and of which contract."""
    turn.conversation.wish = wish
    if not turn.is_identified:
        turn.go("digits")
        return Spoken((turn.words(bot.ASK_DIGITS),))
    if turn.contract is None:
        return _choose(turn)
    return wishes.do(turn, wish)


def _digits(turn: Turn) -> Spoken:
    """Somebody was asked who he is."""
    if turn.said.intent is Intent.CHOICE and turn.said.number == _AGENT:
        return _agent(turn)
    if turn.said.intent is not Intent.DIGITS:
        return Spoken((turn.words(_not_what_was_asked(turn), bot.ASK_DIGITS),))
    found = identify.by_caller(
        provider_id=turn.provider.pk, number=turn.number, digits=turn.said.digits, at=turn.at
    )
    if isinstance(found, identify.TooManyTries):
        turn.go("open", "")
        return Spoken((turn.words(bot.TOO_MANY_TRIES),))
    if isinstance(found, identify.NotIdentified):
        return Spoken((turn.words(bot.WRONG_DIGITS),))
    turn.conversation.subscriber_id, turn.conversation.identified_at = found.subscriber_id, turn.at
    return _want(turn, turn.conversation.wish or STATUS)


def _choose(turn: Turn) -> Spoken:
    """One contract needs no choice, nor does the only one that is not in order."""
    found = turn.contracts
    if not found:
        turn.go("open", "")
        return Spoken((turn.words(bot.NO_CONTRACT),))
    listed = wishes.listed(turn) if len(found) > 1 else []
    needing = [c for c in listed if c.needs_something]
    only = found[0].pk if len(found) == 1 else needing[0].contract.pk if len(needing) == 1 else None
    if only is not None:
        turn.conversation.contract_id = only
        return wishes.do(turn, turn.conversation.wish or STATUS)
    turn.go("contract")
    return Spoken((turn.words(wishes.choices(turn, listed)),))


def _contract(turn: Turn) -> Spoken:
    """Somebody was asked which contract."""
    listed = wishes.listed(turn) if turn.is_identified else []
    if not listed:
        return _want(turn, turn.conversation.wish or STATUS)
    picked = wishes.pick(turn, listed)
    if picked is None:
        return Spoken((turn.words(_not_what_was_asked(turn), wishes.choices(turn, listed)),))
    turn.conversation.contract_id = picked
    return wishes.do(turn, turn.conversation.wish or STATUS)


# -- the menu -------------------------------------------------------------------------------------------------------


def _menu(turn: Turn) -> Spoken:
    """Choices 1 to 4, and everything that is none."""
    said = turn.said
    if said.intent is Intent.CHOICE:
        return _agent(turn) if said.number == _AGENT else _want(turn, _MENU[said.number])
    if not turn.is_identified or said.intent is Intent.MENU:
        return _want(turn, STATUS)
    if said.intent is Intent.THANKS:
        return Spoken((turn.words(bot.THANKS),))
    return Spoken((turn.words(_not_what_was_asked(turn), bot.MENU),))


def _confirm(turn: Turn) -> Spoken:
    """The end was shown: 1 does it."""
    said = turn.said
    yes = said.intent is Intent.YES or (said.intent is Intent.CHOICE and said.number == 1)
    no = said.intent in (Intent.NO, Intent.MENU) or (said.intent is Intent.CHOICE and said.number == 3)
    wish = turn.conversation.wish
    if wish not in (UNLOCK, PAID) or not turn.is_identified or turn.contract is None:
        return _want(turn, wish or STATUS)  # the day is over, or the number is his no more
    if yes:
        return wishes.unlock(turn)
    if said.intent is Intent.CHOICE and said.number == 2:
        return _want(turn, PIX)
    if said.intent is Intent.CHOICE and said.number == _AGENT:
        return _agent(turn)
    if no:
        turn.go("menu")
        return Spoken((turn.words(bot.NOTHING_DONE, bot.MENU),))
    return Spoken((turn.words(_not_what_was_asked(turn), wishes.confirmation(turn)),))


def _not_what_was_asked(turn: Turn) -> str:
    if turn.said.intent is Intent.NO_TEXT:
        return bot.NO_TEXT.in_(turn.language)
    if turn.said.intent is Intent.THANKS:
        return bot.THANKS.in_(turn.language)
    is_greeting = turn.said.intent is Intent.MENU or turn.is_new
    return "" if is_greeting else bot.NOT_UNDERSTOOD.in_(turn.language)


def _open(turn: Turn) -> Spoken:
    """Nothing was asked. Whatever he says, who he is comes first; a choice is one of the usual menu."""
    if turn.is_identified:
        return _menu(turn)
    turn.go("digits", _MENU.get(turn.said.number, STATUS) if turn.said.intent is Intent.CHOICE else STATUS)
    return _digits(turn)


_STEPS: dict[str, Callable[[Turn], Spoken]] = {
    "open": _open,
    "digits": _digits,
    "contract": _contract,
    "menu": _menu,
    "confirm": _confirm,
}

"""What an identified person can have from the menu: how things stand, an unlock, a Pix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from religa.actions import unlock_on_trust
from religa.actions.bot import standing
from religa.actions.bot.turn import Spoken, Turn
from religa.actions.look import look
from religa.actions.once import KeyUsedForSomethingElse
from religa.actions.unlock_on_trust import Unlocked
from religa.domain.facts import Channel, UnlockKind
from religa.domain.trust import Granted, Request
from religa.records.models import Contract
from religa.wording import bot, say

_KINDS = {"unlock": UnlockKind.PROMISE, "paid": UnlockKind.PAID_ALREADY}
_OFFERS = {"unlock": bot.OFFER_PROMISE, "paid": bot.OFFER_PAID}
_CONFIRM = {"unlock": bot.CONFIRM_PROMISE, "paid": bot.CONFIRM_PAID}
_CHANNEL = Channel.WHATSAPP  # by which menu it was asked for, whatever carried it
_PAGE = 3  # contracts beside "see others"
_MOST = 4  # choices


def do(turn: Turn, wish: str) -> Spoken:
    """`wish`: status, unlock, paid or pix, of the chosen contract."""
    if wish == "pix":
        turn.go("menu", wish)
        assert turn.conversation.contract_id is not None
        return Spoken((turn.words(_about(turn), bot.PIX_COMING),), pix=turn.conversation.contract_id)
    return _offer(turn, wish) if wish in _KINDS else _status(turn)


def _about(turn: Turn) -> str:
    """Which contract is meant, where there are several."""
    if len(turn.contracts) < 2 or turn.contract is None:
        return ""
    return bot.ABOUT.in_(turn.language).format(name=turn.contract.external_id)


def _status(turn: Turn) -> Spoken:
    turn.go("menu", "status")
    assert turn.contract is not None
    stands = standing.of(turn.contract.pk, at=turn.at, moments=turn.moments, history=False)
    return Spoken((turn.words(_about(turn), stands.text, bot.MENU),))


def _offer(turn: Turn, wish: str) -> Spoken:
    """Shows the exact end and asks; a no is asked for at once, so that it is kept and has its protocol number."""
    assert turn.contract is not None
    view = look(contract_id=turn.contract.pk, at=turn.at)
    answer = standing.offer(view, kind=_KINDS[wish], channel=_CHANNEL, at=turn.at)
    turn.go("confirm", wish)
    if not isinstance(answer, Granted):
        return unlock(turn)
    said = _OFFERS[wish].in_(turn.language).format(until=turn.moments.until(answer.until))
    return Spoken((turn.words(_about(turn), said, _CONFIRM[wish]),))


def confirmation(turn: Turn) -> str:
    """The choices of an unlock whose end was shown."""
    return _CONFIRM.get(turn.conversation.wish, bot.MENU).in_(turn.language)


def unlock(turn: Turn) -> Spoken:
    """Asks for it. The message is the key: said once, done once."""
    wish = turn.conversation.wish
    assert turn.contract is not None and wish in _KINDS
    key = turn.key
    asked = Request(_KINDS[wish], _CHANNEL)
    turn.go("menu")
    try:
        given = unlock_on_trust.unlock(contract_id=turn.contract.pk, request=asked, at=turn.at, key=key)
    except KeyUsedForSomethingElse:
        return _status(turn)
    if isinstance(given, Unlocked):
        return Spoken((bot.granted(given.until, protocol=given.protocol, moments=turn.moments),))
    no = bot.not_granted(given.refusal, protocol=given.protocol, moments=turn.moments, amounts=False)
    return Spoken((turn.words(_about(turn), _seen(turn) if wish == "paid" else "", no, bot.MENU),))


def _seen(turn: Turn) -> str:
    """What we see of a payment that somebody says he has made."""
    assert turn.contract is not None
    stands = standing.of(turn.contract.pk, at=turn.at, moments=turn.moments, history=False)
    missing = bot.NOT_SEEN_YET.in_(turn.language) if stands.owes and not stands.is_open else ""
    return f"{missing} {stands.text}".strip()


# -- several contracts ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed:
    contract: Contract
    state: str
    needs_something: bool


def listed(turn: Turn) -> list[Listed]:
    """Those that are not in order first."""
    found = []
    for contract in turn.contracts:
        view = look(contract_id=contract.pk, at=turn.at)
        state = say(view.decision.status, turn.language)
        found.append(Listed(contract, state, standing.needs_something(view)))
    return sorted(found, key=lambda one: not one.needs_something)


def choices(turn: Turn, every: Sequence[Listed]) -> str:
    """At most four lines with a number; the fourth leads to the others where there are more."""
    language, shown = turn.language, _shown(turn, every)
    lines = [
        bot.ONE_CONTRACT.in_(language).format(n=n, name=one.contract.external_id, state=one.state)
        for n, one in enumerate(shown, 1)
    ]
    if len(every) > _MOST:
        lines.append(bot.OTHERS.in_(language).format(n=_MOST))
    return "\n".join([bot.WHICH_CONTRACT.in_(language), *lines])


def pick(turn: Turn, every: Sequence[Listed]) -> int | None:
    """The key of the contract that was chosen; None for no choice, or to see others."""
    number, shown = turn.said.number, _shown(turn, every)
    if 1 <= number <= len(shown):
        return shown[number - 1].contract.pk
    if number == _MOST and len(every) > _MOST:
        pages = -(-len(every) // _PAGE)
        turn.conversation.page = (turn.conversation.page + 1) % pages
    return None


def _shown(turn: Turn, every: Sequence[Listed]) -> Sequence[Listed]:
    if len(every) <= _MOST:
        return every
    start = turn.conversation.page * _PAGE
    return every[start : start + _PAGE]

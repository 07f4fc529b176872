"""docs/operators/phone-menu.md quotes what Religa says: whole sentences in «» must be what it really says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from religa.actions.bot import standing
from religa.domain.facts import Channel, UnlockKind
from religa.wording import Language, Moments, bot
from religa.wording.speech import spoken

from .. import world

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).parents[3] / "docs/operators/phone-menu.md"


def test_the_quoted_prompts_are_what_a_voice_says(carla, phone):
    moments = Moments(language=Language.PT, zone=world.ZONE, now=phone.at)
    stands = standing.of(carla, at=phone.at, moments=moments, history=False)
    offer = standing.offer(stands.view, kind=UnlockKind.PROMISE, channel=Channel.URA, at=phone.at)
    sent = bot.PIX_SENT.pt.format(channel="SMS", ending="01")
    said = [stands.text, bot.OFFER_PROMISE.pt.format(until=moments.until(offer.until)), sent]
    quoted = [" ".join(q.replace("\n> ", " ").split()) for q in re.findall(r"«([^»]*)»", PAGE.read_text())]
    whole = {q for q in quoted if "…" not in q and q}
    assert whole == {spoken(text, language=Language.PT) for text in said}

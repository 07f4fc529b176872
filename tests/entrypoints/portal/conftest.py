from __future__ import annotations

import re

import pytest


def last_code() -> str:
    from religa.records.models import Message

    return re.search(r"\d{6}", Message.objects.filter(kind="code").latest("id").text)[0]


@pytest.fixture(autouse=True)
def nobody_has_tried_before(db):
    """Tries are no table of Django's: those of a browser's tests, which commit, would count here, too."""
    from religa.records import raw

    raw.run("DELETE FROM throttle")


@pytest.fixture
def enter(client, now):
    """`enter(contract)`: the subscriber of the contract is logged in."""
    from religa.actions import portal_sessions
    from religa.entrypoints.portal import visitor

    def log_in(contract):
        client.cookies[visitor.COOKIE] = portal_sessions.begin(
            subscriber_id=contract.subscriber_id, proof="code", device="android", stays=visitor.STAYS, at=now
        )
        return client

    return log_in

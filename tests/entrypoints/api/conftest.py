"""A phone menu asks for Maria, who is blocked; everything that goes to and fro is held against openapi.yaml."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def nobody_has_tried_before(db):
    from religa.records import raw

    raw.run("DELETE FROM throttle")


@pytest.fixture
def make_client(provider, now):
    """`make_client(role)`: a program's key."""
    from religa.actions.bot.make_client import Made, make

    def make_one(role="phone", **more):
        wanted = {"name": f"{role} {len(more)}", "addresses": [], "per_minute": 600, "by": "Gestora", **more}
        made = make(provider_id=provider.pk, role=role, at=now, **wanted)
        assert isinstance(made, Made)
        return made

    return make_one


@pytest.fixture
def ura(client, make_client):
    """A phone menu at work."""
    from .caller import Caller

    return Caller(client, make_client("phone").key)


@pytest.fixture
def maria_calls(ura, maria):
    """The phone menu, to which Maria has said who she is."""
    ura.identify(maria)
    return ura


@pytest.fixture
def maria_proven(client, make_client, maria):
    """An app, in which Maria has typed a code."""
    from .caller import Caller

    app = Caller(client, make_client("app").key)
    app.prove(maria)
    return app

"""The answer at an instant: half-open, never 0 seconds, never longer than a router can count."""

from datetime import UTC, datetime, timedelta

import pytest

from .town import Town

UNTIL = datetime(2026, 12, 7, 12, 0, tzinfo=UTC)
TRUSTED = f"st=trust:{UNTIL.timestamp():.0f}"
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture(scope="module")
def carla(town: Town):
    return town.login("carla")


def answer(
    town: Town, login, at: datetime, access: str, then: str, until: datetime | str | None = UNTIL
) -> dict:
    """What is answered at `at`, by attribute; empty for a refusal."""
    town.sql(
        "UPDATE contract_access SET access = %s, access_then = %s, until = %s WHERE contract_id = %s",
        access, then, until, login.contract,
    )  # fmt: skip
    name = login.username.encode().hex()
    return {a: v for a, v, _ in town.sql("SELECT * FROM radius.answer(%s, '', 'mikrotik', %s)", name, at)}


def state(items: dict) -> tuple[str | None, str | None]:
    return items.get("Class"), items.get("Session-Timeout")


def test_what_comes_true_at_an_instant_holds_at_that_instant(town, carla):
    just_before = UNTIL - timedelta(microseconds=1)
    assert state(answer(town, carla, just_before, "full", "walled")) == (TRUSTED, "1")
    assert state(answer(town, carla, UNTIL, "full", "walled")) == ("st=blocked", "1800")
    assert state(answer(town, carla, UNTIL + DAY, "full", "walled")) == ("st=blocked", "1800")


def test_the_seconds_left_are_rounded_up(town, carla):
    assert state(answer(town, carla, UNTIL - 90 * SECOND, "full", "walled")) == (TRUSTED, "90")
    assert state(answer(town, carla, UNTIL - 89.2 * SECOND, "full", "walled")) == (TRUSTED, "90")


def test_a_change_for_the_better_or_none_does_not_end_a_session(town, carla):
    assert state(answer(town, carla, UNTIL - DAY, "full", "full")) == ("st=active", None)
    assert state(answer(town, carla, UNTIL - DAY, "reduced", "full")) == ("st=reduced", None)
    assert state(answer(town, carla, UNTIL, "walled", "full")) == ("st=active", None)


def test_each_change_for_the_worse_ends_it(town, carla):
    assert state(answer(town, carla, UNTIL - DAY, "full", "reduced")) == (TRUSTED, "86400")
    assert state(answer(town, carla, UNTIL - DAY, "reduced", "walled")) == ("st=reduced", "86400")
    assert state(answer(town, carla, UNTIL - DAY, "full", "closed")) == (TRUSTED, "86400")
    assert answer(town, carla, UNTIL, "full", "closed") == {}


def test_the_wall_asks_again_after_half_an_hour_or_before_it_ends(town, carla):
    assert state(answer(town, carla, UNTIL - DAY, "walled", "closed")) == ("st=blocked", "1800")
    assert state(answer(town, carla, UNTIL - 60 * SECOND, "walled", "closed")) == ("st=blocked", "60")
    assert state(answer(town, carla, UNTIL, "walled", "walled", until=None)) == ("st=blocked", "1800")


def test_an_end_far_away_stays_below_what_a_router_can_count(town, carla):
    longest = 24 * 86_400
    assert longest * 1000 < 2**31
    assert state(answer(town, carla, UNTIL - 400 * DAY, "full", "walled")) == (TRUSTED, str(longest))
    assert state(answer(town, carla, UNTIL, "full", "walled", until="infinity"))[0] == "st=active"


def test_a_contract_that_was_never_judged_is_open(town):
    fresh = town.login()
    ask = "SELECT value FROM radius.answer(%s, '', 'generic', now()) WHERE attribute = 'Class'"
    assert town.sql(ask, fresh.username.encode().hex()) == [("st=active",)]


def test_a_switched_off_login_leaves_the_others_of_its_contract_alone(town):
    ana, second = town.login(), town.login()
    town.sql(
        "UPDATE access_record SET contract_id = %s, enabled = false WHERE id = %s",
        ana.contract,
        second.record,
    )
    ask = "SELECT count(*) > 0 FROM radius.answer(%s, '', 'generic', now())"
    assert town.sql(ask, ana.username.encode().hex()) == [(True,)]
    assert town.sql(ask, second.username.encode().hex()) == [(False,)]

"""By which way a subscriber is told something, and by which next."""

from dataclasses import replace

from religa.actions.messages.reach import NOWHERE, Way, first, following, ways
from religa.records.reach import Person, Phone

MOBILE, HOME = "5585991234567", "558532001234"
CARLA = Person(
    contract_id=1, provider_id=1, subscriber_id=1, email="carla@example.org",
    phones=(Phone(MOBILE, whatsapp=True), Phone(HOME, whatsapp=False)), closed=frozenset(), walled=False,
    channels=("whatsapp", "email", "sms"),
)  # fmt: skip
BY_WHATSAPP, BY_EMAIL, BY_SMS = Way("whatsapp", MOBILE), Way("email", CARLA.email), Way("sms", MOBILE)


def test_the_provider_s_order_and_every_number():
    assert ways(CARLA, "reminder") == [BY_WHATSAPP, BY_EMAIL, BY_SMS, Way("sms", HOME)]


def test_a_legal_notice_goes_by_sms_only_where_the_provider_says_so():
    for kind in ("debt_notice", "termination_notice"):
        assert ways(CARLA, kind) == [BY_WHATSAPP, BY_EMAIL]
        assert BY_SMS in ways(replace(CARLA, sms_carries_notices=True), kind)


def test_codes_and_what_is_told_behind_the_wall_go_by_sms_first():
    assert first(CARLA, "code") == BY_SMS
    walled = replace(CARLA, walled=True)
    assert first(walled, "receipt") == BY_SMS
    assert first(walled, "debt_notice") == BY_WHATSAPP


def test_closed_addresses_are_left_out_on_their_channel_or_on_all():
    assert first(replace(CARLA, closed=frozenset({("whatsapp", MOBILE)})), "receipt") == BY_EMAIL
    nothing = replace(CARLA, closed=frozenset({("", MOBILE), ("", HOME), ("email", CARLA.email)}))
    assert ways(nothing, "receipt") == []
    assert first(nothing, "receipt") == NOWHERE


def test_each_way_is_tried_once_and_then_none_is_left():
    tried: list[tuple[str, str]] = []
    while way := following(CARLA, "receipt", tried):
        tried.append((way.channel, way.address))
    assert tried == [(w.channel, w.address) for w in ways(CARLA, "receipt")]


def test_push_goes_in_its_place_and_carries_no_legal_notice_and_no_code():
    told = replace(CARLA, channels=("push", *CARLA.channels, "push"), devices=("device/2", "device/1"))
    assert ways(told, "reminder")[:3] == [Way("push", "device/2"), Way("push", "device/1"), BY_WHATSAPP]
    for kind in ("debt_notice", "termination_notice", "code", "pix", "agreement"):
        assert ways(told, kind) == ways(CARLA, kind)
    by_push_alone = replace(told, channels=("push",))
    assert first(by_push_alone, "debt_notice") == NOWHERE != first(by_push_alone, "reminder")
    assert "push" not in {w.channel for w in ways(replace(told, channels=CARLA.channels), "reminder")}

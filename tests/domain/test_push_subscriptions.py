"""What a browser hands over as a subscription, and what only looks like one."""

import json

import pytest

from religa.domain.push_subscriptions import LONGEST, read

KEYS = {"p256dh": "B" + "A" * 86, "auth": "A" * 22}
WHOLE = {"endpoint": "https://fcm.googleapis.com/x", "expirationTime": None, "keys": KEYS}


def test_what_the_browser_adds_for_itself_is_not_kept():
    found = read(json.dumps(WHOLE | {"more": "x"}))
    assert found.endpoint == WHOLE["endpoint"]
    assert json.loads(found.text) == {"endpoint": WHOLE["endpoint"], "keys": KEYS}


@pytest.mark.parametrize(
    "changed",
    [
        {"endpoint": 7},
        {"endpoint": "https://fcm.googleapis.com/\n"},
        {"endpoint": "https://exemplo.test/é"},
        {"keys": None},
        {"keys": {"p256dh": KEYS["p256dh"]}},
        {"keys": KEYS | {"auth": "AA"}},
        {"keys": KEYS | {"auth": 5}},
        {"keys": KEYS | {"auth": "é" * 22}},
        {"keys": KEYS | {"p256dh": "A" * 20}},
        {"endpoint": "https://fcm.googleapis.com/" + "x" * LONGEST},
    ],
)
def test_whatever_is_no_subscription_is_none(changed):
    assert read(json.dumps(WHOLE | changed)) is None


@pytest.mark.parametrize("text", ["", "null", "[]", "7", '"x"', "{", "[" * 3000, "\0"])
def test_neither_is_any_other_text(text):
    assert read(text) is None

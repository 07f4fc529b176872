"""What a kind of router hears, and what must not be saved."""

from dataclasses import replace

import pytest

from religa.domain.facts import Access
from religa.domain.vendors import Fact, Fault, Purpose, Sample, Template, Vendor, fill, heard, problems_of

LOGIN, PUSH = Purpose.LOGIN, Purpose.PUSH
FULL, REDUCED, WALLED = Access.FULL, Access.REDUCED, Access.WALLED


def row(access=FULL, attribute="Filter-Id", template="open", purpose=LOGIN, **more):
    return Template(purpose, access, attribute, template, **more)


GOOD = (row(FULL), row(REDUCED, template="slow"), row(WALLED, template="shut"))


def vendor(*templates, **more):
    return Vendor("mine", "My router", "on a bench", templates or GOOD, **more)


def faults(*templates, **more):
    return {p.fault for p in problems_of(vendor(*templates, **more))}


def test_a_kind_with_a_state_of_its_own_for_each_access_is_right():
    assert problems_of(vendor()) == []


@pytest.mark.parametrize("missing", [FULL, REDUCED, WALLED])
def test_every_access_has_to_hear_something(missing):
    found = problems_of(vendor(*(t for t in GOOD if t.access is not missing)))
    assert (Fault.NO_ROWS, f"login-{missing.value}") in {(p.fault, p.field) for p in found}


def test_rows_for_a_push_are_whole_or_none():
    assert Fault.NO_ROWS in faults(*GOOD, row(FULL, purpose=PUSH))


def test_a_wall_that_says_what_full_access_says_is_open():
    assert Fault.WALL_OPEN in faults(row(FULL), row(REDUCED), row(WALLED))


def test_a_wall_that_only_says_less_than_full_access_is_open():
    idle = row(FULL, "Idle-Timeout", "300")
    assert Fault.WALL_OPEN in faults(
        row(FULL, "Reply-Message", "hello"), idle, row(REDUCED), replace(idle, access=WALLED)
    )


def test_a_wall_that_hangs_on_a_fact_is_open_for_those_without_it():
    pool = row(WALLED, "Framed-Pool", "shut-{}", fact=Fact.POOL)
    assert Fault.WALL_OPEN in faults(row(FULL, "Idle-Timeout", "300"), row(REDUCED), pool)


def test_who_is_walled_leaves_the_list():
    full = row(FULL, "Mikrotik-Address-List", "isp-active")
    rate = row(WALLED, "Mikrotik-Rate-Limit", "512k/512k")
    assert Fault.LIST_STAYS in faults(full, row(REDUCED), rate)
    assert Fault.LIST_SAME in faults(full, row(REDUCED), rate, replace(full, access=WALLED))
    other = row(WALLED, "mikrotik-address-list", "isp-blocked{voice}", fact=Fact.WALL)
    assert faults(full, row(REDUCED), rate, other) == set()


def test_a_list_is_also_left_where_telephony_passes_the_wall():
    same = row(WALLED, "Filter-Id", "open{voice}", fact=Fact.WALL)
    assert Fault.LIST_SAME in faults(row(FULL), row(REDUCED), same)
    assert Fault.LIST_SAME in faults(row(FULL, template="open-voice"), row(REDUCED), same)


def test_an_order_carries_something_whatever_the_plan_is():
    by_rate = row(FULL, "Mikrotik-Rate-Limit", "{up}k/{down}k", fact=Fact.RATE)
    rows = (by_rate, row(REDUCED, template="slow"), row(WALLED, template="shut"))
    assert faults(*rows) == {Fault.COA_SAYS_NOTHING}
    assert faults(*rows, moved_by="disconnect") == set()


def test_an_order_for_full_access_may_say_all_that_one_for_the_wall_does():
    """Cisco ISG: full access is the wall's service switched off, and its own switched on."""
    said = [row(WALLED, "Cisco-AVPair", "service=SHUT", PUSH, op="+=")]
    said += [replace(said[0], access=FULL), row(FULL, "Cisco-AVPair", "command=off", PUSH, op="+=")]
    assert faults(*GOOD, *said, row(REDUCED, purpose=PUSH)) == set()


@pytest.mark.parametrize(
    "name", ["Class", "class:1", "Session-Timeout", "Religa-Verdict", "Message-Authenticator"]
)
def test_what_is_decided_is_not_said_by_a_template(name):
    assert Fault.ATTRIBUTE_OURS in faults(*GOOD, row(FULL, name))


@pytest.mark.parametrize("name", ["", "with blank", "Filter_Id", "Filter-Id\n", "açúcar"])
def test_an_attribute_is_letters_digits_and_hyphens(name):
    assert Fault.ATTRIBUTE_FORM in faults(*GOOD, row(FULL, name))


@pytest.mark.parametrize(
    ("tag", "is_right"), [("1", True), ("31", True), ("0", False), ("32", False), ("", False)]
)
def test_a_tag_is_1_to_31(tag, is_right):
    assert (
        Fault.TAG_FORM not in faults(*GOOD, row(FULL, f"ERX-Service-Activate:{tag}", "A", op="+="))
    ) is is_right


@pytest.mark.parametrize(
    ("fact", "template"),
    [(Fact.ALWAYS, "{}"), (Fact.ALWAYS, "{up}"), (Fact.RATE, "{}"), (Fact.WALL, "{down}"), (Fact.IPV4, "{ipv4}"),
     (Fact.RATE, "{up"), (Fact.POOL, "}")],
)  # fmt: skip
def test_each_fact_has_its_own_placeholders(fact, template):
    assert Fault.PLACEHOLDER in faults(*GOOD, row(FULL, "Reply-Message", template, fact=fact))


@pytest.mark.parametrize("template", ["a\nb", "a\tb", "a\x7f", "a\x85"])
def test_no_control_character_reaches_a_router(template):
    assert Fault.CONTROL_CHARACTER in faults(*GOOD, row(FULL, "Reply-Message", template))


def test_a_value_has_at_most_253_octets():
    assert Fault.TOO_LONG not in faults(*GOOD, row(FULL, "Reply-Message", "x" * 253))
    assert Fault.TOO_LONG in faults(*GOOD, row(FULL, "Reply-Message", "x" * 254))
    assert Fault.TOO_LONG in faults(*GOOD, row(FULL, "Reply-Message", "ç" * 127))
    filled = row(FULL, "Reply-Message", "{down_bps}" * 25 + "xxx", fact=Fact.RATE)
    assert Fault.TOO_LONG not in faults(*GOOD, filled), "225 octets once it is filled"


def test_the_same_attribute_twice_is_seen():
    assert Fault.ATTRIBUTE_TWICE in faults(*GOOD, row(FULL, "filter-id", "other"))
    assert faults(*GOOD, row(FULL, "Filter-Id", "other", op="+=")) == set()
    fixed, own = row(FULL, "Framed-Pool", "all"), row(FULL, "Framed-Pool", "{}", fact=Fact.POOL)
    assert faults(*GOOD, fixed, own) == set(), "who has a pool of his own gets that"


def test_a_state_that_is_read_back_is_sent():
    assert faults(shown_by="filter_id") == set()
    other = (row(FULL, "Huawei-Policy-Name"), *GOOD[1:])
    assert faults(*other, shown_by="filter_id") == {Fault.NOT_SHOWN}


@pytest.mark.parametrize(
    ("change", "fault"),
    [({"vendor": "Não"}, Fault.NAME_FORM), ({"title": " "}, Fault.NO_TITLE), ({"verified": ""}, Fault.NOT_VERIFIED),
     ({"identified_by": ()}, Fault.NO_IDENTIFIER)],
)  # fmt: skip
def test_a_kind_has_a_name_a_title_and_how_it_is_known(change, fault):
    assert [p.fault for p in problems_of(replace(vendor(), **change))] == [fault]


def test_values_are_filled_from_what_is_known():
    rate = row(template="{up}k/{down}k{burst} {up_bps} {down_bps}", fact=Fact.RATE)
    assert fill(rate, Sample(1, 2, " b")) == "1k/2k b 1000 2000"
    assert fill(rate, Sample(None, 2)) is None
    assert fill(row(template="a{voice}", fact=Fact.WALL), Sample(voice=True)) == "a-voice"
    assert fill(row(template="{}", fact=Fact.IPV4), Sample(ipv4=None)) is None


def test_an_order_repeats_the_log_in_but_for_addresses():
    pool = row(WALLED, "Framed-Pool", "{}", fact=Fact.POOL)
    assert heard(vendor(*GOOD, pool), PUSH, WALLED, Sample()) == [("Filter-Id", ":=", "shut")]
    assert len(heard(vendor(*GOOD, pool), LOGIN, WALLED, Sample())) == 2

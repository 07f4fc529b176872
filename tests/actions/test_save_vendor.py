"""A broken template cannot be saved, whoever writes; and what is shipped is right."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from religa import wiring
from religa.actions import save_vendor
from religa.actions.save_vendor import NotSaved, Saved
from religa.domain.facts import Access
from religa.domain.vendors import Fact, Fault, Purpose, Sample, Template, fill, heard, problems_of
from religa.records import errors, raw, vendors

pytestmark = pytest.mark.django_db
SHIPPED = (
    "accel",
    "cisco-isg",
    "disconnect",
    "generic",
    "huawei",
    "juniper-erx",
    "mikrotik",
    "mikrotik-hotspot",
)


@pytest.fixture(scope="module")
def dictionary(require):
    found = wiring.radius_dictionary()
    require(found, "FreeRADIUS's dictionaries", "freeradius-utils")
    return found


@pytest.fixture
def mikrotik(db):
    return vendors.one("mikrotik")


def save(vendor, *, seen="as it stands", dictionary=None):
    standing = vendors.one(vendor.vendor)
    seen = (standing.digest if standing else None) if seen == "as it stands" else seen
    return save_vendor.save(vendor=vendor, by="Rita", seen=seen, dictionary=dictionary)


def test_what_is_shipped_is_right(dictionary):
    assert tuple(sorted(v.vendor for v in vendors.every())) == SHIPPED
    for vendor in vendors.every():
        assert save_vendor.check(vendor=vendor, dictionary=dictionary) == [], vendor.vendor
        assert vendor == vendors.shipped()[vendor.vendor]


def test_a_change_is_what_the_next_log_in_hears(mikrotik):
    slower = tuple(
        replace(t, template="64k/64k") if t.template == "512k/512k" else t for t in mikrotik.templates
    )
    assert isinstance(save(replace(mikrotik, templates=slower)), Saved)
    assert vendors.one("mikrotik").changed_by == "Rita"
    [(templates,)] = raw.rows(
        "SELECT templates FROM radius.reply WHERE (vendor, purpose, access) = ('mikrotik', 'push', 'walled')"
    )
    assert "64k/64k" in templates


def test_a_copy_is_a_kind_of_its_own(mikrotik):
    copy = replace(mikrotik, vendor="mikrotik-norte", title="North", verified="on RB5009, 7.16")
    assert isinstance(save(copy), Saved)
    assert vendors.one("mikrotik-norte").templates == mikrotik.templates
    assert save(copy, seen=None).problems[0].fault is Fault.NAME_TAKEN


def test_a_change_that_was_not_seen_is_not_overwritten(mikrotik):
    seen = mikrotik.digest
    save(replace(mikrotik, title="Other"))
    answer = save(replace(mikrotik, title="Third"), seen=seen)
    assert answer.problems[0].fault is Fault.CHANGED_MEANWHILE and answer.problems[0].detail == "Rita"
    assert vendors.one("mikrotik").title == "Other"


def login(attribute, template, access=Access.FULL, **more):
    return Template(Purpose.LOGIN, access, attribute, template, **more)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (login("Mikrotik-Rate-Limits", "x"), Fault.ATTRIBUTE_UNKNOWN),
        (login("Religa-Other", "x"), Fault.ATTRIBUTE_OURS),
        (login("Auth-Type", "Accept"), Fault.ATTRIBUTE_UNKNOWN),
        (login("Framed-IP-Netmask", "bng.example"), Fault.VALUE_FORM),
        (login("Mikrotik-Recv-Limit", "{up}k", fact=Fact.RATE), Fault.VALUE_FORM),
        (login("Reply-Message:1", "x"), Fault.NO_TAGS),
    ],
)
def test_everything_wrong_is_said_and_nothing_is_kept(mikrotik, dictionary, row, fault):
    answer = save(replace(mikrotik, templates=(*mikrotik.templates, row)), dictionary=dictionary)
    assert [(p.fault, p.row) for p in answer.problems] == [(fault, len(mikrotik.templates))]
    assert vendors.one("mikrotik") == mikrotik


def test_several_faults_come_together(mikrotik, dictionary):
    bad = (login("Nope", "x"), login("Class", "x"), login("Framed-MTU", "wide"))
    answer = save(replace(mikrotik, title="", templates=(*mikrotik.templates, *bad)), dictionary=dictionary)
    assert {p.fault for p in answer.problems} == {
        Fault.NO_TITLE, Fault.ATTRIBUTE_UNKNOWN, Fault.ATTRIBUTE_OURS, Fault.VALUE_FORM,
    }  # fmt: skip


def test_freeradius_has_the_last_word(mikrotik, dictionary):
    """Of a type that is not judged here."""
    odd = login("Ascend-Data-Filter", "no filter at all")
    answer = save(replace(mikrotik, templates=(*mikrotik.templates, odd)), dictionary=dictionary)
    assert [(p.fault, p.field) for p in answer.problems] == [(Fault.REFUSED_BY_FREERADIUS, "login-full")]


def test_names_are_kept_as_the_dictionary_writes_them(mikrotik, dictionary):
    row = login("reply-message", "olá")
    assert isinstance(
        save(replace(mikrotik, templates=(*mikrotik.templates, row)), dictionary=dictionary), Saved
    )
    assert "Reply-Message" in {t.attribute for t in vendors.one("mikrotik").templates}


def test_a_tagged_service_is_saved(dictionary):
    juniper = vendors.one("juniper-erx")
    tagged = (
        login("ERX-Service-Activate:1", "VOICE", op="+="),
        login("ERX-Service-Activate:2", "TV", op="+="),
    )
    answer = save(replace(juniper, templates=(*juniper.templates, *tagged)), dictionary=dictionary)
    assert isinstance(answer, Saved) and answer.read_by_freeradius


def test_without_freeradius_names_are_not_checked_and_that_is_said(mikrotik):
    answer = save(replace(mikrotik, templates=(*mikrotik.templates, login("Nope", "x"))))
    assert isinstance(answer, Saved) and not answer.read_by_freeradius


@pytest.mark.parametrize("vendor", SHIPPED)
@pytest.mark.parametrize("access", ["full", "reduced", "walled"])
@pytest.mark.parametrize("voice", [False, True])
def test_the_preview_says_what_the_database_answers(vendor, access, voice):
    """Filled twice, here and in SQL: they must not drift apart."""
    sample, known = Sample(voice=voice), vendors.one(vendor)
    [(attributes, ops, templates, facts)] = raw.rows(
        "SELECT attributes, ops, templates, facts FROM radius.reply"
        " WHERE (vendor, purpose, access) = (%s, 'login', %s)",
        [vendor, access],
    )
    told = []
    for attribute, op, template, fact in zip(attributes, ops, templates, facts, strict=True):
        if fact == "rate":
            [(template,)] = raw.rows(
                "SELECT radius.with_rate(%s, %s, %s, %s)", [template, sample.up, sample.down, sample.burst]
            )
        else:
            template = fill(
                Template(Purpose.LOGIN, Access(access), attribute, template, op, Fact(fact)), sample
            )
        told.append((attribute, op, template))
    assert told == heard(known, Purpose.LOGIN, Access(access), sample)


def broken(statement):
    """The promise that refuses a statement written past the action, by its name."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        raw.run(statement)
        raw.run("SET CONSTRAINTS ALL IMMEDIATE")
    name = errors.constraint_of(refused.value)
    assert errors.broken(name) is not None, name
    return name


ROW = "INSERT INTO radius.reply_template (vendor, access, attribute, template, fact) VALUES ('generic', 'full', {})"
WALLED = "vendor = 'generic' AND access = 'walled'"


@pytest.mark.parametrize(
    ("statement", "promise"),
    [
        (ROW.format("'Class', 'x', ''"), "reply_template_not_ours"),
        (ROW.format("'Class:1', 'x', ''"), "reply_template_not_ours"),
        (ROW.format("'two words', 'x', ''"), "reply_template_attribute_form"),
        (ROW.format("'ERX-Service-Activate:32', 'x', ''"), "reply_template_attribute_form"),
        (ROW.format("'Reply-Message', E'a\\nb', ''"), "reply_template_value_form"),
        (ROW.format("'Reply-Message', '', ''"), "reply_template_value_form"),
        (ROW.format("'Reply-Message', repeat('x', 254), ''"), "reply_template_value_form"),
        (ROW.format("'Reply-Message', '{up}', ''"), "reply_template_fact_fills"),
        (ROW.format("'Reply-Message', '{}', 'rate'"), "reply_template_fact_fills"),
        (f"DELETE FROM radius.reply_template WHERE {WALLED}", "reply_template_every_access"),
        (f"UPDATE radius.reply_template SET template = 'isp-active', fact = '' WHERE {WALLED} AND fact = 'wall'",
         "reply_template_wall_closed"),
        (f"UPDATE radius.reply_template SET attribute = 'Reply-Message' WHERE {WALLED} AND fact = 'wall'",
         "reply_template_list_left"),
        ("UPDATE radius.reply_template SET fact = 'rate', template = '{up}' WHERE (vendor, access) = ('generic', 'full')"
         " AND fact = ''", "vendor_coa_says_something"),
        ("INSERT INTO radius.vendor (vendor, title, verified) VALUES ('empty', 'x', 'x')", "reply_template_every_access"),
    ],
)  # fmt: skip
def test_the_database_refuses_it_whoever_writes(statement, promise):
    assert broken(statement) == promise


def test_what_the_database_alone_finds_is_said_too(mikrotik, monkeypatch):
    monkeypatch.setattr(save_vendor, "problems_of", lambda vendor: [])
    answer = save(replace(mikrotik, templates=mikrotik.templates[:1]))
    assert isinstance(answer, NotSaved) and answer.problems[0].fault is Fault.REFUSED_BY_DATABASE
    assert vendors.one("mikrotik") == mikrotik


def test_the_pages_role_may_save(mikrotik):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE religa_app")
    assert isinstance(save(replace(mikrotik, title="MikroTik")), Saved)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_here_and_in_the_database_the_same_is_wrong(mikrotik):
    """Each row taken away in turn: both say yes, or both say no."""
    for vendor in vendors.every():
        for n in range(len(vendor.templates)):
            less = replace(vendor, templates=(*vendor.templates[:n], *vendor.templates[n + 1 :]))
            here = [p for p in problems_of(less) if p.fault is not Fault.NOT_SHOWN]
            try:
                with transaction.atomic():
                    vendors.write(less, by="x")
                    transaction.set_rollback(True)
                there = False
            except IntegrityError:
                there = True
            assert bool(here) is there, (vendor.vendor, vendor.templates[n])

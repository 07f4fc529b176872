"""The texts that come with Religa: there in every language, lawful, and short enough for each channel."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from religa.actions.messages import samples
from religa.actions.messages.samples import Case
from religa.domain.message_kinds import LEGAL, ChannelKind, MessageKind, carries, fields
from religa.domain.notice_law import Item
from religa.domain.template_check import LIMITS, Habits, Slot, check
from religa.domain.templates import Fault, Template, read
from religa.entrypoints.console import letter_words
from religa.records.templates import Sender
from religa.wording import Language
from religa.wording.messages import shipped

HABITS = Habits(sms_carries_notices=True)
SENDER = Sender(
    1, "Religa Net Telecomunicações Ltda", "12ABC34501DE35",
    "Rua das Flores, 1000, sala 12, Centro, Fortaleza, CE", "0800 000 0000, 24 horas, todos os dias",
    ZoneInfo("America/Fortaleza"), HABITS,
)  # fmt: skip
SLOTS = sorted(shipped(), key=lambda s: (s.kind.value, s.channel.value, s.language))
NAMES = [f"{s.kind.value}-{s.channel.value}-{s.language}" for s in SLOTS]


@pytest.mark.parametrize("kind", MessageKind)
def test_each_kind_has_a_text_for_any_channel_in_each_language(kind):
    languages = {s.language for s in shipped() if s.kind is kind and s.channel is ChannelKind.ANY}
    assert languages == ({"pt-br"} if kind in LEGAL else {"pt-br", "en", "es"})


@pytest.mark.parametrize(
    "kind", [k for k in MessageKind if carries(ChannelKind.PUSH, k, sms_carries_notices=True)]
)
def test_what_a_push_carries_has_a_text_that_fits_one(kind):
    assert {s.language for s in shipped() if s.kind is kind and s.channel is ChannelKind.PUSH} == {
        "pt-br",
        "en",
        "es",
    }


@pytest.mark.parametrize("slot", SLOTS, ids=NAMES)
def test_each_could_be_saved_by_a_provider_as_it_is(slot):
    own = {s.channel for s in shipped() if (s.kind, s.language) == (slot.kind, slot.language)}
    by = [c for c in LIMITS if c is slot.channel or (slot.channel is ChannelKind.ANY and c not in own)]
    by = [c for c in by if carries(c, slot.kind, sms_carries_notices=True)]
    text = shipped()[slot]
    longest = samples.values(slot.kind, Language(slot.language), Case.LONGEST, sender=SENDER)
    found = check(slot, text.subject, text.body, longest=longest, travels_by=by, habits=HABITS)
    allowed = {Fault.NEAR_LIMIT} if slot.kind is MessageKind.AGREEMENT else set()  # twelve instalments
    assert {p.fault for p in found.problems} <= allowed


@pytest.mark.parametrize("slot", SLOTS, ids=NAMES)
def test_each_sample_has_every_field_and_reads_without_a_gap(slot):
    text = read(shipped()[slot].subject, shipped()[slot].body, fields(slot.kind))
    assert isinstance(text, Template)
    for case in Case:
        values = samples.values(slot.kind, Language(slot.language), case, sender=SENDER)
        assert fields(slot.kind).names - fields(slot.kind).optional <= {n for n, v in values.items() if v}
        subject, body = text.fill(values)
        assert "{" not in subject + body and "  " not in body and " ." not in body and "http" not in body


@pytest.mark.parametrize("slot", [s for s in SLOTS if s.language != "pt-br"])
def test_a_translation_has_the_fields_of_the_portuguese_text(slot):
    def names(one):
        return read(shipped()[one].subject, shipped()[one].body, fields(one.kind)).names

    assert names(slot) == names(Slot(slot.kind, slot.channel, "pt-br"))


def test_a_version_names_exactly_one_text():
    versions = [text.version for text in shipped().values()]
    assert len(set(versions)) == len({(t.subject, t.body) for t in shipped().values()})
    assert all(v.startswith("shipped-") for v in versions)


def test_the_pages_have_words_for_every_field_item_and_fault():
    assert {n for kind in MessageKind for n in fields(kind).names} == set(letter_words.FIELDS)
    assert set(letter_words.ITEMS) == set(Item)
    for fault in Fault:
        detail = "amount" if fault in (Fault.LACKS, Fault.VANISHES, Fault.BETTER_WITH) else "sms 11 10"
        problem = letter_words.Problem(fault, detail=detail)
        assert letter_words.problem_in_words(problem).endswith((".", "}", "?"))


def test_the_operators_page_names_every_field():
    table = (Path(__file__).parents[1] / "docs/operators/message-texts.md").read_text()
    assert all(f"`{{{name}}}`" in table for kind in MessageKind for name in fields(kind).names)

"""Every fault and code of the pages of channels has words in every language."""

import pytest

from religa.domain.message_channels import KINDS, SETTINGS, ChannelFault, ChannelProblem
from religa.entrypoints.console.channel_forms import GROUPS, LABELS, START
from religa.records.models.channels import CALLBACK_REFUSALS, CHANNEL_CHANGES, CHANNEL_MEDIA, CHANNEL_SECRETS
from religa.wording import Language, channels

TABLES = [
    (channels.CHANNEL_FAULTS, ChannelFault),
    (channels.KINDS, KINDS),
    (channels.MEDIA, CHANNEL_MEDIA),
    (channels.SECRETS, CHANNEL_SECRETS),
    (channels.CHANGES, CHANNEL_CHANGES),
    (channels.REFUSALS, CALLBACK_REFUSALS),
    (channels.OUTCOMES, ("sent", "again", "refused", "unknown")),
]


@pytest.mark.parametrize(("table", "codes"), TABLES)
def test_each_code_is_worded_and_no_word_is_left_over(table, codes):
    assert set(table) == set(codes)
    for words in table.values():
        assert all(text.strip() == text != "" for text in words)


def test_a_fault_names_what_it_is_about():
    said = channels.channel_problem(ChannelProblem(ChannelFault.NAME_UNKNOWN, "body", "numero"), Language.ES)
    assert "numero" in said and "{" not in said


def test_each_setting_of_each_kind_has_a_field_in_a_group_and_a_label():
    assert set(LABELS) >= {name for names in SETTINGS.values() for name in names}
    for kind in KINDS:
        grouped = [name for _, names in GROUPS[kind] for name in names]
        assert set(SETTINGS[kind]) <= set(grouped) and len(grouped) == len(set(grouped))
    assert set(START) == set(KINDS)

"""`religa explain`, `timeline` and `runs`: what an operator reads at a terminal."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner, Result

import people
from religa.entrypoints.commands import explain, runs, timeline
from religa.records import raw
from religa.records.models import BlockRun

pytestmark = pytest.mark.django_db


def ask(command, *arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments), catch_exceptions=False)


def test_explain_says_the_sentence_of_the_pages_and_then_the_facts(maria):
    answer = ask(explain.explain, "1001")
    assert answer.exit_code == 0
    sentence, _, facts = answer.output.partition("\n\n")
    assert sentence.startswith("A internet deste contrato está bloqueada desde")
    assert "nada foi cancelado" in sentence
    assert re.search(r"^  access +walled, status blocked$", facts, re.MULTILINE)
    assert re.search(r"^  until +no end by itself$", facts, re.MULTILINE)
    assert re.search(
        r"^  invoice 1001-\d+ +due .*, open R\$\s99,90, notified, may block from", facts, re.MULTILINE
    )


def test_explain_takes_a_network_log_in_and_another_language(maria):
    answer = ask(explain.explain, "cliente1001@ponte", "--lang", "en")
    assert answer.output.startswith("This contract's internet is blocked since")


def test_an_end_that_is_near_is_said_with_what_follows(maria, now):
    people.unlock(maria, now)
    facts = ask(explain.explain, "1001").output
    assert re.search(r"^  until +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d -03, then walled$", facts, re.MULTILINE)


@pytest.mark.parametrize("command", [explain.explain, timeline.timeline])
def test_a_contract_that_is_not_there_is_said_so(command, provider):
    answer = ask(command, "9999")
    assert answer.exit_code == 1
    assert "There is no contract or network log-in '9999'." in answer.output


def test_the_timeline_is_in_order_and_in_words(maria):
    answer = ask(timeline.timeline, "1001")
    lines = answer.output.splitlines()
    times = [line[:19] for line in lines if line[:2] == "20"]
    assert times == sorted(times) and len(times) > 10
    assert lines[-3].endswith("walled (blocked) because debt; cause: block opened"), (
        "changes in the order of the chain"
    )
    assert any("payment " in line and "amount R$\xa099,90, method pix" in line for line in lines)
    assert any("kind debt_notice, announces a block from" in line for line in lines)
    assert re.fullmatch(r"Chain of access changes: intact, \d+ changes", lines[-1])


def test_the_timeline_says_where_history_was_altered(maria):
    raw.run("UPDATE access_change SET why = 'debt' WHERE contract_id = %s AND seq = 2", [maria.pk])
    answer = ask(timeline.timeline, "1001")
    assert answer.output.splitlines()[-1] == "Chain of access changes: BROKEN at change 2: was altered"


def test_a_held_run_says_why_and_how_to_release_it(provider, now):
    assert "There have been no runs of blocks yet." in ask(runs.runs, "list").output
    people.waiting_run(provider, now, count=2)
    listed = ask(runs.runs, "list").output
    assert "proposed 2  opened 0  dropped 0  waiting 2" in listed
    held = BlockRun.objects.get(state="held")
    assert (
        f"because this is the first run, and a person has to check it: religa runs approve {held.pk}"
        in listed
    )

    released = ask(runs.runs, "approve", str(held.pk), "--by", "Helena")
    assert released.output == f"Run {held.pk} released by Helena: 2 blocks open at the next slot.\n"
    assert "approved by Helena" in ask(runs.runs, "list").output
    again = ask(runs.runs, "approve", str(held.pk), "--by", "Helena")
    assert again.exit_code == 1 and "is not held" in again.output

"""`religa network`: what it says, and what it leaves."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result
from django.db import IntegrityError, transaction

from religa.entrypoints.commands.network import network
from religa.records import raw
from religa.records.models import AccessRecord, NetworkSwitch

pytestmark = pytest.mark.django_db


def say(*arguments: str) -> Result:
    return CliRunner().invoke(network, list(arguments), catch_exceptions=False)


def test_without_a_switch_the_network_is_enforced(provider):
    assert say("status").output.splitlines()[0] == "ENFORCED"


def test_release_says_what_it_did_and_what_remains(maria):
    answer = say("release", "--by", "Helena", "--reason", "virada deu errado")
    assert answer.exit_code == 0
    assert answer.output.splitlines()[0] == "Released by Helena: virada deu errado"
    assert "the 1 contracts that are less." in answer.output
    assert "What remains for you:\n  No session is held back now." in answer.output
    assert "Back: religa network enforce" in answer.output
    assert "RELEASED since" in say("status").output and "by Helena: virada deu errado" in say("status").output
    assert "released already" in say("release", "--by", "Ivo", "--reason", "outra vez").output
    assert NetworkSwitch.objects.get().changed_by == "Helena"

    assert "Enforced again by Ivo." in say("enforce", "--by", "Ivo").output
    assert "enforced already" in say("enforce", "--by", "Helena").output
    assert "ENFORCED since" in say("status").output and "by Ivo" in say("status").output


def test_release_wants_a_reason(provider):
    assert CliRunner().invoke(network, ["release"]).exit_code == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        NetworkSwitch.objects.create(enforce=False, changed_at="2026-01-01T00:00Z", changed_by="x")


def test_open_sessions_drift_to_full_while_released(maria):
    record = AccessRecord.objects.filter(contract=maria).first()
    raw.run(
        "INSERT INTO session_live (unique_id, session_id, username, contract_id, applied_state, nas_port,"
        " calling_station, called_station, started_at, updated_at, octets_in, octets_out)"
        " VALUES ('u', 's', %s, %s, 'walled', '', '', '', now(), now(), 0, 0)",
        [record.username if record else "maria", maria.pk],
    )
    wanted = "SELECT wanted FROM radius.live WHERE drifts"
    assert raw.rows(wanted) == []
    assert "1 open sessions are held back now" in say("release", "--reason", "x").output
    assert raw.rows(wanted) == [("full",)]
    say("enforce")
    assert raw.rows(wanted) == []


def test_telephony_and_alarms_of_a_contract_pass_the_wall(maria):
    assert "pass the wall" in say("voice", maria.external_id, "on").output
    maria.refresh_from_db()
    assert maria.wall_lets_voice
    say("voice", maria.external_id, "off")
    maria.refresh_from_db()
    assert not maria.wall_lets_voice
    assert CliRunner().invoke(network, ["voice", "nobody", "on"]).exit_code == 1

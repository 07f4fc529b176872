"""Every scenario once more, through the real actions on the real database: both must agree with what is written."""

from pathlib import Path

import pytest

from religa.entrypoints.commands.scenario.command import calendars_of
from religa.entrypoints.commands.scenario.files import Scenario, read_file
from religa.entrypoints.commands.scenario.player import play

FILES = sorted((Path(__file__).parents[3] / "scenarios").glob("*.yaml"))
TOLD = [(path.stem, told) for path in FILES for told in read_file(path)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "told", [told for _, told in TOLD], ids=[f"{stem}: {told.name}" for stem, told in TOLD]
)
def test_the_real_actions_do_what_the_scenario_says(told: Scenario) -> None:
    from religa.entrypoints.commands.scenario.database_stage import stage

    calendars = calendars_of(told)
    with stage(told, calendars) as on_the_database:
        assert play(told, on_the_database) == []

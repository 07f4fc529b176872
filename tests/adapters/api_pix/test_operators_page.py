"""The page for operators says what the profiles say."""

from pathlib import Path

import pytest

from religa.adapters.api_pix import PROFILES

PAGE = (Path(__file__).parents[3] / "docs/operators/psps.md").read_text()


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_each_bank_has_its_line(profile):
    [line] = [
        line for line in PAGE.splitlines() if line.startswith(f"| `{profile.name}` | {profile.title} |")
    ]
    for address in filter(None, (profile.base, profile.token_url)):
        assert f"`{address}`" in line
    assert line.endswith(f"| `{profile.auth}` |")


def test_no_line_is_about_a_bank_that_is_gone():
    named = {line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `")}
    assert named == set(PROFILES)

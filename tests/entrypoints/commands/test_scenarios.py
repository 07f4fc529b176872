"""Every scenario file, every example of docs/scenarios.md, and what is said about files that are wrong."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from wrong_scenarios import EVENTS, WRONG_FILES

from religa.domain import policy as policies
from religa.domain.facts import Access, Channel, Evidence, Method, Segment, Status, UnlockKind
from religa.domain.policy import Policy, Preset
from religa.domain.reasons import Refusal, TrustRefusal, Why
from religa.entrypoints.commands.scenario import language, scenario
from religa.entrypoints.commands.scenario.command import calendars_of
from religa.entrypoints.commands.scenario.files import Scenario, read_file
from religa.entrypoints.commands.scenario.player import play
from religa.entrypoints.commands.scenario.pure_stage import PureStage
from religa.entrypoints.commands.scenario.yaml_lines import documents

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "scenarios").glob("*.yaml"))
DOCS = ROOT / "docs" / "scenarios.md"
TOLD = [(path.stem, told) for path in FILES for told in read_file(path)]


@dataclass(frozen=True)
class Example:
    """A YAML block of the documentation. `says`: the message printed under it, if it is a wrong one."""

    line: int
    text: str
    says: str | None


def _examples() -> list[Example]:
    text = DOCS.read_text(encoding="utf-8")
    blocks = re.finditer(
        r"^```yaml( wrong)?\n(.*?)^```\n(?:\n```text\n(.*?)\n```)?", text, re.DOTALL | re.MULTILINE
    )
    return [Example(text.count("\n", 0, m.start()) + 1, m[2], m[3] if m[1] else None) for m in blocks]


EXAMPLES = _examples()


def check(*arguments: object) -> Result:
    return CliRunner().invoke(scenario, ["check", *map(str, arguments)])


# -- the scenarios ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", [t for _, t in TOLD], ids=[f"{stem}: {t.name}" for stem, t in TOLD])
def test_what_the_scenario_says_is_what_is_decided(told: Scenario) -> None:
    differences = play(told, PureStage(told, calendars_of(told)))
    assert differences == []


def test_there_are_many_scenarios_and_each_has_a_name_of_its_own() -> None:
    names = [told.name for _, told in TOLD]
    assert len(names) >= 300
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_command_says_ok_for_each_scenario_of_a_file(path: Path) -> None:
    result = check(path)
    names = [t.name for stem, t in TOLD if stem == path.stem]
    assert result.output.splitlines() == [*(f"ok  {n}" for n in names), f"{len(names)} passed, 0 failed"]
    assert result.exit_code == 0


def test_every_event_expectation_and_policy_field_is_used_by_some_scenario() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
    no_scenario_sees = {"bill_while_blocked", "payment_feed_max_age_hours", "part_payment_min",
                        "block_page_shows_amount", "block_page_unlock", "block_page_digits"}  # fmt: skip
    words = {*language.EVENTS, *language.SWITCHES, *language.EXPECTATIONS, *language.RESULTS, "policy"}
    words |= {*Policy.__dataclass_fields__} - no_scenario_sees
    assert {w for w in words if not re.search(rf"\b{w}:", text)} == set()


def test_every_reason_why_trust_is_refused_has_a_scenario() -> None:
    refused = {r for _, t in TOLD for e in t.events for r in _refusals(e.result.get("refused"))}
    assert set(TrustRefusal) - refused == set()


def _refusals(written: object) -> tuple[str, ...]:
    return written if isinstance(written, tuple) else ()


def test_every_status_and_access_is_expected_by_some_scenario() -> None:
    seen = [
        v
        for _, t in TOLD
        for e in (*t.expectations, *(e.after for e in t.events if e.after))
        for v in e.values.values()
    ]
    assert set(Status) | set(Access) <= {v for v in seen if isinstance(v, (Status, Access))}


# -- a difference is seen and told ---------------------------------------------------------------------------------

WRONG_EXPECTATIONS = {
    "status": "current",
    "access": "full",
    "until": "2026-12-24",
    "why": "guard",
    "open": "1.00",
    "owed": "1.00",
    "notices": "7",
    "blocked_days": "7",
    "changes": "7",
    "messages": "7",
    "blocks": "7",
    "told": "[locked]",
    "radius": "reject",
    "session_timeout": "7",
}

BLOCKED = """\
name: Blocked
policy: {preset: anatel-rgc-2025}
events:
  - {at: 2026-11-01 08:00, invoice: {id: I1, amount: 99.90, due: 2026-11-10, reference: 2026-11}}
"""


def _written(folder: Path, text: str | bytes) -> Path:
    path = folder / "case.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_every_expectation_has_a_wrong_value_here() -> None:
    assert set(WRONG_EXPECTATIONS) == set(language.EXPECTATIONS)


@pytest.mark.parametrize(("key", "wrong"), WRONG_EXPECTATIONS.items())
def test_a_wrong_expectation_is_a_difference_with_its_line_and_instant(
    key: str, wrong: str, tmp_path: Path
) -> None:
    result = check(_written(tmp_path, BLOCKED + f"expect:\n  - {{at: 2026-12-01 10:00, {key}: {wrong}}}\n"))
    assert f"case.yaml:6: Blocked\n    at 2026-12-01 10:00  {key}: expected " in result.output
    assert result.output.endswith("0 passed, 1 failed\n")
    assert result.exit_code == 1


@pytest.mark.parametrize(
    "event",
    [
        "unlock: {kind: promise}, expect: {granted_until: 2026-12-08 09:00}",
        "unlock: {kind: promise}, expect: {refused: [promise_open]}",
        "unlock: {kind: promise}, expect: refused",
        "unlock: {kind: promise, channel: ura, promise_date: 2027-01-01}, expect: {refused: [channel_not_allowed]}",
        "unlock: {kind: promise, promise_date: 2027-01-01}, expect: {eligible_at: 2026-12-24}",
        "unlock: {kind: promise, promise_date: 2027-01-01}, expect: {pay_now: 1.00}",
        "release_hold: {}, expect: {refused: [already_active]}",
        "pay_window: {}, expect: refused",
        "operator_block: {}, expect: {status: current}",
    ],
)
def test_a_wrong_answer_to_an_event_is_a_difference_with_its_line(event: str, tmp_path: Path) -> None:
    result = check(_written(tmp_path, BLOCKED + f"  - {{at: 2026-12-01 10:00, {event}}}\n"))
    assert "case.yaml:5: Blocked\n    at 2026-12-01 10:00  " in result.output
    assert result.exit_code == 1


def test_amounts_and_instants_are_told_as_people_read_them(tmp_path: Path) -> None:
    expected = "expect:\n  - {at: 2026-11-11 09:00, open: 1234.50, until: null}\n"
    result = check(_written(tmp_path, BLOCKED + expected))
    assert "open: expected R$ 1.234,50, found R$ 99,90" in result.output.replace("\xa0", " ")
    assert "until: expected null, found 2026-11-30 09:00" in result.output


def test_quiet_says_only_what_differs(tmp_path: Path) -> None:
    right = BLOCKED + "expect:\n  - {at: 2026-11-30 09:00, status: blocked}\n"
    wrong = right.replace("Blocked", "Late").replace("status: blocked", "status: late")
    result = check("--quiet", _written(tmp_path, right + "---\n" + wrong))
    assert "ok" not in result.output
    assert "case.yaml:13: Late\n" in result.output
    assert result.output.endswith("1 passed, 1 failed\n")
    assert result.exit_code == 1


def test_a_folder_is_all_its_files(tmp_path: Path) -> None:
    _written(tmp_path, BLOCKED + "expect:\n  - {at: 2026-11-30 09:00, status: blocked}\n")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "more.yml").write_text("name: x\nname: y\n")
    result = check(tmp_path)
    assert "more.yml:2: `name` is written twice" in result.output
    assert result.output.endswith("1 passed, 1 failed\n")
    assert result.exit_code == 1


# -- files that are wrong ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "message"), [w[1:] for w in WRONG_FILES], ids=[w[0] for w in WRONG_FILES]
)
def test_a_wrong_file_is_refused_with_its_line(
    text: str | bytes, line: int, message: str, tmp_path: Path
) -> None:
    result = check(_written(tmp_path, text))
    told = result.output.splitlines()
    assert told[0].startswith(f"{tmp_path}/case.yaml:{line}: ")
    assert message in told[0]
    assert told[-1] == "0 passed, 1 failed"
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("field", "value", "source"),
    [
        ("invoice_lead_days", "4", "at least 5 (RGC art. 54 § 1)"),
        ("notice_after_due_days", "0", "at least 1 (RGC art. 70)"),
        ("notice_required_for_block", "false", "true (RGC arts. 4 VIII and 70)"),
        ("block_after_notice_days", "14", "at least 15 (RGC art. 70)"),
        ("trust_unlock_days", "8", "1 to 7 (Religa's prudence)"),
        ("termination_after_blocked_days", "59", "at least 60 (RGC art. 73)"),
        ("fine_pct", "2.01", "at most 2.00 (RGC art. 78 § 1, CDC art. 52 § 1)"),
        ("interest_pct_month", "1.01", "at most 1.00 (RGC art. 78 § 1)"),
    ],
)
@pytest.mark.parametrize("where", ["the policy", "a later policy"])
def test_a_number_beyond_its_hard_limit_is_refused_with_its_article(
    field: str, value: str, source: str, where: str, tmp_path: Path
) -> None:
    beyond = {
        "the policy": f"name: x\npolicy:\n  preset: anatel-rgc-2025\n  {field}: {value}\nexpect: []\n",
        "a later policy": EVENTS[:-4] + f"  - at: 2026-11-02\n    policy: {{{field}: {value}}}\n",
    }[where]
    result = check(_written(tmp_path, beyond))
    assert (
        f"{field}: {value.capitalize() if value == 'false' else value} is not allowed, must be {source}"
        in result.output
    )
    assert f"case.yaml:{4 if where == 'the policy' else 6}: " in result.output
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("field", "value"), [("block_after_notice_days", 4), ("termination_after_blocked_days", 29)]
)
def test_small_providers_have_limits_of_their_own(field: str, value: int, tmp_path: Path) -> None:
    text = "name: x\npolicy: {{preset: anatel-rgc-2025-ppp5k, {}: {}}}\nexpect: [{{at: 2026-11-02, status: current}}]\n"
    assert check(_written(tmp_path, text.format(field, value + 1))).exit_code == 0
    assert f"must be at least {value + 1} " in check(_written(tmp_path, text.format(field, value))).output


def test_custom_has_no_hard_limits(tmp_path: Path) -> None:
    text = "name: x\npolicy: {preset: custom, block_after_notice_days: 0, fine_pct: 10.00}\n"
    result = check(_written(tmp_path, text + "expect: [{at: 2026-11-02, status: current}]\n"))
    assert (result.output, result.exit_code) == ("ok  x\n1 passed, 0 failed\n", 0)


def test_a_file_that_is_not_there_fails(tmp_path: Path) -> None:
    result = check(tmp_path / "none.yaml")
    assert "none.yaml:0: cannot be read: No such file or directory" in result.output
    assert result.exit_code == 1


def test_a_file_with_a_byte_order_mark_or_windows_line_ends_is_read(tmp_path: Path) -> None:
    text = BLOCKED + "expect:\n  - {at: 2026-11-30 09:00, status: blocked}\n"
    result = check(_written(tmp_path, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()))
    assert (result.output, result.exit_code) == ("ok  Blocked\n1 passed, 0 failed\n", 0)


# -- the documentation ---------------------------------------------------------------------------------------------


def test_the_documentation_has_examples_right_and_wrong() -> None:
    assert len([e for e in EXAMPLES if e.says is None]) >= 8
    assert len([e for e in EXAMPLES if e.says is not None]) >= 2


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"line {e.line}")
def test_an_example_of_the_documentation_does_what_it_says(example: Example, tmp_path: Path) -> None:
    result = check(_written(tmp_path, example.text))
    if example.says is None:
        assert (result.output.splitlines()[-1], result.exit_code) == ("1 passed, 0 failed", 0)
    else:
        assert result.output.splitlines()[0] == f"{tmp_path}/case.yaml:{example.says}"


def test_the_documentation_names_every_word_of_the_language() -> None:
    text = DOCS.read_text(encoding="utf-8")
    words = {*language.EVENTS, *language.SWITCHES, *language.EXPECTATIONS, *language.RESULTS}
    words |= {name for form in language.EVENTS.values() for name in form.fields}
    words |= {*Policy.__dataclass_fields__}
    kinds = (
        Status,
        Access,
        Segment,
        Method,
        Evidence,
        UnlockKind,
        Channel,
        Why,
        Refusal,
        TrustRefusal,
        Preset,
    )
    words |= {member.value for kind in kinds for member in kind} - {Method.CREDIT.value}
    assert {w for w in words if not re.search(rf"(?<![\w-]){re.escape(w)}(?![\w-])", text)} == set()


def _field_rows() -> list[tuple[str, str]]:
    """Field and default of each row of the policy tables."""
    section = (
        DOCS.read_text(encoding="utf-8").split("## Policy fields")[1].split("## When a file is wrong")[0]
    )
    return re.findall(r"^\| `(\w+)` \| (.+?) \| .+ \| .+ \|$", section, re.MULTILINE)


def test_the_documentation_lists_every_policy_field() -> None:
    assert sorted(name for name, _ in _field_rows()) == sorted({*Policy.__dataclass_fields__} - {"preset"})


@pytest.mark.parametrize(
    ("field", "default"), _field_rows(), ids=lambda v: v if re.fullmatch(r"\w+", v) else ""
)
def test_the_default_in_the_documentation_is_the_default(field: str, default: str) -> None:
    [written] = documents(f"{field}: {default}")
    assert policies.change(policies.preset(Preset.RGC_2025), written) == policies.preset(Preset.RGC_2025)


def test_the_scenarios_that_the_documentation_cites_exist() -> None:
    section = DOCS.read_text(encoding="utf-8").split("## Where the rule was silent")[1]
    cited = re.findall(r"\| \*(.+)\* \|$", section, re.MULTILINE)
    assert len(cited) >= 30
    assert set(cited) - {told.name for _, told in TOLD} == set()

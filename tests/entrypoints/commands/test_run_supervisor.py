"""The supervisor, with real processes that are small enough to read."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from religa.entrypoints.commands.run import supervisor
from religa.entrypoints.commands.run.supervisor import Child, Supervisor, end_all, mark

SLEEPS = "import time; time.sleep(600)"
IS_STUBBORN = (
    f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); {SLEEPS}"
)
HAS_A_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{SLEEPS}'])"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervise(tmp_path: Path, said: list[str]) -> Iterator[Callable[..., Supervisor]]:
    made: list[Supervisor] = []

    def make(*programs: str, **options) -> Supervisor:
        children = [
            Child(name=f"child{number}", command=(sys.executable, "-c", program), **options)
            for number, program in enumerate(programs)
        ]
        made.append(Supervisor(home=tmp_path, environment=dict(os.environ), say=said.append))
        made[-1].add(children)
        return made[-1]

    yield make
    for one in made:
        one.stop()


def marked(home: Path) -> set[int]:
    return set(supervisor._marked(home))


def tick_until(one: Supervisor, condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        one.tick()
        time.sleep(0.02)


@pytest.mark.parametrize("code", [0, 1, 7])
def test_a_child_that_ends_is_started_again_whatever_its_code(supervise, tmp_path, said, code):
    counter = tmp_path / "starts"
    one = supervise(f"import sys; open({str(counter)!r}, 'a').write('x'); sys.exit({code})")
    tick_until(one, lambda: counter.exists() and len(counter.read_text()) >= 3)
    assert f"child0 ended with code {code}" in said[0]


def test_the_delay_grows_and_starts_anew_after_a_settled_life(supervise, said, monkeypatch):
    one = supervise("pass")
    tick_until(one, lambda: len(said) == 3)
    assert [line.split(" in ")[1].split(" s ")[0] for line in said] == ["0.2", "0.4", "0.8"]

    monkeypatch.setattr(supervisor, "SETTLED", 0.0)
    tick_until(one, lambda: len(said) == 4)
    assert "again in 0.2 s" in said[3]


def test_one_child_that_fails_does_not_disturb_another(supervise, tmp_path, said):
    one = supervise("raise SystemExit(1)", SLEEPS)
    tick_until(one, lambda: len(said) >= 3)
    assert all(line.startswith("child0") for line in said)
    assert len(marked(tmp_path)) >= 1


def test_what_a_child_says_is_in_its_log(supervise, tmp_path):
    one = supervise("print('I am here', flush=True);" + SLEEPS)
    log = tmp_path / "logs" / "child0.log"
    tick_until(one, lambda: log.exists() and log.read_text() == "I am here\n")


def test_stop_leaves_nothing_not_even_a_grandchild(supervise, tmp_path):
    one = supervise(SLEEPS, HAS_A_CHILD)
    tick_until(one, lambda: len(marked(tmp_path)) == 3)
    one.stop()
    assert marked(tmp_path) == set()


def test_a_killed_child_takes_its_own_children_along(supervise, tmp_path, said):
    one = supervise(HAS_A_CHILD)
    tick_until(one, lambda: len(marked(tmp_path)) == 2)
    before = marked(tmp_path)
    os.kill(min(before), signal.SIGKILL)
    tick_until(one, lambda: len(marked(tmp_path)) == 2 and said)
    assert not before & marked(tmp_path)


def test_a_child_that_does_not_listen_is_killed(supervise, tmp_path, said):
    one = supervise(IS_STUBBORN, patience=0.2)
    log = tmp_path / "logs" / "child0.log"
    tick_until(one, lambda: log.exists() and log.read_text() == "deaf\n")
    one.stop()
    assert said == ["child0 does not stop by itself: killed"]
    assert marked(tmp_path) == set()


def test_what_a_killed_supervisor_left_is_found_and_ended_and_nothing_else(tmp_path):
    ours = _sleeper({**os.environ, **mark(tmp_path)})
    other = _sleeper({**os.environ, **mark(tmp_path / "other")})
    try:
        assert end_all(tmp_path) == 1
        assert ours.wait() == -signal.SIGKILL
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def _sleeper(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    program = f"print('up', flush=True); {SLEEPS}"
    process = subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    return process

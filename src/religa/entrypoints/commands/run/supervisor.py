"""Keeps child processes running: one that ends is started again, whatever its exit code.

(A procrastinate worker, for one, exits with 0 when the database goes away for a moment.)
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

FIRST_DELAY, LONGEST_DELAY = 0.2, 10.0  # seconds before a restart; each one doubles
SETTLED = 30.0  # a child that lived this many seconds starts again with the first delay
MARK = "RELIGA_RUN"  # in the environment of all we start, and so of all that they start


@dataclass(frozen=True, kw_only=True)
class Child:
    """One long-running process: how it is called, and how many seconds it may take to stop."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    patience: float = 10.0


@dataclass
class _Running:
    child: Child
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    delay: float = FIRST_DELAY
    due: float = 0.0


class Supervisor:
    """`environment` is all that the children get beside their own, `say` prints a line."""

    def __init__(self, *, home: Path, environment: Mapping[str, str], say: Callable[[str], None]) -> None:
        self._running: list[_Running] = []
        self._home = home
        self._logs = home / "logs"
        self._environment = {**environment, **mark(home)}
        self._say = say
        for log in self._logs.glob("*.log"):  # this run's and the one before: a disk is not a history
            log.replace(log.with_suffix(".log.1"))

    def add(self, children: Iterable[Child]) -> None:
        """Look after these, too; the next `tick` starts them."""
        self._running += [_Running(child) for child in children]

    def tick(self) -> None:
        """Start what is due; notice what has ended. Call it a few times a second."""
        for running in self._running:
            if running.process is None:
                if time.monotonic() >= running.due:
                    self._start(running)
            elif running.process.poll() is not None:
                self._plan_restart(running)

    def stop(self) -> None:
        """Ask all to end, then end what is left, down to the last grandchild."""
        alive = [r for r in self._running if r.process is not None and r.process.poll() is None]
        for running in alive:
            assert running.process is not None
            running.process.terminate()
        for running in alive:
            self._wait(running)
        end_all(self._home)

    def _start(self, running: _Running) -> None:
        child = running.child
        self._logs.mkdir(parents=True, exist_ok=True)
        with (self._logs / f"{child.name}.log").open("ab") as log:
            # Its own session: Ctrl-C reaches us alone, and we end the children in order.
            running.process = subprocess.Popen(
                child.command,
                env={**self._environment, **child.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        running.started = time.monotonic()

    def _plan_restart(self, running: _Running) -> None:
        assert running.process is not None
        now = time.monotonic()
        if now - running.started >= SETTLED:
            running.delay = FIRST_DELAY
        self._say(
            f"{running.child.name} ended with code {running.process.returncode};"
            f" starting it again in {running.delay:g} s (see {self._logs / running.child.name}.log)"
        )
        _end_group(running.process.pid)  # a killed web server leaves workers that hold the port
        running.process, running.due = None, now + running.delay
        running.delay = min(running.delay * 2, LONGEST_DELAY)

    def _wait(self, running: _Running) -> None:
        assert running.process is not None
        try:
            running.process.wait(timeout=running.child.patience)
        except subprocess.TimeoutExpired:
            self._say(f"{running.child.name} does not stop by itself: killed")
            running.process.kill()
            running.process.wait()


def _end_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def mark(home: Path) -> dict[str, str]:
    """The environment variable by which `end_all` knows the processes of this installation."""
    return {MARK: str(home)}


def end_all(home: Path) -> int:
    """Kill every process that carries the mark of `home`; returns how many there were.

    Pid files would do for children, but not for grandchildren, and pids are given out again.
    """
    killed = set()
    for _ in range(50):  # what we kill may just have started another
        marked = set(_marked(home))
        if not marked:
            break
        for pid in marked:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        killed |= marked
        time.sleep(0.05)
    return len(killed)


def _marked(home: Path) -> Iterator[int]:
    words = f"{MARK}={home}".encode()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                environment = (folder / "environ").read_bytes()
            except OSError:  # gone meanwhile, or another user's
                continue
            if words in environment.split(b"\0"):
                yield int(folder.name)

"""What FreeRADIUS has counted since it began, asked by Debian's `radmin` over the server's control socket."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from religa.adapters.freeradius.programs import FOLDERS

_COUNT = re.compile(r"^\s*(\w+)\s+(\d+)\s*$", re.MULTILINE)
# radmin's words: `invalid` is from an address that may not ask, `bad_authenticator` has a wrong signature.
UNUSABLE = ("invalid", "malformed", "bad_authenticator", "unknown_types", "dropped")


@dataclass(frozen=True, slots=True)
class Counters:
    """By radmin's names: requests, responses, dup, and those of `UNUSABLE`."""

    log_ins: dict[str, int]
    accounting: dict[str, int]


def read(socket: Path) -> Counters:
    """Raises `OSError` with radmin's word for it where no server listens."""
    return Counters(_asked(socket, "auth"), _asked(socket, "acct"))


def _asked(socket: Path, kind: str) -> dict[str, int]:
    program = shutil.which("radmin", path=":".join(FOLDERS))
    if program is None:
        raise OSError("radmin is missing: apt-get install freeradius")
    command = [program, "-f", str(socket), "-e", f"stats client {kind}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=10)
    found = {name: int(count) for name, count in _COUNT.findall(done.stdout)}
    if done.returncode != 0 or not found:
        raise OSError((done.stderr or done.stdout).strip() or f"nobody listens at {socket}")
    return found

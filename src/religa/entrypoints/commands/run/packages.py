"""Debian's packages that no Python package brings: FreeRADIUS."""

import os
import shutil
import subprocess
from collections.abc import Callable

from religa import wiring


def ensure(*, may_install: bool, say: Callable[[str], None]) -> bool:
    """Install what is missing, where we may; whether all is there in the end."""
    if not (names := wiring.missing_radius_packages()):
        return True
    command = f"apt-get install {' '.join(names)}"
    if not (may_install and os.geteuid() == 0 and shutil.which("apt-get")):
        say(f"RADIUS stays off, the rest runs. Missing Debian packages: {command}")
        return False
    say(f"Installing Debian packages: {command}")
    for words in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", *names]):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(["apt-get", *words], env=quiet, capture_output=True, text=True)
        if done.returncode != 0:
            say(f"RADIUS stays off, the rest runs. apt-get {words[0]} failed:\n{done.stderr.strip()}")
            return False
    return True

"""From a fresh clone to the first page, and from the second `./run` to the first page.

    .venv/bin/python benchmarks/start.py [--apt]

Clones the last commit of this repository to a temporary folder and runs `./run` there, twice, with an environment that
holds nothing but PATH and HOME. Packages come from wherever pip is told to look (its cache is switched off). Without
`--apt` Debian packages are left alone; with it they are installed first, and their time is in the figure.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY = "Religa is running"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--apt", action="store_true")
    chosen = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="religa-start-") as folder:
        clone = Path(folder) / "religa"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        for name in ("first start of a fresh clone", "second start", "third start"):
            print(f"{name:30} {seconds_to_the_first_page(clone, apt=chosen.apt):6.1f} s")


def seconds_to_the_first_page(clone: Path, *, apt: bool) -> float:
    options = [
        "--port",
        str(free_port()),
        "--database-port",
        str(free_port()),
        *([] if apt else ["--no-apt"]),
    ]
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    started = time.perf_counter()
    run = subprocess.Popen(
        ["./run", *options],
        cwd=clone,
        env=environment | {"PIP_NO_CACHE_DIR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        first_page(run)
        return time.perf_counter() - started
    finally:
        run.send_signal(signal.SIGINT)
        for _ in run.stdout or ():  # so that a full pipe does not keep it from ending
            pass
        run.wait(timeout=60)


def first_page(run: subprocess.Popen[str]) -> None:
    """Waits until `./run` says where it is, and asks for that page."""
    said = []
    for line in run.stdout or ():
        said.append(line)
        if READY in line:
            with urllib.request.urlopen(line.split()[-1], timeout=10) as answer:
                answer.read()
            return
    raise SystemExit("".join(said))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()

"""FreeRADIUS in the foreground, with a run folder of its own, as the user who starts it.

Folder (mode 0700)::

    pgpass      the database password, mode 0600: never on a command line nor in the configuration
    radius.log  what the server says (when started here; a supervisor keeps its own)
"""

import hashlib
import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from psycopg import conninfo

from religa.adapters.freeradius import programs

DEPLOY = Path(__file__).resolve().parents[4] / "deploy"
RADDB = DEPLOY / "freeradius"
PROXY, SURVIVAL, RADSEC = DEPLOY / "freeradius-proxy", DEPLOY / "freeradius-survival", DEPLOY / "radsec"
READY = "Ready to process requests"
_LONGEST_SOCKET_PATH = 100  # octets; the system takes 107
PATIENCE = 15.0  # seconds to become ready, and to end


class ServerFailed(RuntimeError):
    """FreeRADIUS refuses its configuration or does not start; the message ends with what it said."""


@dataclass(frozen=True, kw_only=True)
class Launch:
    """How to start the server as a child of somebody's own; `environment` is to be added to the usual one."""

    command: tuple[str, ...]
    environment: Mapping[str, str]


class Server:
    """One FreeRADIUS that asks the database at `database_url` as the role of that address.

    `address` is an IPv4 or IPv6 address, or ``*``; `environment` is what `raddb` reads besides. The database need
    not be up: until it is, the server is silent. `threads`: how many requests are worked on at once, else what suits
    the machine.
    """

    def __init__(
        self,
        *,
        folder: Path,
        database_url: str,
        auth_port: int,
        acct_port: int,
        address: str = "127.0.0.1",
        raddb: Path = RADDB,
        environment: Mapping[str, str] | None = None,
        threads: int | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self.log = self.folder / "radius.log"
        self.address, self.auth_port, self.acct_port = address, auth_port, acct_port
        self._database_url = database_url
        self._raddb = raddb
        self._more = dict(environment or {})
        self._threads = threads or max(8, 4 * (os.cpu_count() or 1))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def control(self) -> Path:
        """The socket at which it tells what it counted. Where its path would be too long, it lies in /tmp."""
        path = self.folder / "control"
        if len(os.fsencode(path)) < _LONGEST_SOCKET_PATH:
            return path
        return Path("/tmp") / f"religa-{hashlib.sha256(os.fsencode(path)).hexdigest()[:16]}"

    def prepare(self) -> Launch:
        """Write what the server needs into the folder, and say how to start it."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        parts = conninfo.conninfo_to_dict(self._database_url)
        password = parts.pop("password", None)
        dsn = conninfo.make_conninfo("", **{name: str(value) for name, value in parts.items()})
        environment = {
            "RELIGA_RADIUS_ADDRESS": self.address,
            "RELIGA_RADIUS_AUTH_PORT": str(self.auth_port),
            "RELIGA_RADIUS_ACCT_PORT": str(self.acct_port),
            "RELIGA_RADIUS_THREADS": str(self._threads),
            "RELIGA_RADIUS_RUN": str(self.folder),
            "RELIGA_RADIUS_CONTROL": str(self.control),
            "RELIGA_RADIUS_DSN": dsn,
            **self._more,
        }
        if password is not None:
            environment["PGPASSFILE"] = str(self._keep_password(str(password)))
        return Launch(command=self._command("-f", "-l", "stdout"), environment=environment)

    def check(self) -> None:
        """Read the configuration without serving; :class:`ServerFailed` if it is refused."""
        launch = self.prepare()
        done = subprocess.run(
            self._command("-C", "-l", "stdout"),
            env={**os.environ, **launch.environment},
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise ServerFailed(f"FreeRADIUS refuses {self._raddb}:\n{done.stdout}{done.stderr}")

    def start(self) -> None:
        """Start and wait until requests are answered."""
        launch = self.prepare()
        with self.log.open("wb") as log:
            # Its own session: Ctrl-C in the terminal is for us, and we end it in our order.
            self._process = subprocess.Popen(
                launch.command,
                env={**os.environ, **launch.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self._wait_until_ready(self._process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server that was started here; harmless if there is none."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def _command(self, *arguments: str) -> tuple[str, ...]:
        if not (self._raddb / "radiusd.conf").exists():
            raise ServerFailed(f"No FreeRADIUS configuration in {self._raddb}")
        return (str(programs.find().server), "-d", str(self._raddb), *arguments)

    def _keep_password(self, password: str) -> Path:
        path = self.folder / "pgpass"
        escaped = password.replace("\\", "\\\\").replace(":", "\\:")
        with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write(f"*:*:*:*:{escaped}\n")
        return path

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        while READY not in self._said():
            if process.poll() is not None:
                raise ServerFailed(f"FreeRADIUS did not start:\n{self._said()[-2000:]}")
            if time.monotonic() > deadline:
                raise ServerFailed(f"FreeRADIUS is not ready after {PATIENCE:g} s:\n{self._said()[-2000:]}")
            time.sleep(0.02)

    def _said(self) -> str:
        return self.log.read_text(errors="replace")

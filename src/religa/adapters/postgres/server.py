"""One PostgreSQL server in one folder: started once however many ask, stopped when the last one leaves.

The server listens on 127.0.0.1 only, with SCRAM passwords. It outlives a killed Religa: the next start
finds it and attaches. Folder (made with mode 0700)::

    data/       the cluster          password    the superuser's, mode 0600
    server.log  what the server says  *.lock      who starts, who uses
"""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from religa.adapters.postgres import binaries, databases, identity, memory
from religa.adapters.postgres.lease import Lease

SUPERUSER = "postgres"
PATIENCE = 30.0  # seconds for leftovers of a killed server to leave, and for crash recovery steps
# What a fresh postmaster says while the children of a killed one still leave.
LEFTOVERS = ('lock file "postmaster.pid" already exists', "pre-existing shared memory block")
# Nothing of ours: no passwords, and no PG... variable that would change what a server does.
ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
FORGETFUL = {
    **dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off"),
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class ServerFailed(RuntimeError):
    """PostgreSQL did not start or stop; the message ends with what it said."""


@dataclass(frozen=True)
class Postmaster:
    """The living server process, as its ``postmaster.pid`` tells."""

    pid: int
    port: int
    ready: bool


class Server:
    """`durable=False` trades safety at a power cut for speed: for tests only."""

    def __init__(
        self,
        *,
        folder: Path,
        port: int = 0,
        durable: bool = True,
        source: str | None = None,
        options: Mapping[str, str] | None = None,
        run_as: str | None = None,
    ) -> None:
        self._settle_in(folder)
        self.port = port  # the wished one until the server runs, then the one it has
        self._port_is_settled = False
        self._durable = durable
        self._source = source
        self._options = {**({} if durable else FORGETFUL), **(options or {})}
        self._run_as = run_as
        self._process: subprocess.Popen[bytes] | None = None

    def _settle_in(self, folder: Path) -> None:
        self.folder = folder.resolve()  # the path is how a living server is recognised
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self._lease = Lease(self.folder)

    def start(self) -> None:
        """Start the server or attach to the living one, and count as a user of it until `stop`."""
        if not self._lease.held:
            self._settle_in(identity.reachable(self.folder, self._run_as))
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._lease.alone():
            self._lease.take()
            if self.postmaster() is None:
                self._start_new()
            self.port, self._port_is_settled = self._wait_until_ready(), True

    def stop(self) -> bool:
        """Stop using the server; the last user shuts it down. Returns whether it is down now."""
        if not self.folder.exists():
            return True
        with self._lease.alone():
            last = self._lease.give_up()
            if last and (living := self.postmaster()) is not None:
                self._shut_down(living.pid)
            return last

    def is_running(self) -> bool:
        """Whether the server lives, whoever started it."""
        return self.postmaster() is not None

    def postmaster(self) -> Postmaster | None:
        """The living postmaster of this data folder, or None."""
        if self._process is not None:
            self._process.poll()  # reaps, so that a dead child is not taken for a living one
        lines = self._pid_file()
        if len(lines) < 4 or str(self.data).encode() not in (_command_of(int(lines[0])) or ()):
            return None
        return Postmaster(int(lines[0]), int(lines[3]), len(lines) > 7 and lines[7].strip() == "ready")

    def url(self, *, database: str, user: str = SUPERUSER, password: str | None = None) -> str:
        """The address of `database` on the running server."""
        living = self.postmaster()
        if living is None:
            raise ServerFailed(f"PostgreSQL is not running in {self.folder}")
        secret = password or (self.folder / "password").read_text()
        return f"postgresql://{user}:{secret}@127.0.0.1:{living.port}/{database}"

    def create_database(self, name: str, *, template: str = "template0") -> None:
        """Create database `name` as a copy of `template`, unless it is there already."""
        with self._lease.alone():
            databases.create(server_url=self.url(database=SUPERUSER), name=name, template=template)

    # How a start goes

    def _start_new(self) -> None:
        who = identity.pick(self._run_as)
        programs = self._programs(who)
        if not self.data.exists():
            self._initialise(programs, who)
        who.take(self.data)
        self._drop_reused_pid()
        if not self._port_is_settled:  # a restart keeps its port: others know the address by now
            self.port = free_port(self.port)
        deadline = time.monotonic() + PATIENCE
        while not self._launched(programs, who):
            if time.monotonic() > deadline:
                raise ServerFailed(f"An earlier PostgreSQL does not leave {self.data}:\n{self._last_words()}")
            time.sleep(0.2)

    def _programs(self, who: identity.Identity) -> binaries.Binaries:
        version = self.data / "PG_VERSION"
        major = int(version.read_text()) if version.exists() else None
        chosen = binaries.choose(found=binaries.find_all(), source=self._source, data_major=major)
        if not who.changes_user:
            return chosen
        identity.open_path(self.folder)
        return identity.readable_copy(binaries=chosen, folder=self.folder)

    def _initialise(self, programs: binaries.Binaries, who: identity.Identity) -> None:
        """initdb beside, then rename: a half-made cluster is never taken for a good one."""
        unfinished, password = self.folder / "data.new", self.folder / "password"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            password.unlink()
        with open(os.open(password, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(24))
        who.take(unfinished)
        who.take(password)
        command = [*who.prefix, programs.program("initdb"), "-D", str(unfinished), "-U", SUPERUSER]
        command += ["-A", "scram-sha-256", f"--pwfile={password}", "--data-checksums"]
        command += ["--locale=C.UTF-8", "-E", "UTF8", *([] if self._durable else ["--no-sync"])]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd="/", env=ENVIRONMENT, **who.popen_arguments()
        )
        if done.returncode != 0:
            raise ServerFailed(f"initdb failed:\n{done.stdout}{done.stderr}")
        unfinished.rename(self.data)

    def _launched(self, programs: binaries.Binaries, who: identity.Identity) -> bool:
        """Whether the new postmaster lives; False while leftovers of an earlier one hold the folder."""
        settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "shared_buffers": f"{memory.for_buffers() >> 20}MB",
            **self._options,
        }
        command = [*who.prefix, programs.program("postgres"), "-D", str(self.data)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("wb") as log:
            # Its own session: Ctrl-C in the terminal must not reach the database.
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=ENVIRONMENT,
                start_new_session=True,
                **who.popen_arguments(),
            )
        return self._survives_start()

    def _survives_start(self) -> bool:
        assert self._process is not None
        while (living := self.postmaster()) is None or living.pid != self._process.pid:
            if self._process.poll() is not None:
                if any(words in self._last_words() for words in LEFTOVERS):
                    return False
                raise ServerFailed(f"PostgreSQL did not start:\n{self._last_words()}")
            time.sleep(0.01)
        return True

    def _drop_reused_pid(self) -> None:
        """After a reboot the pid in the file may be anybody's, and PostgreSQL would not start beside him.

        Nothing is lost: leftovers of a killed server are still found by their shared memory.
        """
        lines = self._pid_file()
        if lines and _command_of(int(lines[0])) is not None and self.postmaster() is None:
            (self.data / "postmaster.pid").unlink()

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _wait_until_ready(self) -> int:
        """Wait through a crash recovery, however long it takes; returns the port."""
        while (living := self.postmaster()) is None or not living.ready:
            if living is None:
                raise ServerFailed(f"PostgreSQL stopped while starting:\n{self._last_words()}")
            time.sleep(0.01)
        return living.port

    def _shut_down(self, pid: int) -> None:
        """Fast shutdown: roll back what is open, write a checkpoint, leave."""
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + 2 * PATIENCE
        while self.postmaster() is not None:
            if time.monotonic() > deadline:
                raise ServerFailed(f"PostgreSQL (process {pid}) does not stop:\n{self._last_words()}")
            time.sleep(0.01)

    def _last_words(self) -> str:
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""


def free_port(wanted: int = 0) -> int:
    """`wanted`, or the next free port above it; 0 asks the kernel for any."""
    for port in range(wanted, wanted + 100) if wanted else (0,):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise ServerFailed(f"No free port between {wanted} and {wanted + 99}")


def _command_of(pid: int) -> list[bytes] | None:
    """The command line of process `pid`; None when it is gone or only a zombie is left of it."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state in "ZX" else command

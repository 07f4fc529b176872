"""Who may start or stop a server, and who uses it: two file locks over all processes of this machine.

The kernel gives both up when their process dies, however it dies.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


class Lease:
    """The right to use the server of one folder, shared with other processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: int | None = None

    @property
    def held(self) -> bool:
        return self._file is not None

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Starts and stops happen one at a time."""
        with open(self._folder / "server.lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def take(self) -> None:
        """Count as a user from now on."""
        if self._file is None:
            self._file = self._open()
            fcntl.flock(self._file, fcntl.LOCK_SH)

    def give_up(self) -> bool:
        """Count no longer; whether nobody else uses the server. Call it under `alone`."""
        file = self._open() if self._file is None else self._file
        self._file = None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(file)
        return True

    def _open(self) -> int:
        return os.open(self._folder / "users.lock", os.O_CREAT | os.O_RDWR, 0o600)

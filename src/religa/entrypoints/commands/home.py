"""Where this installation keeps what it makes: database, logs, passwords."""

import fcntl
import json
import os
import secrets
from pathlib import Path


def folder() -> Path:
    """RELIGA_HOME, or `.religa` where the command was called."""
    return Path(os.environ.get("RELIGA_HOME") or ".religa").absolute()


def secret(name: str, keeper: Path | None = None) -> str:
    """The password kept under `name` in `secrets.json` (mode 0600); random, made when first asked for.

    `keeper` is the folder of the file: `folder()`, unless the password is for something that lives there.
    """
    path = (keeper or folder()) / "secrets.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known = json.loads(file.read() or "{}")
        if name not in known:
            known[name] = secrets.token_urlsafe(12)
            file.seek(0)
            json.dump(known, file, indent=1)
    return str(known[name])

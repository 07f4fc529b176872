"""One RADIUS question by Debian's `radclient`, and its answer as a type: for tests, the doctor and the demo.

`radclient` verifies what it receives: a reply with a wrong signature counts as none.
"""

import hashlib
import os
import re
import secrets
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from religa.adapters.freeradius import programs
from religa.adapters.freeradius.server import RADDB

Method = Literal["pap", "chap", "mschap"]
_RECEIVED = re.compile(r"^Received (Access-Accept|Access-Reject|Accounting-Response) ", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What a reply carried: name and value, as `radclient` prints them, in order."""

    attributes: tuple[tuple[str, str], ...]

    @property
    def signed(self) -> bool:
        """Whether there was a Message-Authenticator; it has then been verified."""
        return self.text("Message-Authenticator") is not None

    def text(self, name: str) -> str | None:
        """The first value of that name; octets (Class) as the text they hold where they hold one."""
        for found, value in self.attributes:
            if found == name:
                return _plain(value)
        return None

    def number(self, name: str) -> int | None:
        value = self.text(name)
        return None if value is None else int(value)


class Accepted(Answered):
    """Access-Accept."""


class Rejected(Answered):
    """Access-Reject."""


class Acknowledged(Answered):
    """Accounting-Response."""


@dataclass(frozen=True, kw_only=True)
class NoAnswer:
    """Silence, or a reply that could not be verified; `why` is `radclient`'s word for it."""

    why: str


_KINDS: Mapping[str, type[Accepted] | type[Rejected] | type[Acknowledged]] = {
    "Access-Accept": Accepted,
    "Access-Reject": Rejected,
    "Accounting-Response": Acknowledged,
}


@dataclass(frozen=True, kw_only=True)
class Client:
    """A router, as the server sees it: `source` is the address it speaks from, `secret` what it shares."""

    auth_port: int
    acct_port: int
    secret: str
    server: str = "127.0.0.1"
    source: str | None = None
    seconds: float = 1.0
    tries: int = 1

    def ask(
        self,
        *,
        username: str | bytes,
        password: str | None,
        method: Method = "pap",
        attributes: Mapping[str, str | int] | None = None,
    ) -> Accepted | Rejected | NoAnswer:
        """Log in. `attributes` are added to the request; a value that starts with ``0x`` is octets.

        Without a password, the proof has to be among the attributes.
        """
        request: dict[str, str | int] = {**_name(username), **_proof(method, password), **(attributes or {})}
        answer = self._send("auth", self.auth_port, request)
        assert not isinstance(answer, Acknowledged)
        return answer

    def account(self, attributes: Mapping[str, str | int]) -> Acknowledged | NoAnswer:
        """Send one accounting packet."""
        answer = self._send("acct", self.acct_port, attributes)
        assert isinstance(answer, (Acknowledged, NoAnswer))
        return answer

    def _send(
        self, kind: str, port: int, attributes: Mapping[str, str | int]
    ) -> Accepted | Rejected | Acknowledged | NoAnswer:
        lines = [f"{name} = {_quoted(value)}" for name, value in attributes.items()]
        if self.source:
            field = "Packet-Src-IPv6-Address" if ":" in self.source else "Packet-Src-IP-Address"
            lines.append(f"{field} = {self.source}")
        family, place = ("-6", f"[{self.server}]") if ":" in self.server else ("-4", self.server)
        with tempfile.TemporaryDirectory() as folder:
            secret = secret_file(Path(folder), self.secret)
            command = [str(programs.find().client), family, "-x", "-d", str(RADDB), "-t", f"{self.seconds:g}"]
            command += ["-r", str(self.tries), "-S", str(secret), f"{place}:{port}", kind]
            done = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True)
        return _read(done.stdout, done.stderr)


def _name(username: str | bytes) -> dict[str, str]:
    """By number and as octets: in a field called by its name, `radclient` changes backslashes on the way."""
    octets = username.encode() if isinstance(username, str) else username
    return {"Attr-1": f"0x{octets.hex()}"} if octets else {}


def _proof(method: Method, password: str | None) -> dict[str, str]:
    """CHAP is computed here, for the same reason as in `_name`."""
    if password is None:
        return {}
    if method == "chap":
        challenge = secrets.token_bytes(16)
        digest = hashlib.md5(b"\x01" + password.encode() + challenge).digest()
        return {"CHAP-Password": f"0x01{digest.hex()}", "CHAP-Challenge": f"0x{challenge.hex()}"}
    return {"MS-CHAP-Password" if method == "mschap" else "User-Password": password}


def _quoted(value: str | int) -> str:
    """As `radclient` reads it: it takes away escapes twice."""
    if isinstance(value, int) or re.fullmatch(r"0x[0-9a-f]*", value):
        return str(value)
    if "\n" in value:
        raise ValueError(f"a line break cannot be sent: {value!r}")
    return '"' + value.replace("\\", "\\" * 4).replace('"', '\\"') + '"'


def secret_file(folder: Path, secret: str) -> Path:
    """On a command line every user of the machine could read it."""
    path = folder / "secret"
    with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        file.write(secret)
    return path


def _read(said: str, complaints: str) -> Accepted | Rejected | Acknowledged | NoAnswer:
    received = _RECEIVED.search(said)
    if received is None:
        words = [
            line for line in (said + complaints).splitlines() if line.startswith("(") or "radclient:" in line
        ]
        return NoAnswer(why=words[-1] if words else (complaints.strip() or "no reply"))
    pairs = re.findall(r"^\t([\w-]+) = (.*)$", said[received.end() :], re.MULTILINE)
    return _KINDS[received[1]](attributes=tuple(pairs))


def _plain(value: str) -> str:
    if value.startswith('"'):
        return value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if value.startswith("0x"):
        octets = bytes.fromhex(value[2:])
        return octets.decode("ascii") if octets.isascii() and octets.decode("ascii").isprintable() else value
    return value

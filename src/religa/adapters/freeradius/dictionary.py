"""FreeRADIUS's dictionaries, read from its own files; and FreeRADIUS's own reading of a list of attributes.

The second is asked by `radclient`, which reads attributes as the server does, in 0.1 s and as any user.
`freeradius -XC` would start modules and connect to the database, and reads a `users` file without saying what it made
of it.
"""

import functools
import hashlib
import re
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from religa.adapters.freeradius import programs
from religa.adapters.freeradius.client import secret_file
from religa.adapters.freeradius.server import RADDB
from religa.ports import AttributeKind, Unreadable

FOLDER = Path("/usr/share/freeradius")
Packet = Sequence[tuple[str, str, str]]
_PATIENCE = 5.0  # seconds
_LARGEST_OF_A_PACKET = 255  # numbers above it, and of no vendor, never leave the server
_PARSE_ERROR = re.compile(r"^\((\d+)\) Error parsing \"stdin\": (.*)$", re.MULTILINE)
_SENT = re.compile(r"^Sent .*\n((?:\t.*\n)*)", re.MULTILINE)


@dataclass
class _Read:
    attributes: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)


class Dictionary:
    """Port `Dictionary`."""

    def __init__(self, folder: Path = FOLDER, raddb: Path = RADDB) -> None:
        self._folder, self._raddb = folder, raddb
        self._known = _read(folder / "dictionary", raddb / "dictionary")

    def attribute(self, name: str) -> AttributeKind | None:
        """As the port says. What never leaves the server counts as unknown: it says nothing to a router."""
        found = self._known.attributes.get(name.lower())
        if found is None:
            return None
        written, kind, tagged = found
        return AttributeKind(written, kind, tagged, frozenset(self._known.names.get(name.lower(), ())))

    def unreadable(self, packets: Sequence[Packet]) -> Unreadable | None:
        """`radclient` sends them to a socket of ours; what it says it sent must be what it was given."""
        asked = [packet for packet in packets if packet]
        places = [n for n, packet in enumerate(packets) if packet]
        if not asked:
            return None
        said, complaints = self._send(asked)
        if found := _PARSE_ERROR.search(complaints):
            return Unreadable(places[int(found[1])], found[2])
        sent = [[_name_of(line) for line in block.splitlines()] for block in _SENT.findall(said)]
        for n, packet in enumerate(asked):
            names = sorted(name.lower() for name, _, _ in packet)
            if names not in [sorted(one) for one in sent]:
                return Unreadable(places[n], (complaints or said).strip().rpartition("\n")[2])
        return None

    def _send(self, packets: Sequence[Packet]) -> tuple[str, str]:
        text = "\n\n".join("\n".join(_line(*pair) for pair in packet) for packet in packets) + "\n"
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as router,
            tempfile.TemporaryDirectory() as folder,
        ):
            router.bind(("127.0.0.1", 0))
            secret = secret_file(Path(folder), _SECRET)
            address = f"127.0.0.1:{router.getsockname()[1]}"
            command = [str(programs.find().client), "-x", "-d", str(self._raddb), "-D", str(self._folder)]
            command += ["-r", "1", "-t", "1", "-p", "1", "-S", str(secret), address, "coa"]
            pipe = subprocess.PIPE
            with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as client:
                _answer(router, client, text)
                return client.communicate(timeout=_PATIENCE)


_SECRET = "between radclient and us"


def _answer(router: socket.socket, client: "subprocess.Popen[str]", text: str) -> None:
    """Acknowledges each packet, so that `radclient` need not wait for a router that is not there."""
    assert client.stdin is not None
    client.stdin.write(text)
    client.stdin.close()
    client.stdin = None
    router.settimeout(0.02)
    for _ in range(int(_PATIENCE / 0.02)):
        try:
            octets, sender = router.recvfrom(8192)
        except TimeoutError:
            if client.poll() is not None:
                return
        else:
            router.sendto(_acknowledgement(octets), sender)
    client.kill()


def _acknowledgement(request: bytes) -> bytes:
    """CoA-ACK (RFC 5176, section 2.3)."""
    head = bytes((44, request[1])) + (20).to_bytes(2, "big")
    return head + hashlib.md5(head + request[4:20] + _SECRET.encode()).digest()


def _line(name: str, op: str, value: str) -> str:
    return f"{name} {op} " + '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _name_of(line: str) -> str:
    return line.split()[0].lower()


def _read(*files: Path) -> _Read:
    stamps = tuple((file, file.stat().st_mtime_ns) for file in files if file.exists())
    return _read_once(stamps)


@functools.lru_cache(maxsize=4)
def _read_once(files: tuple[tuple[Path, int], ...]) -> _Read:
    read = _Read()
    for file, _ in files:
        _take(read, file)
    return read


def _take(read: _Read, file: Path) -> None:
    of_a_vendor = False
    for word, *rest in _lines(file):
        if word.startswith("$INCLUDE") and rest and (file.parent / rest[0]).exists():
            _take(read, file.parent / rest[0])
        elif word in ("BEGIN-VENDOR", "END-VENDOR"):
            of_a_vendor = word == "BEGIN-VENDOR"
        elif word == "ATTRIBUTE" and len(rest) >= 3:
            _take_attribute(read, rest, of_a_vendor)
        elif word == "VALUE" and len(rest) >= 3:
            read.names.setdefault(rest[0].lower(), set()).add(rest[1])


def _lines(file: Path) -> Iterator[list[str]]:
    for line in file.read_text(errors="replace").splitlines():
        words = line.partition("#")[0].split()
        if words:
            yield words


def _take_attribute(read: _Read, words: list[str], of_a_vendor: bool) -> None:
    name, number, kind, *flags = words
    whole = number.partition(".")[0]
    if of_a_vendor or (int(whole, 0) if whole else 0) <= _LARGEST_OF_A_PACKET:
        read.attributes[name.lower()] = (name, kind, "has_tag" in ",".join(flags).split(","))

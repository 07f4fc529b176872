"""A dossier as a document: how it is written down, what its digests cover, its signature, and how it is checked.

Nothing here asks a database. Each part has a SHA-256 of its own; the whole one covers the head (who made it, provider,
contract, holder) and the digests of the parts; the signature (Ed25519, RFC 8032) covers the whole. Whoever changes one
letter changes the whole digest, which is printed on the paper and kept by the installation, and cannot sign it anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from religa.records.chain import Broken, Intact, Link, Sealed, verify

FORMAT, VERSION = "religa-dossier", 1
HEAD = ("format", "version", "made", "provider", "contract", "holder")
_CANONICAL = "UTF-8 JSON, keys sorted, no blanks between tokens, no escapes for characters outside ASCII"
_SIGNED = b"religa dossier 1\n"

Document = dict[str, Any]
Entry = dict[str, Any]


def close(head: Mapping[str, Any], parts: Mapping[str, Sequence[Entry]]) -> Document:
    """The finished document: head and parts (plain JSON values), digests, signature."""
    document: Document = {"format": FORMAT, "version": VERSION, **head, "parts": dict(parts)}
    of_parts = {name: _digest(entries) for name, entries in parts.items()}
    whole = _whole(document, of_parts)
    key = _own_keys()[0]
    document["digests"] = {
        "algorithm": "SHA-256", "canonical_form": _CANONICAL, "parts": of_parts, "whole": whole,
    }  # fmt: skip
    document["signature"] = {
        "algorithm": "Ed25519",
        "public_key": _public(key),
        "value": key.sign(_SIGNED + whole.encode()).hex(),
    }
    return document


def written(document: Document) -> bytes:
    """The file, for people too: indented, characters as they are."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def public_key() -> str:
    """By which this installation's dossiers are known, in hexadecimal; made from its secret (RELIGA_SECRETS_KEYS)."""
    return _public(_own_keys()[0])


@dataclass(frozen=True, slots=True)
class Sound:
    """Nothing was changed since it was signed with `public_key`. `is_ours`: one of the keys of this installation."""

    whole: str
    public_key: str
    is_ours: bool
    chain: Intact
    entries: int


@dataclass(frozen=True, slots=True)
class Unsound:
    """What does not fit, each as a sentence."""

    faults: tuple[str, ...]


def check(file: bytes) -> Sound | Unsound:
    """Recomputes everything that a file claims of itself; whatever the file is, the answer is one of the two."""
    try:
        document = json.loads(file, object_pairs_hook=_no_key_twice)
        faults = tuple(_faults(document))
        if faults:
            return Unsound(faults)
        return _sound(document)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Unsound(("This is no dossier of Religa, or a piece of it is missing.",))


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two programs may read a key that is there twice in two ways."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _sound(document: Document) -> Sound:
    chain = verify(_links(document))
    assert isinstance(chain, Intact)
    key = str(document["signature"]["public_key"])
    entries = sum(len(entries) for entries in document["parts"].values())
    ours = key in {_public(one) for one in _own_keys()}
    return Sound(document["digests"]["whole"], key, ours, chain, entries)


def _faults(document: Document) -> Iterator[str]:
    if document["format"] != FORMAT or document["version"] != VERSION:
        yield f"It is written in another form: {document['format']!r}, version {document['version']!r}."
        return
    foreign = set(document) - {*HEAD, "parts", "digests", "signature"}
    if foreign:
        yield f"It has pieces that nothing covers: {', '.join(sorted(foreign))}."
    claimed = document["digests"]["parts"]
    for name in sorted({*document["parts"], *claimed}):
        if _digest(document["parts"].get(name)) != claimed.get(name):
            yield f"Part {name!r} is not as it was when the dossier was made."
    whole = _whole(document, claimed)
    if whole != document["digests"]["whole"]:
        yield "The head is not as it was when the dossier was made, or a part was added or taken away."
    if not _is_signed(document["signature"], document["digests"]["whole"]):
        yield "The signature does not fit."
    chain = verify(_links(document))
    if isinstance(chain, Broken):
        yield f"The chain of access changes is broken at change {chain.seq}: {chain.why}."


def _is_signed(signature: Mapping[str, str], whole: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["public_key"]))
        key.verify(bytes.fromhex(signature["value"]), _SIGNED + whole.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _links(document: Document) -> Iterator[Sealed]:
    key = document["contract"]["key"]
    for change in document["parts"]["access_changes"]:
        sealed, chain = bytes.fromhex(change["digest"]), bytes.fromhex(change["chain"])
        salt = change["salt"]
        known = salt is not None and change["cause"] is not None
        yield (
            _link(key, change) if known else None,
            change["seq"],
            bytes.fromhex(salt) if known else None,
            sealed,
            chain,
        )


def _link(contract: int, change: Entry) -> Link:
    return Link(
        contract,
        change["seq"],
        datetime.fromisoformat(change["at"]),
        (change["old_access"], change["old_status"]),
        (change["access"], change["status"], change["why"]),
        datetime.fromisoformat(change["until"]) if change["until"] else None,
        change["access_then"],
        change["decided_with"],
        change["cause"],
    )


def canonical(value: object) -> bytes:
    """The one way in which a value is written for its digest."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode(errors="surrogatepass")


def _digest(value: object) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def _whole(document: Mapping[str, Any], of_parts: Mapping[str, str]) -> str:
    return _digest({**{name: document[name] for name in HEAD}, "parts": of_parts})


def _own_keys() -> list[Ed25519PrivateKey]:
    """The first signs; the others are from before a rotation of keys."""
    keys = getattr(settings, "SECRETS_KEYS", None) or [settings.SECRET_KEY]
    return [Ed25519PrivateKey.from_private_bytes(_derived(key)) for key in keys]


def _derived(key: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"religa signature of dossiers").derive(key.encode())


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

"""Keeps the fake PSP's books in a file, so that a demo that is started again finds its charges known."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from religa.adapters.fakes.psp.api import Account, Hook
from religa.adapters.fakes.psp.ledger import Charge, Pix, Return, Revision
from religa.ports.money import Split


class Unreadable(ValueError):
    """The file holds no books of a fake PSP."""


def save(account: Account, file: Path) -> None:
    """Writes the books, whole or not at all. Tokens and calls on their way are not in them."""
    books = account.ledger
    said = {
        "count": books.count,
        "pix": [asdict(one) for one in books.pix.values()],
        "charges": [{**asdict(one), "pix": [pix.id for pix in one.pix]} for one in books.charges.values()],
        "hooks": {key: asdict(hook) for key, hook in account.hooks.items()},
    }
    draft = file.with_name(f"{file.name}.draft")
    draft.write_text(json.dumps(said, ensure_ascii=False, default=datetime.isoformat))
    os.replace(draft, file)


def load(account: Account, file: Path) -> None:
    """Takes over the books of `file`, if there is one. Raises `Unreadable`; nothing is taken over then."""
    if not file.exists():
        return
    try:
        said = json.loads(file.read_text())
        pix = {one["id"]: _pix(one) for one in said["pix"]}
        charges = {one["txid"]: _charge(one, pix) for one in said["charges"]}
        hooks = {key: Hook(hook["url"], _at(hook["created_at"])) for key, hook in said["hooks"].items()}
        count = int(said["count"])
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise Unreadable(
            f"{file} holds no books of a fake PSP ({problem!r}): remove it to start anew"
        ) from problem
    account.hooks |= hooks
    account.ledger.take_over(charges=charges, pix=pix, count=count)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _pix(said: dict[str, Any]) -> Pix:
    split = None if said["split"] is None else Split(**said["split"])
    returns = [_return(one) for one in said["returns"]]
    return Pix(**{**said, "at": _at(said["at"]), "split": split, "returns": returns})


def _return(said: dict[str, Any]) -> Return:
    settled = None if said["settled_at"] is None else _at(said["settled_at"])
    return Return(**{**said, "asked_at": _at(said["asked_at"]), "settled_at": settled})


def _charge(said: dict[str, Any], pix: dict[str, Pix]) -> Charge:
    revisions, paid = [Revision(**one) for one in said["revisions"]], [pix[id] for id in said["pix"]]
    return Charge(**{**said, "created_at": _at(said["created_at"]), "revisions": revisions, "pix": paid})

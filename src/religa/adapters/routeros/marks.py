"""What we write into the comment of a secret: whose it is, what we did, and what was there before.

``religa:42:walled:PLANO%20300M`` is one word at the end of the operator's own comment. It is the memory by which a
restore gives back exactly what was there, also if Religa's database is lost. With ``:drop`` at its end a session from
before the change is still to be ended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from religa.domain.facts import Access

_MARK = re.compile(
    r"(?:^| )religa:(?P<key>\d+):(?P<access>full|reduced|walled|closed):(?P<profile>[^\s:]*)(?P<drop>:drop)?(?!\S)"
)
_ENTRY = re.compile(r"religa:(\d+)")


@dataclass(frozen=True, slots=True)
class Mark:
    """`access`: what we made of the log-in; `profile`: what it had before."""

    key: int
    access: Access
    profile: str
    drop: bool = False

    def __str__(self) -> str:
        profile = quote(self.profile, safe="", errors="surrogateescape")
        return f"religa:{self.key}:{self.access}:{profile}{':drop' if self.drop else ''}"


def find(comment: str) -> Mark | None:
    """The last mark of a comment."""
    found = list(_MARK.finditer(comment))
    if not found:
        return None
    word = found[-1]
    profile = unquote(word["profile"], errors="surrogateescape")
    return Mark(int(word["key"]), Access(word["access"]), profile, drop=bool(word["drop"]))


def without(comment: str) -> str:
    """The comment as the operator wrote it."""
    return _MARK.sub("", comment)


def put(comment: str, mark: Mark | None) -> str:
    """The operator's comment with this mark, and no other, behind it."""
    own = without(comment)
    if mark is None:
        return own
    return f"{own} {mark}" if own else str(mark)


def entry(key: int) -> str:
    """The whole comment of a list entry of ours."""
    return f"religa:{key}"


def entry_key(comment: str) -> int | None:
    """Whose entry it is; None if the comment is not exactly ours."""
    found = _ENTRY.fullmatch(comment)
    return int(found[1]) if found else None

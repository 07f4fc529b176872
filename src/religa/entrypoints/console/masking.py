"""What a bank posted, without whom it is about."""

from __future__ import annotations

import json
import re

_DOCUMENT = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]{2}"
    r"|[0-9A-Za-z]{2}\.?[0-9A-Za-z]{3}\.?[0-9A-Za-z]{3}\\?/?[0-9A-Za-z]{4}-?[0-9]{2})(?![0-9A-Za-z])"
)
_NAME = re.compile(r'("(?:nome|name)[^"]*"\s*:\s*")((?:[^"\\]|\\.)*)', re.IGNORECASE)
LONGEST = 20_000  # characters that a page shows


def masked(body: bytes) -> str:
    """The text of a body: of documents the first and last two characters, of names the first letter."""
    text = _plain(body.decode(errors="replace"))
    text = _DOCUMENT.sub(lambda found: f"{found[0][:2]}…{found[0][-2:]}", text)
    return _NAME.sub(lambda found: f"{found[1]}{found[2][:1]}…", text).replace("\0", "␀")[:LONGEST]


def _plain(text: str) -> str:
    """With its characters written out: a document spelt in escapes is one, too."""
    if "\\u" not in text:
        return text
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=1)
    except (ValueError, RecursionError):
        return re.sub(r"\\u00([2-7][0-9a-fA-F])", lambda found: chr(int(found[1], 16)), text)

"""Pages as people read them."""

from __future__ import annotations

import html
import re


def text_of(response) -> str:
    """The page without tags, one space between words."""
    plain = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    return re.sub(r"\s+([.,;:?])", r"\1", re.sub(r"\s+", " ", plain))

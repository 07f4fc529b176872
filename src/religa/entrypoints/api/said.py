"""Final words: as they stand on a screen, and as a voice reads them."""

from __future__ import annotations

from religa.wording import Language
from religa.wording.speech import spoken


def said(text: str, language: Language) -> dict[str, str]:
    return {"text": text, "speech": spoken(text, language=language)}

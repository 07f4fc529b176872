"""The languages Religa speaks. Portuguese is the source of truth; legal notices are always in it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Language(StrEnum):
    """Tags as the records keep them; each is also a valid `lang` attribute."""

    PT = "pt-br"
    EN = "en"
    ES = "es"

    @classmethod
    def of(cls, tag: str) -> Language:
        """The language of a tag such as `pt-BR`, `en_US` or `es-419`; Portuguese for any other."""
        short = tag.replace("_", "-").split("-")[0].lower()
        return next((language for language in cls if language.value.split("-")[0] == short), cls.PT)


class Words(NamedTuple):
    """One text in every language."""

    pt: str
    en: str
    es: str

    def in_(self, language: Language) -> str:
        return self[_POSITION[language]]


_POSITION = {Language.PT: 0, Language.EN: 1, Language.ES: 2}

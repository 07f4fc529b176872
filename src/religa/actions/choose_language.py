"""A subscriber chooses the language of his pages and messages. Legal notices stay Portuguese."""

from __future__ import annotations

from django.db import transaction

from religa.records import raw
from religa.wording import Language


def choose(*, subscriber_id: int, language: Language) -> None:
    """Writes the choice; nothing if it is the same, or if nobody has the number."""
    with transaction.atomic():
        raw.run(
            "UPDATE subscriber SET language = %(to)s WHERE id = %(id)s AND language <> %(to)s",
            {"to": language.value, "id": subscriber_id},
        )

"""What kind of device somebody comes with: enough for its owner to know it again, and no more is kept."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# In this order: an iPad calls itself a Macintosh at times, every Android a Linux.
_SIGNS = (
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("android", "Android"),
    ("windows", "Windows"),
    ("mac", "Macintosh"),
    ("linux", "Linux"),
)


def kind_of(user_agent: str) -> str:
    """A word of `records/models/portal.py`: `android`, `iphone`, ... or `other`."""
    return next((kind for kind, sign in _SIGNS if sign in user_agent), "other")


_NAMES = {
    "android": gettext_noop("Celular ou tablet Android"),
    "iphone": "iPhone",
    "ipad": "iPad",
    "windows": gettext_noop("Computador com Windows"),
    "mac": "Mac",
    "linux": gettext_noop("Computador com Linux"),
    "other": gettext_noop("Outro aparelho"),
}


def name_of(kind: str) -> str:
    """As people call it, in the page's language."""
    return _(_NAMES[kind])

"""What kind of device somebody comes with: enough for its owner to know it again, and no more is kept."""

from __future__ import annotations

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

"""The whole network at once: RADIUS walls and slows nobody, until a person lets it enforce again.

For a cut-over that went wrong. Nothing that was decided changes: it is only not enforced. `closed` stays closed.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from religa.records import raw
from religa.records.waking import wake

_SET = """
    INSERT INTO network_switch (id, enforce, changed_at, changed_by, reason)
    VALUES (1, %(enforce)s, %(at)s, %(by)s, %(reason)s)
    ON CONFLICT (id) DO UPDATE SET enforce = excluded.enforce, changed_at = excluded.changed_at,
           changed_by = excluded.changed_by, reason = excluded.reason
     WHERE network_switch.enforce <> excluded.enforce
"""


def release(*, by: str, at: datetime, reason: str) -> bool:
    """From the next log-in on everybody but `closed` has full access; whether that is new."""
    return _switch(enforce=False, by=by, at=at, reason=reason)


def enforce(*, by: str, at: datetime) -> bool:
    """What was decided holds again, from the next log-in on; whether that is new."""
    return _switch(enforce=True, by=by, at=at, reason="")


def _switch(*, enforce: bool, by: str, at: datetime, reason: str) -> bool:
    with transaction.atomic():
        changed = raw.run(_SET, {"enforce": enforce, "by": by, "at": at, "reason": reason})
        wake()  # the sessions that are open now
    return bool(changed)

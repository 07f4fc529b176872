"""How often something may be tried, for the doors; see `records.throttle`."""

from religa.records.throttle import Limit, forget, forget_old, try_both, try_once

__all__ = ["Limit", "forget", "forget_old", "try_both", "try_once"]

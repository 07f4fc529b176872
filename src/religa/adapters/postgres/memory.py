"""How much memory the server keeps for pages of its tables.

PostgreSQL's own default of 128 MB is less than the indexes of 200,000 contracts, so that every batch of a large file
pushes out what the next one needs. Its manual says a quarter of a machine that serves nothing else; here web, workers
and FreeRADIUS live beside it.
"""

import contextlib
import os
from pathlib import Path

_MB = 1 << 20
LEAST, MOST = 128 * _MB, 1024 * _MB
_SHARE = 8  # an eighth of the memory
_CGROUP = Path("/sys/fs/cgroup/memory.max")  # what a container may use; "max": all there is


def for_buffers(has: int | None = None) -> int:
    """Octets for `shared_buffers`; `has`: of memory, what we may use of this machine's if not said."""
    return max(LEAST, min(MOST, (_ours() if has is None else has) // _SHARE))


def _ours() -> int:
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(OSError, ValueError):
        return min(machine, int(_CGROUP.read_text()))
    return machine

"""Return files of Brazilian banks (CNAB 240 and 400), read only. A bank is a file in `banks/`."""

from religa.adapters.cnab.reader import Reader

__all__ = ["Reader"]

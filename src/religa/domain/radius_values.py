"""Whether a text is a value of an attribute's type, as FreeRADIUS's dictionaries name types.

FreeRADIUS itself is asked as well where it is installed, but it cuts a text that is too long and looks up an address
that is a name, both without a word.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Collection

_WHOLE = {
    "byte": 8, "short": 16, "integer": 32, "integer64": 64, "uint8": 8, "uint16": 16, "uint32": 32, "uint64": 64,
}  # fmt: skip


def fits(type_: str, value: str, names: Collection[str] = ()) -> bool:
    """Types that are not known here are left to FreeRADIUS. `names`: words that stand for numbers."""
    kind = type_.lower()
    if value in names:
        return True
    if kind in _WHOLE:
        return _is_whole(value, 0, 2 ** _WHOLE[kind])
    if kind == "signed":
        return _is_whole(value, -(2**31), 2**31)
    if kind.startswith("octets"):
        return re.fullmatch(r"0x([0-9A-Fa-f]{2}){1,253}", value) is not None
    return _FORMS[kind](value) if kind in _FORMS else True


def _is_whole(value: str, least: int, beyond: int) -> bool:
    if not re.fullmatch(r"-?[0-9]{1,20}|0x[0-9A-Fa-f]{1,16}", value):
        return False
    return least <= int(value, 0 if value.startswith("0x") else 10) < beyond


def _parses(parser: Callable[[str], object]) -> Callable[[str], bool]:
    def parses(value: str) -> bool:
        try:
            parser(value)
        except ValueError:
            return False
        return True

    return parses


_FORMS: dict[str, Callable[[str], bool]] = {
    "string": lambda value: 0 < len(value.encode()) <= 253,
    "ipaddr": _parses(ipaddress.IPv4Address),
    "ipv6addr": _parses(ipaddress.IPv6Address),
    "combo-ip": _parses(ipaddress.ip_address),
    "ipv4prefix": _parses(ipaddress.IPv4Network),
    "ipv6prefix": _parses(ipaddress.IPv6Network),
    "ether": lambda value: re.fullmatch(r"([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}", value) is not None,
}

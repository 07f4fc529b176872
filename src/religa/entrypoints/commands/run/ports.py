"""Ports that nobody else listens on."""

import socket


class NoFreePort(RuntimeError):
    """A hundred ports in a row are taken."""


def free_port(wanted: int, *, host: str = "127.0.0.1", count: int = 1, udp: bool = False) -> int:
    """`wanted`, or the next port from which on `count` ports of `host` are free."""
    for first in range(wanted, wanted + 100):
        if all(_is_free(host, port, udp) for port in range(first, first + count)):
            return first
    raise NoFreePort(f"no free port between {wanted} and {wanted + 99}")


def _is_free(host: str, port: int, udp: bool) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM) as probe:
        if not udp:  # connections that have just ended do not count
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True

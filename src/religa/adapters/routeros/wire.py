"""A socket in the shape that `routeros_api` reads and writes, with a deadline and without its small packets."""

from __future__ import annotations

import socket
import ssl
import time

from religa.adapters.routeros.settings import Settings

PIECE = 65536  # a length is the router's word; memory is never set aside for more than this at once


class Wire:
    """Sends when somebody waits for an answer, so that many commands leave in one packet."""

    def __init__(self, settings: Settings, *, deadline: float) -> None:
        self.deadline = deadline
        self._silence = settings.answer_seconds
        self._out, self._in, self._at = bytearray(), b"", 0
        self._socket = _connected(settings, self._patience())

    def send(self, octets: bytes) -> None:
        self._out += octets

    def receive(self, length: int) -> bytes:
        """At least one octet and at most `length`, as `recv` does."""
        if self._out:
            self._flush()
        if self._at == len(self._in):
            self._in, self._at = self._more(), 0
        piece = self._in[self._at : self._at + length]
        self._at += len(piece)
        return piece

    def close(self) -> None:
        self._socket.close()

    def _flush(self) -> None:
        self._socket.settimeout(self._patience())
        self._socket.sendall(self._out)
        self._out.clear()

    def _more(self) -> bytes:
        self._socket.settimeout(self._patience())
        piece = self._socket.recv(PIECE)
        if not piece:
            raise ConnectionResetError("the router closed the connection")
        return piece

    def _patience(self) -> float:
        """Silence alone does not bound the time: a router may send one octet now and then."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time for this call is over")
        return min(self._silence, left)


def _connected(settings: Settings, patience: float) -> socket.socket:
    plain = socket.create_connection(settings.place, timeout=patience)
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if not settings.tls:
        return plain
    try:
        return _trust(settings).wrap_socket(plain, server_hostname=settings.host)
    except BaseException:
        plain.close()
        raise


def _trust(settings: Settings) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=settings.tls_ca)
    context.check_hostname = settings.tls_check_name
    return context

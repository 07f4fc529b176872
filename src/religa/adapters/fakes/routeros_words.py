"""The words and sentences of the RouterOS API, from the router's end."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Attributes = Mapping[str, str]
_ATTRIBUTE = re.compile(r"=(\.?[^=]+)=(.*)", re.DOTALL)


@dataclass(frozen=True)
class Sentence:
    """One command as it came. `queries` are its ``?`` words, in order."""

    command: str
    attributes: Attributes
    queries: tuple[str, ...]
    tag: str | None


class Words:
    """Reads sentences off a socket until it is closed."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket, self._buffer = connection, bytearray()

    @property
    def is_dry(self) -> bool:
        """Whether the next sentence has yet to be sent."""
        return not self._buffer

    def sentences(self) -> Iterator[Sentence]:
        with contextlib.suppress(OSError):
            while words := self._sentence():
                yield parsed(words)

    def cut(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.close()

    def _sentence(self) -> list[str]:
        words = []
        while word := self._take(self._length()):
            words.append(word.decode("utf-8", "surrogateescape"))
        return words

    def _length(self) -> int:
        first = self._take(1)[0]
        for extra, (mask, top) in enumerate(
            ((0x80, 0), (0xC0, 0x80), (0xE0, 0xC0), (0xF0, 0xE0), (0xF8, 0xF0))
        ):
            if first & mask == top:
                return int.from_bytes(bytes((first & ~mask,)) + self._take(extra), "big")
        raise ConnectionResetError("a control byte")

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            piece = self._socket.recv(65536)
            if not piece:
                raise ConnectionResetError("closed")
            self._buffer += piece
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken


def parsed(words: list[str]) -> Sentence:
    """A word without its second ``=`` is refused later, as an attribute of no menu."""
    attributes: dict[str, str] = {}
    queries, tag = [], None
    for word in words[1:]:
        found = _ATTRIBUTE.fullmatch(word)
        if found:
            attributes[found[1]] = found[2]
        elif word.startswith(".tag="):
            tag = word.removeprefix(".tag=")
        elif word.startswith("?"):
            queries.append(word[1:])
        else:
            attributes[word] = ""
    return Sentence(words[0], attributes, tuple(queries), tag)


def sentence(kind: str, attributes: Attributes, tag: str | None, *more: str) -> bytes:
    words = [kind, *([f".tag={tag}"] if tag else []), *(f"={k}={v}" for k, v in attributes.items()), *more]
    return b"".join(encoded(word.encode("utf-8", "surrogateescape")) for word in words) + b"\0"


def encoded(word: bytes) -> bytes:
    """A word behind its length, which takes one to five octets."""
    count = len(word)
    for octets, (limit, top) in enumerate(
        ((0x80, 0), (0x4000, 0x80), (0x200000, 0xC0), (0x10000000, 0xE0)), 1
    ):
        if count < limit:
            head = bytearray(count.to_bytes(octets, "big"))
            head[0] |= top
            return bytes(head) + word
    return b"\xf0" + count.to_bytes(4, "big") + word


def matches(row: Attributes, queries: tuple[str, ...]) -> bool:
    """Queries push what they find; ``#`` words combine; what is left has to be true altogether."""
    stack: list[bool] = []
    for query in queries:
        if query.startswith("#"):
            _combine(stack, query[1:])
            continue
        name, equals, value = query.removeprefix("=").partition("=")
        if name.startswith("-"):
            stack.append(name[1:] not in row)
        else:
            stack.append(row.get(name, "") == value if equals else name in row)
    return all(stack)


def _combine(stack: list[bool], operators: str) -> None:
    for operator in operators:
        if operator == "!":
            stack.append(not stack.pop())
        else:
            right, left = stack.pop(), stack.pop()
            stack.append((left and right) if operator == "&" else (left or right))

"""The subscriber's side of MS-CHAPv2 (RFC 2759), which `radclient` does not speak and most routers offer first."""

import hashlib
import struct

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes


def attributes(*, username: str, password: str, challenge: bytes, peer: bytes) -> dict[str, str]:
    """What a router sends on: its own challenge (16 octets), and the response to it."""
    response = bytes([1, 0]) + peer + bytes(8) + nt_response(username, password, challenge, peer)
    return {"MS-CHAP-Challenge": f"0x{challenge.hex()}", "MS-CHAP2-Response": f"0x{response.hex()}"}


def nt_response(username: str, password: str, challenge: bytes, peer: bytes) -> bytes:
    digest = hashlib.sha1(peer + challenge + username.encode()).digest()[:8]
    key = nt_hash(password) + bytes(5)
    return b"".join(_des(key[at : at + 7], digest) for at in (0, 7, 14))


def nt_hash(password: str) -> bytes:
    """MD4 of the password in UTF-16 (OpenSSL no longer offers it)."""
    text = password.encode("utf-16-le")
    padded = text + b"\x80" + bytes(-(len(text) + 9) % 64) + struct.pack("<Q", 8 * len(text))
    state = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)
    for block in range(0, len(padded), 64):
        state = _md4_block(state, struct.unpack("<16I", padded[block : block + 64]))
    return struct.pack("<4I", *state)


def _md4_block(state: tuple[int, ...], words: tuple[int, ...]) -> tuple[int, ...]:
    a, b, c, d = state
    rounds = (
        (lambda x, y, z: (x & y) | (~x & z), 0, (3, 7, 11, 19), range(16)),
        (lambda x, y, z: (x & y) | (x & z) | (y & z), 0x5A827999, (3, 5, 9, 13),
         [i + j for i in range(4) for j in (0, 4, 8, 12)]),
        (lambda x, y, z: x ^ y ^ z, 0x6ED9EBA1, (3, 9, 11, 15),
         [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15]),
    )  # fmt: skip
    for mix, constant, shifts, order in rounds:
        for step, index in enumerate(order):
            total = (a + mix(b, c, d) + words[index] + constant) & 0xFFFFFFFF
            shift = shifts[step % 4]
            a, b, c, d = d, ((total << shift) | (total >> (32 - shift))) & 0xFFFFFFFF, b, c
    return tuple((old + new) & 0xFFFFFFFF for old, new in zip(state, (a, b, c, d), strict=True))


def _des(seven: bytes, block: bytes) -> bytes:
    """DES with 56 bits of key, each seven followed by one that does not count."""
    bits = int.from_bytes(seven, "big")
    key = bytes(((bits >> (49 - 7 * i)) & 0x7F) << 1 for i in range(8))
    encryptor = Cipher(TripleDES(key * 3), modes.ECB()).encryptor()
    return encryptor.update(block) + encryptor.finalize()

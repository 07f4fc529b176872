"""The internet of the lab, and what a subscriber's device may ask of it.

``world.py serve CERTIFICATE KEY`` answers HTTP and HTTPS on WEB4/WEB6, and echoes UDP and TCP on the ports below.
``world.py udp|tcp|dns|dns-tcp ADDRESS PORT-OR-NAME [SOURCE]`` asks, and prints what came of it as one line.
"""

from __future__ import annotations

import errno
import http.server
import socket
import ssl
import struct
import sys
import threading

WEB4, WEB6 = "203.0.113.10", "2001:db8:f::10"
ECHOES = (5060, 10500, 9999, 7777)
NOTED = ("203.0.113.90", 443)  # the "payment page": answers with the address that it sees


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = f"internet {self.client_address[0].removeprefix('::ffff:')}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Server6(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6


def _echo_udp(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    wire = socket.socket(family, socket.SOCK_DGRAM)
    wire.bind((address, port))
    while True:
        octets, sender = wire.recvfrom(2048)
        wire.sendto(octets, sender)


def _echo_tcp(address: str, port: int) -> None:
    for wire, _ in iter(socket.create_server((address, port)).accept, None):
        wire.sendall(b"echo")
        wire.close()


def serve(certificate: str, key: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    servers = []
    for made, address, port in (
        (http.server.ThreadingHTTPServer, WEB4, 80), (Server6, WEB6, 80),
        (http.server.ThreadingHTTPServer, WEB4, 443), (Server6, WEB6, 443),
        (http.server.ThreadingHTTPServer, *NOTED),
    ):  # fmt: skip
        server = made((address, port), Page)
        if port == 443:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        servers.append(server)
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    for address in (WEB4, WEB6):
        for port in ECHOES:
            threading.Thread(target=_echo_udp, args=(address, port), daemon=True).start()
    for port in ECHOES:
        threading.Thread(target=_echo_tcp, args=(WEB4, port), daemon=True).start()
    print("ready", flush=True)
    threading.Event().wait()


def _connected(kind: int, address: str, port: int, source: str) -> socket.socket:
    wire = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind)
    wire.settimeout(2)
    if source:
        wire.bind((source, 0))
    wire.connect((address, port))
    return wire


def ask_udp(address: str, port: str, source: str = "") -> str:
    with _connected(socket.SOCK_DGRAM, address, int(port), source) as wire:
        wire.send(b"hello")
        return wire.recv(100).decode()


def ask_tcp(address: str, port: str, source: str = "") -> str:
    with _connected(socket.SOCK_STREAM, address, int(port), source) as wire:
        return wire.recv(100).decode()


def _question(name: str) -> bytes:
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return struct.pack("!6H", 4711, 0x0100, 1, 0, 0, 0) + labels + struct.pack("!BHH", 0, 1, 1)


def _first_address(answer: bytes) -> str:
    """Of an answer with one A record at its end; else the code of the refusal."""
    answers, code = struct.unpack("!H", answer[6:8])[0], answer[3] & 15
    return socket.inet_ntoa(answer[-4:]) if answers else f"rcode {code}"


def ask_dns(address: str, name: str, source: str = "") -> str:
    with _connected(socket.SOCK_DGRAM, address, 53, source) as wire:
        wire.send(_question(name))
        return _first_address(wire.recv(1000))


def ask_dns_tcp(address: str, name: str, source: str = "") -> str:
    question = _question(name)
    with _connected(socket.SOCK_STREAM, address, 53, source) as wire:
        wire.sendall(struct.pack("!H", len(question)) + question)
        return _first_address(wire.recv(1000)[2:])


def main(what: str, *arguments: str) -> None:
    if what == "serve":
        serve(*arguments)
    try:
        print(globals()[f"ask_{what.replace('-', '_')}"](*arguments))
    except TimeoutError:
        print("timeout")
    except OSError as refused:
        print(errno.errorcode.get(refused.errno or 0, repr(refused)))


if __name__ == "__main__":
    main(*sys.argv[1:])

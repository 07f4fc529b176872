"""All connections to the database are busy: what comes meanwhile waits its turn and is not lost."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

from radius import Radius
from religa.adapters.freeradius.client import Acknowledged

from .test_odd_accounting import attribute, packet
from .town import Town

MORE_THAN_THREADS = 40


def test_a_new_router_is_looked_up_while_every_thread_waits(town: Town, radius: Radius):
    """The look-up once shared the threads' connections; with none left, known routers became strangers every 30 s."""
    town.nas("127.0.2.90")
    on = {"Acct-Status-Type": "Accounting-On"}
    with (
        socket.socket(type=socket.SOCK_DGRAM) as router,
        psycopg.connect(town.url) as blocking,
        ThreadPoolExecutor() as pool,
    ):
        router.bind(("127.0.0.1", 0))
        assert isinstance(radius.router().account(on), Acknowledged)
        blocking.execute("LOCK TABLE session_live IN ACCESS EXCLUSIVE MODE")
        for number in range(MORE_THAN_THREADS):
            router.sendto(_interim(number), ("127.0.0.1", radius.server.acct_port))
        time.sleep(2.0)  # FreeRADIUS adds threads once a second
        answer = pool.submit(radius.router("127.0.2.90", seconds=3).account, on)
        time.sleep(0.5)
        blocking.rollback()
        assert isinstance(answer.result(), Acknowledged)


def _interim(number: int) -> bytes:
    name = b"busy %d" % number
    kind = attribute(40, b"\0\0\0\x03")
    return packet(None, kind + attribute(1, name) + attribute(44, name), identifier=number)

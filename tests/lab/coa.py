"""CoA and Disconnect by hand, as a peer of the simulated router: pyrad on the host, one request, one answer."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from pyrad import packet

from .lab import NAS_SECRET, Client, Lab
from .nas import DICTIONARY


@dataclass(frozen=True)
class Answer:
    """`ack`, or not and perhaps why."""

    ack: bool
    error_cause: int | None


def of_session(client: Client) -> dict[str, str]:
    """What identifies the session that the router has of this subscriber now."""
    session = client.session()
    return {
        "User_Name": client.username,
        "Acct_Session_Id": session["id"],
        "Framed_IP_Address": session["ipv4"],
    }


def send(
    lab: Lab, *, code: int = packet.CoARequest, secret: str = NAS_SECRET, times: int = 1, **attributes: object
) -> Answer | None:
    """What the router answers; None: nothing within half a second. `times`: the same octets again and again."""
    asked = packet.CoAPacket(
        code=code, secret=secret.encode(), dict=DICTIONARY, message_authenticator=True, **attributes
    )
    octets = asked.RequestPacket()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind((lab.network.host, 0))
        wire.connect((lab.network.bng_address, 3799))
        wire.settimeout(0.5)
        try:
            for _ in range(times):
                wire.send(octets)
                raw = wire.recv(4096)
        except OSError:
            return None
    reply = asked.CreateReply(packet=raw)
    assert asked.VerifyReply(reply)
    ack = reply.code in (packet.CoAACK, packet.DisconnectACK)
    return Answer(ack, reply["Error-Cause"][0] if "Error-Cause" in reply else None)


def disconnect(lab: Lab, **attributes: object) -> Answer | None:
    return send(lab, code=packet.DisconnectRequest, **attributes)

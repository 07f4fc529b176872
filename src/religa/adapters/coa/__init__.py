"""CoA-Request and Disconnect-Request (RFC 5176) over UDP, one socket for each router and source address.

`packets` knows the octets (pyrad), `sender` the waiting and repeating.
"""

from religa.adapters.coa.sender import Sender

__all__ = ["Sender"]

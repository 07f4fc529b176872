"""A PSP that moves no money: API Pix 2.9.0 with the rules of the Manual, calls to webhooks, and mischief on demand.

For tests, benchmarks and the demo. `FakePsp` is the server; `religa fake-psp` serves it by itself.
"""

from religa.adapters.fakes.psp.deeds import KEY, OTHER_KEY
from religa.adapters.fakes.psp.deliveries import Counters
from religa.adapters.fakes.psp.ledger import NotPaid, Payee, Pix, Return
from religa.adapters.fakes.psp.mischief import Mischief
from religa.adapters.fakes.psp.server import FakePsp

__all__ = ["KEY", "OTHER_KEY", "Counters", "FakePsp", "Mischief", "NotPaid", "Payee", "Pix", "Return"]

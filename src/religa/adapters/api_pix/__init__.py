"""The standard API Pix (2.9.0, Banco Central do Brasil), one client for all banks that keep to it.

`client` is the account that collects; `profiles` what differs from bank to bank; `writing` and `reading` the documents,
without any network; `wire` and `tokens` the exchange; `receipts` the list of money; `events` what banks post to us;
`certificates` what we show them.
"""

from religa.adapters.api_pix.account import Account
from religa.adapters.api_pix.client import ApiPix, http_client
from religa.adapters.api_pix.profiles import PROFILES, PspProfile

__all__ = ["PROFILES", "Account", "ApiPix", "PspProfile", "http_client"]

"""Efí's "API Cobranças": boletos, and Bolix, which are boletos with a Pix code on them.

What is known of it is second-hand (docs/operators/efi.md says from where): its own documentation and SDKs, read in
November 2026; no sandbox was reached. The other API of Efí, API Pix, is the standard one and not here.
"""

from religa.adapters.efi_cobrancas.account import Account
from religa.adapters.efi_cobrancas.settings import Settings

__all__ = ["Account", "Settings"]

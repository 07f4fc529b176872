"""Any SMS or WhatsApp gateway that speaks HTTP: what is sent and what its answers mean is written in settings."""

from religa.adapters.http_gateway.gateway import Gateway
from religa.adapters.http_gateway.settings import Settings

__all__ = ["Gateway", "Settings"]

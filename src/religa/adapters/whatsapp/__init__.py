"""WhatsApp by Meta's Cloud API: templates and text, signed webhooks for receipts and what people write."""

from religa.adapters.whatsapp.cloud import CloudApi
from religa.adapters.whatsapp.settings import Settings

__all__ = ["CloudApi", "Settings"]

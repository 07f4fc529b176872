"""Web push: encryption (RFC 8291), who sends (VAPID, RFC 8292), and the push service's answers (RFC 8030)."""

from religa.adapters.web_push.keys import new_key, public_key
from religa.adapters.web_push.sender import WebPush, is_service

__all__ = ["WebPush", "is_service", "new_key", "public_key"]

"""E-mail by SMTP (RFC 5321), and what comes back of it (RFC 3464)."""

from religa.adapters.smtp.bounces import Bounced, NotABounce, read_bounce
from religa.adapters.smtp.sender import Settings, Smtp

__all__ = ["Bounced", "NotABounce", "Settings", "Smtp", "read_bounce"]

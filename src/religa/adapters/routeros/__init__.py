"""Access on MikroTik routers that hold their log-ins themselves, by the RouterOS API."""

"""Django's PostgreSQL, with a pool that does not ask the server whether it is there before each request."""

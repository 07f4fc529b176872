from __future__ import annotations

import pytest

ROLES = ("agent", "finance", "network", "manager")


@pytest.fixture
def staff(client, provider):
    """`staff(role)`: a client logged in as somebody of the provider."""
    import people

    def log_in(role="manager"):
        client.force_login(
            people.staff(provider, role, role.title()).user, "django.contrib.auth.backends.ModelBackend"
        )
        return client

    return log_in

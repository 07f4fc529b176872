"""A small provider in Fortaleza for the tests of the tables.

`rows` is imported late: its models need Django, which the outer conftest sets up.
"""

import pytest


@pytest.fixture
def provider(db):
    """Religa Net, with the default policy."""
    from . import rows

    return rows.provider()


@pytest.fixture
def ana(provider):
    """Ana pays in time: a contract without any history."""
    from . import rows

    return rows.contract(provider, "ana")


@pytest.fixture
def bruno(provider):
    """Bruno is late."""
    from . import rows

    return rows.contract(provider, "bruno")

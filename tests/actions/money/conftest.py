from collections.abc import Iterator

import pytest


@pytest.fixture
def provider(db):
    from .. import world

    return world.provider()


@pytest.fixture
def bank(provider) -> Iterator:
    from .bank import Bank, FakePsp, account

    with FakePsp(seed=f"test {provider.pk}") as psp:
        yield Bank(psp, account(provider, psp).pk)


@pytest.fixture
def bruno(provider) -> int:
    """Bruno's invoice of November, R$ 99.90, due on the 10th, a Tuesday."""
    from .. import world

    contract = world.contract(provider, "bruno")
    world.bill(contract, "F1")
    return contract

import pytest

from .bank import Bank


@pytest.fixture
def bank() -> Bank:
    return Bank()

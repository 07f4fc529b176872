"""Secrets at rest open only with our keys, and only where they belong."""

import pytest

from religa.records import secrets

PLACE = "payment_account/1/certificate"


def test_a_secret_comes_back_and_is_not_readable(settings):
    sealed = secrets.seal("senha do banco é ção", place=PLACE)
    assert b"senha" not in sealed
    assert secrets.open_sealed(sealed, place=PLACE) == "senha do banco é ção"


def test_the_same_secret_never_looks_the_same():
    assert secrets.seal("x", place=PLACE) != secrets.seal("x", place=PLACE)


def test_a_secret_copied_to_another_row_does_not_open():
    sealed = secrets.seal("x", place=PLACE)
    with pytest.raises(secrets.Unopenable):
        secrets.open_sealed(sealed, place="payment_account/2/certificate")


@pytest.mark.parametrize("n", [0, 5, -1])
def test_an_altered_secret_does_not_open(n):
    sealed = bytearray(secrets.seal("x", place=PLACE))
    sealed[n] ^= 1
    with pytest.raises(secrets.Unopenable):
        secrets.open_sealed(bytes(sealed), place=PLACE)


def test_keys_can_be_changed_without_losing_what_the_old_one_closed(settings):
    settings.SECRETS_KEYS = ["old"]
    sealed = secrets.seal("x", place=PLACE)
    settings.SECRETS_KEYS = ["new", "old"]
    assert secrets.open_sealed(sealed, place=PLACE) == "x"
    again = secrets.seal("x", place=PLACE)
    settings.SECRETS_KEYS = ["new"]
    assert secrets.open_sealed(again, place=PLACE) == "x"
    with pytest.raises(secrets.Unopenable):
        secrets.open_sealed(sealed, place=PLACE)

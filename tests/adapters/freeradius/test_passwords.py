"""Who gets in: the ways in which a router may carry a password, hashes, odd characters, the lock to one MAC address."""

import base64
import hashlib
import secrets

import pytest

from radius import Login, Radius
from religa.adapters.freeradius.client import Accepted, Rejected

from . import mschapv2
from .town import Town

# "segredo", once made by crypt(3)
SHA512_CRYPT = (
    "$6$jZY3P4K/UpJ9WgrI"
    "$0ydC6rsOy/MITiqVJI/tjSfgGfPrA.ZprDiq4wQEfO5yeul7QPiPeFOeDsDl.iW1707GrMQ2kL8XCpS7yeWXI1"
)
BCRYPT = "$2b$04$S95V6258MQB/7xExpG79FeBTCynqL0WnPvpz/lDX5qqDNyQA3WzWe"
SALT = b"12345678"


def salted(algorithm: str) -> str:
    return base64.b64encode(hashlib.new(algorithm, b"segredo" + SALT).digest() + SALT).decode()


HASHES = {
    "crypt": ("crypt", SHA512_CRYPT),
    "bcrypt": ("bcrypt", BCRYPT),
    "ssha": ("ssha", salted("sha1")),
    "ssha2 of 256 bits": ("ssha2", salted("sha256")),
    "ssha2 of 512 bits": ("ssha2", salted("sha512")),
    "with its own header": ("ssha2", "{SSHA512}" + salted("sha512")),
    "nt": ("nt", mschapv2.nt_hash("segredo").hex()),
}


def mschapv2_answer(radius: Radius, login: Login, password: str):
    challenge, peer = secrets.token_bytes(16), secrets.token_bytes(16)
    proof = mschapv2.attributes(username=login.username, password=password, challenge=challenge, peer=peer)
    return radius.router().ask(username=login.username, password=None, attributes=proof)


@pytest.mark.parametrize("method", ["pap", "chap", "mschap"])
def test_the_right_password_gets_in_and_the_wrong_one_does_not(town: Town, radius: Radius, method):
    ana, router = town.login(), radius.router()
    assert isinstance(router.ask(username=ana.username, password="segredo", method=method), Accepted)
    assert isinstance(router.ask(username=ana.username, password="Segredo", method=method), Rejected)


def test_mschapv2_gets_in_with_the_right_password_alone(town: Town, radius: Radius):
    ana = town.login(password="senha de Ana")
    assert isinstance(mschapv2_answer(radius, ana, "senha de Ana"), Accepted)
    assert isinstance(mschapv2_answer(radius, ana, "senha da Ana"), Rejected)


def test_a_walled_subscriber_needs_his_password_too(town: Town, radius: Radius):
    bruno = town.login()
    town.decide(bruno, "walled")
    assert isinstance(radius.router().ask(username=bruno.username, password="wrong"), Rejected)


def test_without_a_password_on_record_nobody_gets_in(town: Town, radius: Radius):
    ana = town.login(password=None)
    for password in ("", "segredo"):
        assert isinstance(radius.router().ask(username=ana.username, password=password), Rejected)


@pytest.mark.parametrize("scheme, kept", HASHES.values(), ids=HASHES)
def test_a_hash_is_enough_for_pap(town: Town, radius: Radius, scheme: str, kept: str):
    ana, router = town.login(password=None), radius.router()
    town.keep_password(ana.record, hash=kept, scheme=scheme)
    assert isinstance(router.ask(username=ana.username, password="segredo"), Accepted)
    assert isinstance(router.ask(username=ana.username, password="Segredo"), Rejected)
    assert isinstance(router.ask(username=ana.username, password="segredo", method="chap"), Rejected)


def test_an_nt_hash_is_enough_for_mschap(town: Town, radius: Radius):
    ana = town.login(password=None)
    town.keep_password(ana.record, hash=mschapv2.nt_hash("segredo").hex(), scheme="nt")
    assert isinstance(mschapv2_answer(radius, ana, "segredo"), Accepted)
    assert isinstance(mschapv2_answer(radius, ana, "Segredo"), Rejected)


ODD = [
    "back\\slash\\n",
    '"quoted"',
    "'single'",
    "`id`",
    "%{User-Name}",
    "trailing\\",
    "çãé€",
    " blanks ",
    "#{x}$y",
    '\\"',
]


@pytest.mark.parametrize("password", ODD)
@pytest.mark.parametrize("method", ["pap", "chap"])
def test_a_password_is_taken_exactly(town: Town, radius: Radius, password: str, method):
    ana, router = town.login(password=password), radius.router()
    assert isinstance(router.ask(username=ana.username, password=password, method=method), Accepted)
    assert isinstance(router.ask(username=ana.username, password=password + "x", method=method), Rejected)


NAMES = [
    "ana+casa@provedor.com.br",
    "joão.ção",
    "o'brien",
    'say "hi"',
    "back\\slash",
    "%{User-Name}",
    "50%_off",
    "J & F",
]


@pytest.mark.parametrize("username", NAMES)
def test_a_username_is_taken_exactly(town: Town, radius: Radius, username: str):
    town.login(username)
    assert isinstance(radius.router().ask(username=username, password="segredo"), Accepted)
    assert isinstance(radius.router().ask(username=username + "x", password="segredo"), Rejected)
    assert isinstance(radius.router().ask(username=username[:-1] + "_", password="segredo"), Rejected)


def test_case_counts_in_a_username(town: Town, radius: Radius):
    town.login("Davi")
    assert isinstance(radius.router().ask(username="davi", password="segredo"), Rejected)


def test_a_name_sent_in_latin_1_is_the_same_name(town: Town, radius: Radius):
    town.login("conceição")
    assert isinstance(
        radius.router().ask(username="conceição".encode("latin-1"), password="segredo"), Accepted
    )


HARMFUL = [
    b"elisa\x00",
    b"\x00elisa",
    b"\xff\xfe\xfd",
    b"'; DROP TABLE contract; --",
    b"' OR '1'='1",
    b"elisa\\",
    b"\x00",
]


@pytest.mark.parametrize("octets", HARMFUL, ids=repr)
def test_a_name_that_nobody_has_is_refused_whatever_its_octets(town: Town, radius: Radius, octets: bytes):
    if not town.sql("SELECT 1 FROM access_record WHERE username = 'elisa'"):
        town.login("elisa")
    assert isinstance(radius.router().ask(username=octets, password="segredo"), Rejected)


def test_a_locked_login_gets_in_from_its_own_mac_address_alone(town: Town, radius: Radius):
    ana = town.login(mac="4C:5E:0C:12:AB:CD")
    for written in ("4C:5E:0C:12:AB:CD", "4c-5e-0c-12-ab-cd", "4c5e.0c12.abcd", "4C5E0C12ABCD"):
        assert isinstance(radius.ask(ana, attributes={"Calling-Station-Id": written}), Accepted), written
    for other in ("4C:5E:0C:12:AB:CE", "", "4C:5E:0C:12:AB:CD:00", "porta 3 - São José"):
        assert isinstance(radius.ask(ana, attributes={"Calling-Station-Id": other}), Rejected), other
    assert isinstance(radius.ask(ana), Rejected)


def test_an_unlocked_login_gets_in_from_anywhere(town: Town, radius: Radius):
    ana = town.login()
    assert isinstance(radius.ask(ana, attributes={"Calling-Station-Id": "porta 3"}), Accepted)
    # A Windows-1252 name of a port must not silence the server.
    assert isinstance(radius.ask(ana, attributes={"Attr-31": "0x53e36f"}), Accepted)

"""Which texts are values of which type."""

import pytest

from religa.domain.radius_values import fits


@pytest.mark.parametrize(
    ("type_", "right", "wrong"),
    [
        ("string", ["a", "ç" * 126], ["", "x" * 254]),
        ("integer", ["0", "4294967295", "0xff"], ["-1", "4294967296", "1.5", "x", "", "1 "]),
        ("byte", ["255"], ["256"]),
        ("short", ["65535"], ["65536"]),
        ("integer64", ["18446744073709551615"], ["18446744073709551616"]),
        ("signed", ["-5", "2147483647"], ["2147483648"]),
        ("ipaddr", ["10.0.0.1"], ["10.0.0.256", "10.0.0.1/32", "name", "2001:db8::1"]),
        ("ipv6addr", ["2001:db8::1"], ["10.0.0.1"]),
        ("ipv6prefix", ["2001:db8::/48"], ["2001:db8::1/48"]),
        ("ipv4prefix", ["10.0.0.0/8"], ["10.0.0.1/8"]),
        ("ether", ["AA:bb:00:11:22:33"], ["AABB00112233"]),
        ("octets", ["0x00ff"], ["0x0", "text"]),
        ("octets[16]", ["0x00"], ["text"]),
        ("abinary", ["whatever FreeRADIUS says"], []),
    ],
)
def test_a_value_has_the_form_of_its_type(type_, right, wrong):
    assert [v for v in right if not fits(type_, v)] == []
    assert [v for v in wrong if fits(type_, v)] == []


def test_a_word_of_the_dictionary_stands_for_its_number():
    assert fits("integer", "Framed-User", {"Framed-User"}) and not fits("integer", "Framed-User")

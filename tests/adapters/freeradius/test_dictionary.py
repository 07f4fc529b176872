"""What FreeRADIUS knows of attributes, and what it makes of them."""

import pytest

from religa.adapters.freeradius.dictionary import Dictionary
from religa.ports import AttributeKind


@pytest.fixture(scope="module")
def dictionary(require):
    from religa.adapters.freeradius.dictionary import FOLDER

    require(FOLDER.is_dir(), "FreeRADIUS's dictionaries", "freeradius-utils")
    return Dictionary()


def test_an_attribute_is_known_whatever_its_case(dictionary):
    assert dictionary.attribute("mikrotik-ADDRESS-list") == AttributeKind("Mikrotik-Address-List", "string")
    assert dictionary.attribute("ERX-Service-Activate").tagged
    assert "Framed-User" in dictionary.attribute("Service-Type").names


@pytest.mark.parametrize("name", ["Nope", "Religa-Verdict", "Auth-Type", "Cleartext-Password", ""])
def test_what_never_leaves_the_server_is_unknown(dictionary, name):
    """A wall made of it would say nothing."""
    assert dictionary.attribute(name) is None


def test_attributes_of_a_longer_space_are_known(dictionary, tmp_path):
    """RFC 6929 numbers them as 241.1."""
    (tmp_path / "dictionary").write_text(
        "ATTRIBUTE\tExtended-Attribute-1\t241\textended\n"
        "ATTRIBUTE\tFrag-Status\t241.1\tinteger # a comment\n"
        "$INCLUDE\tother\n"
    )
    (tmp_path / "other").write_text(
        "VENDOR x 9\nBEGIN-VENDOR x\nATTRIBUTE X-Far 70000 string\nEND-VENDOR x\n"
    )
    own = Dictionary(folder=tmp_path, raddb=tmp_path / "none")
    assert own.attribute("Frag-Status") == AttributeKind("Frag-Status", "integer")
    assert own.attribute("X-Far") is not None


def test_freeradius_reads_right_attributes_as_they_are(dictionary):
    odd = 'a "quote", a back\\slash, %{User-Name} and `id`, ção'
    packets = [
        [("ERX-Service-Activate:1", "+=", "A(1,2)"), ("ERX-Service-Activate:2", "+=", "B")],
        [],
        [
            ("Reply-Message", ":=", odd),
            ("Framed-IP-Address", ":=", "10.0.0.1"),
            ("Service-Type", "=", "Framed-User"),
        ],
    ]
    assert dictionary.unreadable(packets) is None


@pytest.mark.parametrize(
    "wrong",
    [("Nope-At-All", ":=", "x"), ("Framed-IP-Address", ":=", "10.0.0.300"), ("ERX-Service-Activate:32", "+=", "x"),
     ("Filter-Id:1", ":=", "x"), ("Service-Type", ":=", "No-Such-Word")],
    ids=lambda w: w[0],
)  # fmt: skip
def test_freeradius_says_which_list_it_cannot_read(dictionary, wrong):
    found = dictionary.unreadable([[("Filter-Id", ":=", "x")], [], [("Reply-Message", "+=", "y"), wrong]])
    assert found is not None and found.packet == 2 and found.said


def test_asking_leaves_no_process_behind(dictionary):
    import subprocess

    dictionary.unreadable([[("Filter-Id", ":=", "x")]] * 6)
    mine = subprocess.run(["pgrep", "-P", str(__import__("os").getpid()), "radclient"], capture_output=True)
    assert mine.stdout == b""

"""Who may talk to the server: what is refused before anything is served."""

import pytest

from annotator.errors import AnnotatorError
from annotator.model import Access, ip, is_loopback

TOKEN = "t" * 20
EVERYWHERE = ["0.0.0.0", "::", "", "192.0.2.4", "labels.example", "0", "127.0.0.1.evil.example"]


@pytest.mark.parametrize("host", EVERYWHERE)
def test_what_other_machines_reach_needs_a_login_or_a_token(host):
    """One sentence names both ways out."""
    with pytest.raises(AnnotatorError, match=r"`--token`.*`--auth`") as refused:
        Access(host=host).check()
    assert "\n" not in str(refused.value)
    Access(host=host, token=TOKEN).check()
    Access(host=host, oidc="login.toml").check()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LOCALHOST"])
def test_loopback_needs_neither(host):
    """Only this machine reaches it."""
    Access(host=host).check()
    assert is_loopback(host)


def test_a_header_is_believed_on_loopback_alone():
    """Elsewhere anybody could send it."""
    Access(header="X-Remote-User").check()
    with pytest.raises(AnnotatorError, match="nobody but the proxy"):
        Access(host="0.0.0.0", header="X-Remote-User").check()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"token": "short"}, "20 characters"),
        ({"token": "t" * 19}, "20 characters"),
        ({"token": "with a blank and more"}, "letters, digits"),
        ({"token": TOKEN, "header": "X-User"}, "Choose one"),
        ({"header": "X User"}, "no name of a header"),
        ({"names": ("http://labels.example",)}, "without scheme"),
        ({"names": ("labels.example:8501",)}, "without scheme"),
        ({"names": ("*",)}, "no name of a host"),
        ({"names": ("",)}, "no name of a host"),
    ],
)
def test_a_part_of_the_wrong_form_is_told(wrong, said):
    """With what it should be."""
    with pytest.raises(AnnotatorError, match=said):
        Access(**wrong).check()


def test_a_server_reads_what_the_command_said():
    """By one variable; without it the defaults hold, and what is damaged stops the server."""
    said = Access("0.0.0.0", ("labels.example",), TOKEN, folders=("/data", "/more"))
    assert Access.read(said.environment()) == said
    assert Access.read({}) == Access()
    for damaged in ("{", "[]", "3", '{"names": 3}', '{"host": "0.0.0.0"}'):
        with pytest.raises(AnnotatorError):
            Access.read({"CERTILABEL_ACCESS": damaged})


def test_an_address_is_read_in_any_dress():
    """With brackets, and as an IPv4 address within IPv6."""
    assert ip("[::1]") == ip("::1")
    assert ip("::ffff:127.0.0.1") == ip("127.0.0.1")
    assert is_loopback("::ffff:127.0.0.1")
    assert not is_loopback("::ffff:192.0.2.4")
    assert ip("localhost") is None

"""The file that names the provider of a login."""

import pytest

from annotator.errors import AnnotatorError
from annotator.service.people.login import provider

GOOD = {
    "redirect_uri": "https://labels.example/oauth2callback",
    "client_id": "certilabel",
    "client_secret": "secret",
    "server_metadata_url": "https://login.example/.well-known/openid-configuration",
}


def written(path, **keys):
    lines = [f'{name} = "{value}"' for name, value in keys.items()]
    path.write_text("\n".join(["[auth]", *lines]))
    return str(path)


def test_a_whole_table_is_taken_as_it_is(tmp_path):
    """What else it holds, such as the scopes, is the provider's business."""
    assert provider(written(tmp_path / "a.toml", **GOOD, more="x")) == {**GOOD, "more": "x"}


@pytest.mark.parametrize("missing", GOOD)
def test_a_missing_key_is_named_and_no_secret_is(tmp_path, missing):
    """Absent or empty."""
    for left in ({**GOOD, missing: ""}, {k: v for k, v in GOOD.items() if k != missing}):
        with pytest.raises(AnnotatorError, match=f"lacks {missing}; ") as said:
            provider(written(tmp_path / "a.toml", **left))
        assert "secret = " not in str(said.value)


def test_an_address_that_the_login_does_not_come_back_to_is_told(tmp_path):
    """Streamlit takes one alone."""
    wrong = {**GOOD, "redirect_uri": "https://labels.example/"}
    with pytest.raises(AnnotatorError, match="needs another redirect_uri"):
        provider(written(tmp_path / "a.toml", **wrong))


@pytest.mark.parametrize("content", [b"", b"auth = 3", b"[auth", b"\xff\xfe", b"[other]"])
def test_a_file_that_holds_no_table_is_told(tmp_path, content):
    """Also one that is no TOML, and one that is absent."""
    (tmp_path / "a.toml").write_bytes(content)
    for path in (tmp_path / "a.toml", tmp_path / "absent", tmp_path):
        with pytest.raises(AnnotatorError, match=str(path)):
            provider(str(path))

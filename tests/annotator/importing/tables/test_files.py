"""From what a row calls a file to the file."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.importing.tables.files import Files, UnfoundError


def test_the_very_name_comes_first(tmp_path):
    """Blanks and backslashes may be part of it; else they are taken for what they mean."""
    for name in (" a.png", "b\\c.png", "d.png"):
        (tmp_path / name).touch()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c.png").touch()
    (tmp_path / "b" / "e.png").touch()
    found = Files(tmp_path)
    for name, file in {
        " a.png": " a.png",
        "b\\c.png": "b\\c.png",
        "b\\e.png": "b/e.png",
        "  d.png ": "d.png",
        "./b/../d.png": "d.png",
        f"file://{tmp_path}/d.png": "d.png",
        str(tmp_path / "d.png"): "d.png",
    }.items():
        assert found.path(name) == tmp_path / file


def test_what_leads_out_of_the_folder_is_refused(tmp_path):
    """However it is written."""
    (tmp_path / "in").mkdir()
    (tmp_path / "out.png").touch()
    for name in ("../out.png", "..\\out.png", str(tmp_path / "out.png"), "file:///etc/passwd"):
        with pytest.raises(UnfoundError, match="outside the folder"):
            Files(tmp_path / "in").path(name)


def test_two_files_that_read_the_same_are_told_apart_by_their_bytes_alone(tmp_path):
    """Asked for in a third way, neither is taken."""
    first, second, third = "ṩ", "ṡ\u0323", "s\u0323\u0307"
    assert len({unicodedata.normalize("NFC", name) for name in (first, second, third)}) == 1
    for name in (first, second):
        (tmp_path / name).touch()
    found = Files(tmp_path)
    assert [found.path(name).name for name in (first, second)] == [first, second]
    with pytest.raises(UnfoundError, match="2 files have this name"):
        found.path(third)


def test_what_was_perhaps_meant_is_named(tmp_path):
    """Another case, and a name without its suffix; neither is taken."""
    (tmp_path / "ISIC_1.jpg").touch()
    found = Files(tmp_path)
    for name, hint in {
        "isic_1.JPG": "'ISIC_1.jpg' differs in the case of letters alone",
        "ISIC_1": "'ISIC_1.jpg' has a suffix besides",
        "else.jpg": "no such file$",
        "a" * 300: "no such file$",
        "a\0.jpg": "no such file$",
        "absent/ISIC_1.jpg": "no such file$",
    }.items():
        with pytest.raises(UnfoundError, match=hint):
            found.path(name)


NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=60
).filter(lambda name: name not in (".", "..") and len(name.encode()) <= 200)


@given(NAMES, st.sampled_from(["NFC", "NFD", "NFKC"]))
def test_any_name_that_a_file_can_have_is_found(tmp_path_factory, name, form):
    """And so is the same name in other bytes."""
    folder = tmp_path_factory.mktemp("names")
    (folder / name).touch()
    assert Files(folder).path(name) == folder / name
    other = unicodedata.normalize(form, name)
    if (
        unicodedata.normalize("NFC", other) == unicodedata.normalize("NFC", name)
        and "/" not in other
    ):
        assert Files(folder).path(other) == folder / name

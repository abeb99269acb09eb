"""Whether a path leads into a folder, wherever its links lead."""

import os

import pytest

from annotator.project.within import within


@pytest.fixture
def places(tmp_path):
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "out").mkdir()
    (tmp_path / "in-sibling").mkdir()
    (tmp_path / "in" / "away").symlink_to(tmp_path / "out")
    (tmp_path / "in" / "back").symlink_to(tmp_path / "in" / "deep")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in" / "loop")
    (tmp_path / "out" / "home").symlink_to(tmp_path / "in")
    return tmp_path


@pytest.mark.parametrize(
    "path", ["in", "in/", "in/deep/../deep", "in/not/there", "in/back/x", "out/home", "out/../in"]
)
def test_what_leads_inside_is_told_by_its_real_path(places, path):
    """Also what does not exist yet."""
    assert within(places / path, [places / "in"]) == (places / path).resolve()
    assert within(os.fspath(places / path), [places / "in"])


@pytest.mark.parametrize(
    "path", ["out", "in/away", "in/away/x", "in/../out", "in-sibling", "", "in/deep/../../out"]
)
def test_what_leads_elsewhere_is_none(places, path):
    """Dots, links, and a name that begins alike."""
    assert within(places / path, [places / "in"]) is None


def test_what_is_no_path_is_none_or_stays_where_it_is(places, monkeypatch):
    """Nothing raises: a character that no path has, no such user, a loop of links."""
    monkeypatch.chdir(places / "out")
    assert within("a\0b", [places / "in"]) is None
    assert within("~nobody-of-that-name/x", [places / "in"]) is None
    within(places / "in" / "loop" / "x", [places / "in"])


def test_a_folder_may_be_given_by_a_link(places):
    """What counts is where it is."""
    assert within(places / "in" / "deep", [places / "out" / "home"])
    assert within(places / "in" / "deep", []) is None

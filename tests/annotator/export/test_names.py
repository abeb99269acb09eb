"""File names that are safe everywhere."""

from pathlib import PurePosixPath, PureWindowsPath
from unicodedata import normalize

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from annotator import model
from annotator.export.names import class_folders, file_name, safe

texts = st.text(st.characters(codec=None), max_size=300) | st.sampled_from(
    ["", ".", "..", "../x", "/", "CON", "nul.txt", ".hidden", "x.", "a\0b", "C:\\x", " ", "e\u0301"]
)


@given(texts)
def test_a_safe_name_is_one_plain_name(name):
    """On any system it is a single part, visible, short enough, and safe again as it is."""
    result = safe(name)
    assert PurePosixPath(result).parts == (result,)
    assert PureWindowsPath(result).parts == (result,)
    assert not PureWindowsPath(result).is_reserved()
    assert result not in (".", "..")
    assert not result.startswith(".")
    assert result == result.strip().rstrip(".")
    assert len(result.encode()) <= 130
    assert result.isprintable() or not any(ord(c) < 32 or ord(c) == 127 for c in result)


def test_ordinary_names_stay_as_they_are():
    """Safety costs the usual name nothing."""
    for name in ("slide 7.png", "Grüße 猫.jpg", "it's (2).tif", "console.png"):
        assert safe(name) == name


@given(st.lists(texts, min_size=1, max_size=30))
def test_classes_never_share_a_folder(labels):
    """One folder a class, whatever the classes are called and whatever ignores case."""
    folders = class_folders(labels)
    assert set(folders) == set(labels)
    assert len({folder.casefold() for folder in folders.values()}) == len(folders)
    assert class_folders(reversed(labels)) == folders


def test_letters_composed_in_two_ways_do_not_meet():
    """To some file systems é and e with an accent are one name."""
    first, second = class_folders(["caf\u00e9", "cafe\u0301"]).values()
    assert normalize("NFC", first) != normalize("NFC", second)


@given(st.lists(texts, min_size=1, max_size=30))
def test_files_never_share_a_name(names):
    """One name an image, and each ends as images do."""
    taken: set[str] = set()

    def claim(name: str) -> bool:
        free = name not in taken
        taken.add(name)
        return free

    hashes = [f"{number:064x}"[::-1] for number in range(len(names))]
    results = [
        file_name(model.Image(0, sha, name, f"images/{sha}.png", 9, 9, "pool"), "cat", claim)
        for sha, name in zip(hashes, names, strict=True)
    ]
    assert len({result.casefold() for result in results}) == len(names)
    known = Image.registered_extensions()
    assert all(PurePosixPath(result).suffix.lower() in known for result in results)


def test_a_name_ends_in_what_its_readers_know():
    """The user's own suffix where they know it and it fits, else that of what is written."""
    cases = {
        ("a.gif", ".gif"): "a.png",  # converted
        ("a.jpg", ".gif"): "a.png",  # whatever it was called
        ("a.gif", ".jpg"): "a.jpg",
        ("a.JPG", ".png"): "a.JPG",
        ("slide", ".tif"): "slide.tif",
        ("v1.2", ".png"): "v1.2.png",
    }
    known = (".jpg", ".png", ".tif")
    for (name, stored), wanted in cases.items():
        image = model.Image(1, "ab" * 32, name, f"images/ab/ab{stored}", 9, 9, "pool")
        assert file_name(image, "f", lambda _: True, known) == wanted

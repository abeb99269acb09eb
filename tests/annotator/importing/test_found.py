"""What is found in a source is kept by image, with all that each of its files tells."""

from annotator.importing.check import Duplicate
from annotator.importing.found import Found
from annotator.model import NewImage, Refused, Told


def test_every_file_is_counted_and_every_telling_kept():
    """Also what a second file with the same bytes tells."""
    found = Found()
    for event in (
        NewImage("a", "1.png", "images/a", 8, 8, "animated: first frame", Told("cat")),
        Duplicate("2.png", "a", Told("dog")),
        Duplicate("3.png", "b"),
        Refused("4.txt", "not an image"),
        NewImage("c", "5.png", "images/c", 8, 8, personal="EXIF Artist"),
    ):
        found.add(event)
    assert found.files == 5
    assert list(found.images) == ["a", "c"]
    assert found.duplicates == 2
    assert found.copies == [("2.png", "a"), ("3.png", "b")]
    assert found.told == {"a": [("1.png", Told("cat")), ("2.png", Told("dog"))]}
    assert found.refused == [Refused("4.txt", "not an image")]
    assert found.notes == [Refused("1.png", "animated: first frame")]
    assert found.personal == [Refused("5.png", "EXIF Artist")]

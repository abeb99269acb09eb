"""What folders stand for: a class each, or train, val and test with the classes below them."""

import pytest

from annotator.errors import ImportingError
from annotator.importing.containers.layout import layout


def tree(root, *files):
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


def told(root, name, *, classes=True):
    found = layout(root, classes=classes)(name)
    return found.label, found.part


PARTS = [
    ("train", "val", "test"),
    ("Training", "Validation", "Testing"),
    ("TRAIN", "valid", "Test"),
    ("train", "dev", "test"),
]


@pytest.mark.parametrize("parts", PARTS)
def test_below_train_val_and_test_the_class_is_one_folder_deeper(tmp_path, parts):
    """However they are called; never is one of them a class."""
    names = [f"{part}/{kind}/deep/1.png" for part in parts for kind in ("NORMAL", "PNEUMONIA")]
    root = tree(tmp_path, *names, "readme.txt", "train/loose.png")
    meant = dict(zip(parts, ("train", "val", "test"), strict=True))
    for name in names:
        part, kind, *_ = name.split("/")
        assert told(root, name) == (kind, meant[part])
        assert told(root, name, classes=False) == (None, meant[part])
    assert told(root, "readme.txt") == (None, "")
    assert told(root, f"{parts[0]}/loose.png") == (None, "train")


def test_folders_of_classes_are_classes(tmp_path):
    """Also where one of them has a folder called test; hidden folders do not count."""
    root = tree(tmp_path, "cat/test/1.png", "dog/2.png", ".git/x", "__MACOSX/y")
    assert told(root, "cat/test/1.png") == ("cat", "")
    assert told(root, "dog/2.png") == ("dog", "")
    assert told(root, "loose.png") == (None, "")


def test_splits_beside_classes_are_refused_by_name(tmp_path):
    """Nobody can tell whether test is a class; without labels it does not matter."""
    root = tree(tmp_path, "cat/1.png", "dog/2.png", "test/3.png")
    with pytest.raises(ImportingError, match=r"\(test\) stand beside others \(cat, dog\)"):
        layout(root, classes=True)
    assert told(root, "test/3.png", classes=False) == (None, "")


def test_splits_without_classes_tell_no_label(tmp_path):
    """It is said, with the way out, where labels were wanted; else they are parts all the same."""
    root = tree(tmp_path, "train/1.png", "test/2.png")
    with pytest.raises(ImportingError, match="test, train divide the source, and hold no folders"):
        layout(root, classes=True)
    assert told(root, "test/2.png", classes=False) == (None, "test")


def test_a_test_set_without_classes_beside_a_train_set_with_them_is_read(tmp_path):
    """As competitions hand it out: the test images have no label."""
    root = tree(tmp_path, "train/cat/1.png", "test/2.png")
    assert told(root, "train/cat/1.png") == ("cat", "train")
    assert told(root, "test/2.png") == (None, "test")


def test_a_folder_around_the_splits_is_passed_through(tmp_path):
    """As archives unpack."""
    root = tree(tmp_path, "chest_xray/set/train/NORMAL/1.png", "chest_xray/set/test/NORMAL/2.png")
    assert told(root, "chest_xray/set/train/NORMAL/1.png") == ("NORMAL", "train")
    (tmp_path / "chest_xray" / "readme.txt").touch()
    assert told(root, "chest_xray/readme.txt") == (None, "")


def test_a_single_class_with_splits_below_it_is_the_class(tmp_path):
    """Not a folder around them: there are no classes below."""
    root = tree(tmp_path, "cat/train/1.png", "cat/test/2.png")
    assert told(root, "cat/train/1.png") == ("cat", "")


def test_a_source_that_is_itself_called_test_is_that_part(tmp_path):
    """One can import train and test one after the other."""
    root = tree(tmp_path / "Test", "cat/1.png", "dog/2.png")
    assert told(root, "cat/1.png") == ("cat", "test")

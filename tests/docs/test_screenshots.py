"""The pictures of pages: a script takes all there are, and the documentation shows what it took."""

import importlib.util
import re

from PIL import Image

from tests.docs.pages import DOCS, ROOT


def script():
    """The script as a module; it takes nothing by being read."""
    place = importlib.util.spec_from_file_location("screenshots", DOCS / "screenshots.py")
    found = importlib.util.module_from_spec(place)
    place.loader.exec_module(found)
    return found


def test_every_page_of_the_app_is_taken():
    """By the address that the app gives it."""
    main = (ROOT / "annotator" / "ui" / "web" / "main.py").read_text()
    assert set(script().PAGES) == set(re.findall(r'url_path="(\w+)"', main))


def test_what_is_taken_for_the_documentation_is_shown_there_and_small():
    """Each has the larger size, and all together weigh less than half a megabyte."""
    taken = script()
    texts = "".join(path.read_text() for path in DOCS.glob("*.md"))
    files = [DOCS / "images" / f"{name}.webp" for name in taken.SHOWN]
    for path in files:
        assert f"(images/{path.name})" in texts
        with Image.open(path) as picture:
            assert picture.size == taken.SIZES["large"]
    assert sum(path.stat().st_size for path in files) < 500_000

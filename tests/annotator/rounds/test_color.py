"""Gray or color is a property of all images: looked at once each, and never guessed from a few."""

import numpy as np
import pytest
from PIL import Image as Picture

from annotator.rounds.features import channels


def paint(path, colored):
    """A gray picture saved as RGB, or one with a red corner."""
    pixels = np.full((12, 12, 3), 90, np.uint8)
    if colored:
        pixels[:6, :6] = (200, 20, 20)
    Picture.fromarray(pixels).save(path)
    return path


@pytest.mark.parametrize("place", [0, 1, 63, 130, 199])
def test_a_single_image_in_color_is_found_wherever_it_is(tmp_path, place):
    """A sample of every third image would miss most of these places."""
    files = [paint(tmp_path / f"{n:03}.png", n == place) for n in range(200)]
    assert channels(tmp_path / "features", files) == 3
    assert channels(tmp_path / "features", files[:place]) == 1, "as it was before that image came"
    assert channels(tmp_path / "features", files[: place + 1]) == 3


def test_each_image_is_looked_at_once(tmp_path):
    """What was seen may be gone by the next time; what is new is looked at."""
    files = [paint(tmp_path / f"{n}.png", colored=False) for n in range(9)]
    assert channels(tmp_path / "features", files) == 1
    for file in files:
        file.write_bytes(b"not a picture any more")
    assert channels(tmp_path / "features", files) == 1
    files.append(paint(tmp_path / "new.png", colored=True))
    assert channels(tmp_path / "features", files) == 3

"""The map: what is alike lies together, and the same images lie the same way each time."""

import numpy as np
import pytest

from annotator.model import RowIndex
from annotator.rounds.places import LANDMARKS, arrange, draw
from tests.annotator.clusters import clusters


@pytest.mark.parametrize("n", [200, LANDMARKS + 300])
def test_what_is_alike_lies_together_on_the_map(n):
    """Nearly every image's nearest neighbor on the map is of its own kind, also beyond a sample."""
    vectors, kind = clusters(n)
    places = arrange(vectors)
    assert np.abs(places).max() <= 1
    away = ((places[:, None] - places[None]) ** 2).sum(2)
    np.fill_diagonal(away, np.inf)
    assert (kind[away.argmin(1)] == kind).mean() > 0.95
    assert np.array_equal(arrange(vectors), places)


@pytest.mark.parametrize("n", [0, 1, 2, 6])
def test_a_handful_of_images_has_a_map_too(n):
    """No image, few images and identical images are no failure."""
    assert arrange(clusters(n)[0]).shape == (n, 2)
    assert np.isfinite(arrange(np.ones((n, 8), np.float32))).all()


def test_a_large_pool_is_sampled_the_same_way_each_time(tmp_path):
    """At most as many points as allowed, all of them from the rows that were given."""
    vectors, _ = clusters(300)
    rows = np.arange(0, 300, 2)
    for name in ("a", "b"):
        draw(vectors, rows, 50, RowIndex(range(1, len(vectors) + 1)), tmp_path / name)
    first, second = (np.load(tmp_path / name) for name in ("a", "b"))
    assert np.array_equal(first, second)
    assert len(first) == 50
    assert set(first[:, 0].astype(int) - 1) <= set(rows.tolist())

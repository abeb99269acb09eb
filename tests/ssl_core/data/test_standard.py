"""Standardized features have mean 0 and deviation 1 over the rows that may be seen."""

import numpy as np
import pytest
import torch

from ssl_core.data.sources import FeatureData
from ssl_core.data.standard import CHUNK, Standard, Standardized


@pytest.mark.parametrize("rows", [1, 7, CHUNK, CHUNK + 3])
def test_moments_are_those_of_all_rows_however_they_are_read(rows):
    """Far from 0 as well, and in several chunks; a feature that does not vary has no spread."""
    g = torch.Generator().manual_seed(rows)
    x = torch.randn(rows, 3, generator=g) * torch.tensor([1.0, 50.0, 0.0]) + 1000
    found = Standard(lambda some: x[some], torch.arange(rows))
    torch.testing.assert_close(found.middle, x.double().mean(0).float())
    expected = x.double().std(0, unbiased=False).clamp_min(1e-5).float()
    torch.testing.assert_close(found.spread, expected)
    assert torch.equal(found(x)[:, 2], torch.zeros(rows))


def test_every_view_is_standardized_as_the_clean_rows_of_the_pool_are():
    """Rows outside the pool move nothing, however far off they are."""
    rng = np.random.default_rng(0)
    clean, weak, strong = (rng.normal(3, 2, (40, 4)).astype(np.float32) for _ in range(3))
    clean[30:] = 1e6
    data = Standardized(FeatureData(clean, weak[None], strong[None]), torch.arange(30))
    middle, spread = clean[:30].mean(0), clean[:30].std(0)
    everything, g = torch.arange(40), torch.Generator()
    seen = data.views(("weak", "strong"), everything, g)
    for found, x in (
        (data.clean(everything), clean),
        (seen["weak"], weak),
        (seen["strong"], strong),
    ):
        np.testing.assert_allclose(found.numpy(), (x - middle) / spread, rtol=1e-4, atol=1e-4)
    assert len(data) == 40

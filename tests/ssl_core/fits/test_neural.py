"""A recipe's fits: each starts afresh, knows what it is told, and resumes from its own file."""

import torch

from ssl_core.backbones import build
from ssl_core.fits.neural import NeuralFit
from ssl_core.types import finish


def trained(fit, truth):
    """Learn from eight rows."""
    return finish(fit(torch.arange(8), truth[:8]))


def test_a_fit_toward_a_prior_learns_otherwise(moons):
    """Guesses that are aligned to one class make other weights than even ones."""
    data, truth = moons

    def learned(prior):
        fit = NeuralFit(data, build("mlp", 2, 2), method="adamatch", steps=20, device="cpu")
        return trained(fit.toward(torch.tensor(prior)), truth).fingerprint()

    assert learned([0.5, 0.5]) == learned([0.5, 0.5]) != learned([0.99, 0.01])


def test_another_prior_is_another_file_and_trains_anew(moons, tmp_path):
    """A round that finds another prior on its way does not stumble over what it had saved."""
    data, truth = moons

    def fit():
        return NeuralFit(
            data, build("mlp", 2, 2), method="adamatch", steps=4, device="cpu", checkpoint=tmp_path
        )

    trained(fit(), truth)
    for other in (
        fit().toward(torch.tensor([0.5, 0.5])),
        fit().toward(torch.tensor([0.5000001, 0.4999999])),
    ):
        trained(other, truth)
    assert len(list(tmp_path.glob("*.pt"))) == 3
    trained(fit(), truth)
    assert len(list(tmp_path.glob("*.pt"))) == 3


def test_a_standardized_fit_leaves_images_alone(images, moons):
    """Pixels are scaled already; features are seen anew, on the pool's own scale."""
    (data, _), (features, _) = images, moons
    fit = NeuralFit(data, build("small_cnn", 1, 2), device="cpu")
    assert fit.standardized() is fit
    pool = torch.arange(len(features)) < 16
    told = NeuralFit(features, build("mlp", 2, 2), pool=pool, device="cpu").standardized()
    seen = told.embed(torch.arange(16))
    torch.testing.assert_close(seen.mean(0), torch.zeros(2), atol=1e-4, rtol=0)
    torch.testing.assert_close(seen.std(0, unbiased=False), torch.ones(2), atol=1e-4, rtol=0)

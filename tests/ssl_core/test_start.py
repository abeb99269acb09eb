"""Training by name: every method and recipe starts alike, and goes on from its checkpoint."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from ssl_core import METHODS, RECIPES, NeuralFit, SemiSupervisedTrainer, SSLError, build
from ssl_core.recipes import build_recipe
from ssl_core.start import start, start_sklearn
from ssl_core.types import Epoch, Stopped, Weighed
from tests.ssl_core.runs import listen

SETTINGS = {"steps": 4, "batch_size": 4, "mu": 2, "device": "cpu", "seed": 3}
POOL = torch.arange(24) < 20


@pytest.fixture
def problem(images):
    """Images, labels of the first eight, and a network for them."""
    data, truth = images
    return data, torch.where(torch.arange(24) < 8, truth, -1), build("small_cnn", 1, 2)


@pytest.mark.parametrize("name", [*METHODS, *RECIPES])
def test_every_name_starts_and_gives_a_predictor(name, problem):
    """It says why it stopped, and its answers are probabilities for every row."""
    events, predictor = listen(start(name, *problem, pool=POOL, **SETTINGS))
    assert isinstance(events[-1], Stopped)
    found = predictor.probabilities(torch.arange(24))
    assert found.shape == (24, 2)
    torch.testing.assert_close(found.sum(1), torch.ones(24))
    assert predictor.embed(torch.arange(3)).ndim == 2
    assert len(predictor.fingerprint()) == 16


def test_a_method_is_the_trainer_and_a_recipe_is_a_loop_of_fits(problem):
    """The same weights as by hand, from the rows of the pool alone."""
    data, y, _ = problem
    options = {"threshold": 0.6}
    by_hand = SemiSupervisedTrainer(
        build("small_cnn", 1, 2), "fixmatch", options=options, **SETTINGS
    ).run(data, y, POOL)
    named = start("fixmatch", *problem, pool=POOL, options=options, **SETTINGS)
    assert listen(named)[1].fingerprint() == listen(by_hand)[1].fingerprint()

    fit = NeuralFit(data, build("small_cnn", 1, 2), pool=POOL, **SETTINGS)
    by_hand = build_recipe("self_training", **options).run(torch.arange(20), y[:20], fit)
    model = build("small_cnn", 1, 2)
    named = start("self_training", data, y, model, pool=POOL, options=options, **SETTINGS)
    assert listen(named)[1].fingerprint() == listen(by_hand)[1].fingerprint()
    fresh = build("small_cnn", 1, 2).state_dict()
    assert all(torch.equal(fresh[name], value) for name, value in model.state_dict().items())


def test_checkpoints_keep_their_names_and_are_gone_on_from(problem, tmp_path):
    """A file for a method, a folder for a recipe, whose finished fits train nothing again."""
    data, y, _ = problem
    for name in ("fixmatch", "self_training"):
        place = {"checkpoint": tmp_path / "ssl", "options": {"threshold": 0.5}}
        first, again = (
            listen(start(name, data, y, build("small_cnn", 1, 2), **place, **SETTINGS))
            for _ in range(2)
        )
        assert any(isinstance(event, Epoch) for event in first[0])
        assert not any(isinstance(event, Epoch) for event in again[0])
        assert again[1].fingerprint() == first[1].fingerprint()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ssl-fits", "ssl.part.pt"]


def test_a_checkpoint_of_an_earlier_version_still_fits(problem, tmp_path):
    """Digests of rows, labels and settings are as they were when 0.1.0 wrote them."""
    place = {"pool": POOL, "options": {"threshold": 0.6}, "checkpoint": tmp_path / "ssl"}
    for name in ("fixmatch", "self_training"):
        listen(start(name, *problem, **place, **SETTINGS))
    [first, *_] = sorted((tmp_path / "ssl-fits").iterdir())
    assert first.name == "000-846e01d594099161.pt"
    files = {tmp_path / "ssl.part.pt": "e3efb6a791ab9b7c", first: "5a618c7b5ff1b792"}
    for file, written in files.items():
        assert torch.load(file, weights_only=True)["fingerprint"] == written


def test_any_classifier_learns_by_a_recipe():
    """On embeddings: the rows outside the pool teach nothing, and are predicted all the same."""
    rng = np.random.default_rng(0)
    truth = np.arange(60) % 2
    x = rng.normal(size=(60, 4)) + 2 * truth[:, None]
    y = torch.where(torch.arange(60) < 10, torch.from_numpy(truth), -1)
    pool = torch.arange(60) < 40
    given = x, y, LogisticRegression(), 2
    events, predictor = listen(start_sklearn("self_training", *given, pool=pool))
    assert max(int(event.rows.max()) for event in events if hasattr(event, "rows")) < 40
    right = predictor.probabilities(torch.arange(40, 60)).argmax(1).numpy() == truth[40:]
    assert right.mean() > 0.8
    with pytest.raises(SSLError, match=r"'fixmatch' trains a network.*choose one of: co_training"):
        start_sklearn("fixmatch", *given)


@pytest.mark.parametrize("name", [*METHODS, *RECIPES])
def test_without_a_label_in_the_pool_there_is_nothing_to_learn(name, problem):
    """Labels outside it do not count."""
    data, y, model = problem
    with pytest.raises(SSLError, match="Nothing to learn from"):
        listen(start(name, data, y, model, pool=torch.arange(24) >= 8, **SETTINGS))


def test_an_unknown_name_lists_every_choice(problem):
    """At once, not when the run is begun; methods and recipes alike."""
    with pytest.raises(SSLError, match="Did you mean 'self_training'") as caught:
        start("self_trainin", *problem)
    listed = str(caught.value).partition("Choose one of: ")[2].rstrip(".").split(", ")
    assert listed == sorted([*METHODS, *RECIPES])
    with pytest.raises(SSLError, match="Choose one of: adamatch"):
        start_sklearn("nothing", np.zeros((4, 2)), problem[1], LogisticRegression(), 2)


def test_a_recipe_is_told_what_belongs_together(moons):
    """Of either kind of fit: what its learners knew is another thing by group than by row."""
    data, truth = moons
    y = torch.where(torch.arange(200) < 40, truth[:200], -1)
    groups = truth * 2 + torch.arange(200) % 2  # four, each of one class

    def losses(run):
        events, _ = listen(run)
        return next(event for event in events if isinstance(event, Weighed)).losses

    def neural(**more):
        return start("plain", data, y, build("mlp", 2, 2), steps=4, device="cpu", **more)

    def sklearn(**more):
        x = data.features.numpy() if hasattr(data.features, "numpy") else data.features
        return start_sklearn("plain", x, y, LogisticRegression(), 2, **more)

    for run in (neural, sklearn):
        alone = losses(run())
        assert losses(run(groups=torch.arange(200))) == alone
        assert losses(run(groups=groups)) != alone
        with pytest.raises(SSLError, match=r"shape \(3,\) and y \(200,\)"):
            listen(run(groups=torch.arange(3)))

"""Noisy Student: who has noise, who starts where, and which images are taught how often."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from ssl_core.backbones import build
from ssl_core.errors import SSLError
from ssl_core.fits.altered import Dropped, Noisy
from ssl_core.fits.neural import NeuralFit
from ssl_core.fits.sklearn import SklearnFit
from ssl_core.recipes.noisy_student import NoisyStudent, even
from ssl_core.types import Stopped
from tests.ssl_core.runs import listen


class Watched(NeuralFit):
    """A fit that remembers the weights that each training began and ended with."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.began, self.trained, self.lessons = [], [], []

    def __call__(self, rows, labels):
        self.began.append({k: v.clone() for k, v in self.model.state_dict().items()})
        self.lessons.append((rows, labels))
        model = yield from super().__call__(rows, labels)
        self.trained.append(model)
        return model


def test_a_student_does_not_start_from_its_teacher(images):
    """Every fit begins with the weights of the network as it was given."""
    data, truth = images
    y = torch.where(torch.arange(24) < 6, truth, -1)
    fit = Watched(data, build("small_cnn", 1, 2), steps=6, batch_size=4, device="cpu")
    given = {k: v.clone() for k, v in fit.model.state_dict().items()}
    listen(NoisyStudent(max_iter=2).run(torch.arange(24), y, fit))
    assert len(fit.trained) == 3
    for began in fit.began:
        assert all(torch.equal(began[name], given[name]) for name in given)
    head = [model.model.head.weight for model in fit.trained]
    assert not torch.equal(head[0], given["head.weight"])
    assert not torch.equal(head[0], head[1])


def test_a_student_learns_with_noise_and_a_teacher_predicts_without(images):
    """Strong views and dropout in training; predictions are those of the bare network."""
    data, truth = images
    y = torch.where(torch.arange(24) < 6, truth, -1)
    fit = Watched(data, build("small_cnn", 1, 2), steps=4, batch_size=4, device="cpu")
    listen(NoisyStudent(max_iter=1).run(torch.arange(24), y, fit))
    teacher = fit.trained[0]
    assert isinstance(teacher.data, Noisy)
    assert isinstance(teacher.model, Dropped)
    features = torch.randn(5, 1, 8, 8)
    teacher.model.train()
    assert not torch.equal(teacher.model.encode(features), teacher.model.encode(features))
    teacher.model.eval()
    bare = build("small_cnn", 1, 2)
    bare.load_state_dict(teacher.model.state_dict())
    with torch.no_grad():
        expected = bare.eval()(data.clean(torch.arange(24))).softmax(1)
    torch.testing.assert_close(teacher.probabilities(torch.arange(24)), expected)
    g = [torch.Generator().manual_seed(0) for _ in range(2)]
    assert torch.equal(
        teacher.data.views(("weak",), torch.arange(24), g[0])["weak"],
        data.view("strong", torch.arange(24), g[1]),
    )


def test_the_lesson_is_the_labels_and_the_soft_labels_in_equal_parts(images):
    """Labeled rows are repeated up to the number of the others, whose labels are the teacher's."""
    data, truth = images
    y = torch.where(torch.arange(24) < 4, truth, -1)
    fit = Watched(data, build("small_cnn", 1, 2), steps=4, batch_size=4, device="cpu")
    listen(NoisyStudent(max_iter=1, threshold=0.0).run(torch.arange(24), y, fit))
    rows, labels = fit.lessons[1]
    soft = fit.trained[0].probabilities(torch.arange(24))
    for row, label in zip(rows.tolist(), labels, strict=True):
        if row < 4:
            assert label.tolist() == torch.eye(2)[truth[row]].tolist()
        else:
            torch.testing.assert_close(label, soft[row])
    known = int((rows < 4).sum())
    assert abs(known - (len(rows) - known)) <= 2
    torch.testing.assert_close(labels.sum(1), torch.ones(len(labels)))


def test_classes_are_made_even():
    """Seven confident rows of three classes: three of each, the surest first, the rare repeated."""
    confidence = torch.tensor([0.9, 0.5, 0.7, 0.8, 0.6, 0.4, 0.0, 0.9])
    label = torch.tensor([0, 0, 0, 0, 1, 1, 1, 2])
    assert even(confidence, label).tolist() == [0, 3, 2, 4, 5, 4, 7, 7, 7]


def test_a_teacher_that_is_sure_of_nothing_stops(images):
    """The filter keeps no image."""
    data, truth = images
    y = torch.where(torch.arange(24) < 6, truth, -1)
    fit = NeuralFit(data, build("small_cnn", 1, 2), steps=2, batch_size=4, device="cpu")
    events, _ = listen(NoisyStudent(threshold=1.0).run(torch.arange(24), y, fit))
    assert events[-1] == Stopped("the teacher is sure of no image (1 or more)")


def test_soft_labels_train_networks_and_classifiers(images):
    """Certain probabilities give the very network that classes give; weights do it elsewhere."""
    data, truth = images
    rows, exact = torch.arange(24), torch.eye(2)[truth]

    def trained(labels):
        fit = NeuralFit(data, build("small_cnn", 1, 2), steps=4, batch_size=4, device="cpu")
        return listen(fit(rows, labels))[1].probabilities(rows)

    torch.testing.assert_close(trained(exact), trained(truth))
    assert not torch.allclose(trained(exact * 0.6 + 0.2), trained(truth), atol=1e-3)

    x = np.random.default_rng(0).normal(size=(24, 3)) + truth.numpy()[:, None]
    soft = exact * 0.6 + 0.2
    ours = listen(SklearnFit(LogisticRegression(), x, 2)(rows, soft))[1].probabilities(rows)
    theirs = LogisticRegression().fit(
        np.repeat(x, 2, 0), np.tile([0, 1], 24), sample_weight=soft.numpy().ravel()
    )
    np.testing.assert_allclose(ours.numpy(), theirs.predict_proba(x), rtol=1e-4)
    nearest = listen(SklearnFit(KNeighborsClassifier(1), x, 2)(rows, soft))[1].probabilities(rows)
    assert torch.equal(nearest.argmax(1), truth)


def test_probabilities_of_the_wrong_width_are_refused(images):
    """The message gives both shapes."""
    data, _ = images
    fit = NeuralFit(data, build("small_cnn", 1, 2), steps=2, device="cpu")
    with pytest.raises(SSLError, match=r"\(n, 2\), not \(24, 3\)"):
        listen(fit(torch.arange(24), torch.full((24, 3), 1 / 3)))

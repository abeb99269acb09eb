"""Behind scikit-learn's interface: its own checks, its conventions, and equality with its own."""

import pickle

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.datasets import make_moons
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.semi_supervised import SelfTrainingClassifier
from sklearn.utils.estimator_checks import check_classifiers_classes, check_estimator

from ssl_core import METHODS, RECIPES, SemiSupervisedClassifier
from ssl_core.errors import SSLError


@pytest.fixture
def moons():
    """Two moons of 200 points of which 8 have labels, and the truth."""
    x, truth = make_moons(200, noise=0.08, random_state=0)
    y = np.full(200, -1)
    for label in (0, 1):
        y[np.flatnonzero(truth == label)[:4]] = label
    return x, y, truth


CHECKED = [
    SemiSupervisedClassifier("fixmatch", steps=30),
    SemiSupervisedClassifier("label_spreading"),
    SemiSupervisedClassifier("self_training", estimator=LogisticRegression()),
]


NO_CLASS = {
    "check_classifiers_classes": (
        "it takes -1 for a class, which in semi-supervised learning means that there is no label; "
        "scikit-learn spares its own semi-supervised classifiers the same, by their names"
    )
}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("estimator", CHECKED, ids=lambda each: each.method)
def test_it_passes_the_checks_of_scikit_learn(estimator):
    """All but the one that takes -1 for a class, and that one too as scikit-learn's own pass it."""
    results = check_estimator(estimator, expected_failed_checks=NO_CLASS, on_skip=None)
    status = {each["check_name"]: each["status"] for each in results}
    assert {name for name, each in status.items() if each == "xfail"} == NO_CLASS.keys()
    assert {name for name, each in status.items() if each == "skipped"} <= {"check_array_api_input"}
    assert list(status.values()).count("passed") > 40
    check_classifiers_classes("LabelSpreading", estimator)


@pytest.mark.parametrize("names", [["dog", "cat"], ["b", "a"], [7, 3], [True, False]])
def test_any_classes_will_do(moons, names):
    """They come back sorted, and predictions, columns and transduction speak of them."""
    x, y, _ = moons
    given = np.array([names[label] if label >= 0 else -1 for label in y], dtype=object)
    model = SemiSupervisedClassifier(steps=60, random_state=0).fit(x, given)
    assert model.classes_.tolist() == sorted(names)
    assert set(model.predict(x)) == set(names)
    likeliest = model.classes_[model.predict_proba(x).argmax(1)]
    assert (likeliest == model.predict(x)).all()
    assert (model.transduction_[y >= 0] == given[y >= 0]).all()
    assert set(model.transduction_) == set(names)


def test_classes_that_are_strings_are_all_labels():
    """An array of text cannot hold the number -1; the text is refused with the way out."""
    x = np.random.default_rng(0).normal(size=(12, 3))
    y = np.array(["no", "yes"] * 6)
    model = SemiSupervisedClassifier("supervised", steps=5).fit(x, y)
    assert model.classes_.tolist() == ["no", "yes"]
    assert (model.labeled_iter_ == 0).all()
    with pytest.raises(ValueError, match="dtype object"):
        SemiSupervisedClassifier().fit(x, np.array(["no", "-1"] * 6))


@pytest.mark.parametrize("threshold", [0.75, 0.95])
def test_self_training_equals_scikit_learn_with_the_same_estimator(moons, threshold):
    """Transduction, rounds and probabilities, also of new rows."""
    x, y, _ = moons
    theirs = SelfTrainingClassifier(LogisticRegression(), threshold=threshold).fit(x, y)
    ours = SemiSupervisedClassifier(
        "self_training", estimator=LogisticRegression(), options={"threshold": threshold}
    ).fit(x, y)
    np.testing.assert_array_equal(ours.transduction_, theirs.transduction_)
    np.testing.assert_array_equal(ours.labeled_iter_, theirs.labeled_iter_)
    np.testing.assert_allclose(ours.predict_proba(x + 0.1), theirs.predict_proba(x + 0.1), 1e-5)
    assert ours.termination_condition_


@pytest.mark.parametrize("method", [*METHODS, *RECIPES])
def test_every_method_and_recipe_fits_predicts_and_survives_pickling(moons, method):
    """Same seed, same answer; a pickled copy answers alike for rows it has never seen."""
    x, y, _ = moons
    before = torch.get_rng_state()
    one, other = (
        SemiSupervisedClassifier(method, steps=8, batch_size=8, random_state=3).fit(x, y)
        for _ in range(2)
    )
    assert torch.equal(torch.get_rng_state(), before)
    new = x[:7] + 0.05
    probabilities = one.predict_proba(new)
    assert probabilities.shape == (7, 2)
    np.testing.assert_allclose(probabilities.sum(1), 1, rtol=1e-5)
    np.testing.assert_array_equal(probabilities, other.predict_proba(new))
    copy = pickle.loads(pickle.dumps(one))
    np.testing.assert_array_equal(probabilities, copy.predict_proba(new))
    assert (one.labeled_iter_[y >= 0] == 0).all()
    assert ((one.transduction_ == -1) == (one.labeled_iter_ == -1)).all()
    assert one.n_features_in_ == 2


def test_unlabeled_rows_help_on_two_moons(moons):
    """With 8 labels, FixMatch finds the moons better than the labels alone do."""
    x, y, truth = moons
    right = {
        method: np.mean(
            [
                SemiSupervisedClassifier(method, random_state=seed, steps=400).fit(x, y).predict(x)
                == truth
                for seed in range(3)
            ]
        )
        for method in ("supervised", "fixmatch")
    }
    assert right["fixmatch"] > 0.92
    assert right["fixmatch"] > right["supervised"] + 0.1


def test_it_works_in_a_pipeline_and_a_grid_search(moons):
    """Hyper-parameters are found by name, and the best is refitted."""
    x, _, truth = moons
    pipeline = make_pipeline(StandardScaler(), SemiSupervisedClassifier(steps=20, random_state=0))
    grid = {"semisupervisedclassifier__method": ["supervised", "label_spreading"]}
    search = GridSearchCV(pipeline, grid, cv=2).fit(x, truth)
    assert search.best_score_ > 0.7
    assert search.predict(x).shape == (200,)
    assert clone(pipeline).get_params()["semisupervisedclassifier__steps"] == 20


def test_what_cannot_work_is_said(moons):
    """An unknown name, an estimator for a method, an unknown option, no label at all."""
    x, y, _ = moons
    with pytest.raises(SSLError, match="Did you mean 'fixmatch'"):
        SemiSupervisedClassifier("fixmach").fit(x, y)
    with pytest.raises(SSLError, match="trains a network"):
        SemiSupervisedClassifier("fixmatch", estimator=LogisticRegression()).fit(x, y)
    with pytest.raises(SSLError, match="treshold"):
        SemiSupervisedClassifier("self_training", options={"treshold": 1}).fit(x, y)
    with pytest.raises(SSLError, match="every y is -1"):
        SemiSupervisedClassifier().fit(x, np.full(200, -1))


def test_groups_may_have_any_names_and_reach_the_recipe(moons):
    """By patient the ensemble is less sure than by image, where images tell the patient alone."""
    rng = np.random.default_rng(0)
    patient = np.arange(120) // 4
    names = np.array([f"patient {number}" for number in range(30)], dtype=object)[patient]
    y = rng.integers(0, 2, 30)[patient]
    x = rng.normal(0, 1, (30, 12))[patient] + rng.normal(0, 0.02, (120, 12))

    def sure(groups):
        model = SemiSupervisedClassifier("ensemble", estimator=LogisticRegression())
        return model.fit(x, y, groups).predict_proba(x).max(1).mean()

    assert sure(names) < sure(None) - 0.1
    assert sure(list(range(120))) == sure(None) == sure([None] * 120)
    with pytest.raises(ValueError, match="shape"):
        sure(names[:7])

"""Predictions written as columns are those that would be written one by one."""

import numpy as np
import pytest

from annotator.model import Prediction
from annotator.store.columns import predicted
from annotator.store.columns.predicted import Predicted
from annotator.store.predicted.shares import packed
from tests.annotator.invented import begin, finish_round
from tests.annotator.small import workspace


@pytest.fixture
def service(tmp_path):
    made = workspace(tmp_path / "ws", 20)
    yield made
    made.close()


def columns(images, classes):
    """Invented columns for these images."""
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.ones(len(classes)), len(images)).astype(np.float32)
    return Predicted(
        np.array([each.id for each in images]),
        np.array(classes)[probabilities.argmax(1)],
        probabilities.max(1).astype(np.float64),
        rng.random(len(images)),
        probabilities,
        np.where(rng.random(len(images)) < 0.5, np.inf, rng.random(len(images))),
    )


def test_columns_and_single_predictions_are_stored_alike(service):
    """Row by row; a distance without end is not known."""
    images, classes = service.images(limit=100), [each.id for each in service.classes()]
    _, begun = begin(service)
    made, db = columns(images, classes), service.store.db
    single = [
        Prediction(
            each.id, made.class_ids[place], made.confidence[place], made.entropy[place],
            packed(made.probabilities[place : place + 1])[0],
            made.distance[place] if np.isfinite(made.distance[place]) else None,
        )
        for place, each in enumerate(images)
    ]  # fmt: skip
    predicted.write(db, begun.number, "ssl", made)
    predicted.write(db, begun.number, "baseline", list(made))
    assert list(made) == single
    query = """SELECT image_id, class_id, confidence, entropy, shares, distance FROM prediction
               WHERE model = :model ORDER BY image_id"""
    one, other = (list(db.each(query, {"model": model})) for model in ("ssl", "baseline"))
    assert one == other
    assert len(one) == len(images) == len(made)


def test_what_a_round_said_of_the_pool_comes_back_by_image(service):
    """Of test images nothing; a class that was merged is the one it was merged into."""
    finish_round(service)
    dark, light = service.classes()
    service.merge_class(dark.id, light.id)
    images, said = service.store.results.said(1)
    assert images.tolist() == [each.id for each in service.images(limit=99) if each.split == "pool"]
    assert set(said.tolist()) == {light.id} != {dark.id}

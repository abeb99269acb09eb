"""Predictions of whole networks, which a cluster makes of all images once they are trained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from annotator.project import private
from annotator.project.files import replacing
from annotator.project.names import Names
from annotator.project.rows import Rows
from annotator.rounds.elsewhere.fill import fill
from annotator.rounds.elsewhere.order import Order
from ssl_core.data.sources import Data, ImageData
from ssl_core.evidence.altered import Over
from ssl_core.parts.committee import Committee
from ssl_core.training.predict import NeuralPredictor, Passed
from ssl_core.types import Predictor


def predict(
    order: Order,
    models: Iterable[Predictor],
    data: Data,
    names: Names,
    folder: Path,
) -> Iterator[float]:
    """Have every network among the models answer for all images; yield the share that is done.

    From then on they answer from what came. Nothing is done for networks that do not see these
    images: heads on frozen features answer sooner than anything could be sent.

    Args:
        order: all of it but weights and shards.
        models: of which some may be committees.
        data: what they were trained on.
        names: of the images, in the order of the rows.
        folder: which keeps weights and answers until the round has ended.

    Raises:
        RoundError: the cluster cannot; the message says why, and the way out.
    """
    found = [each for model in models for each in networks(model) if each.data is data]
    if not isinstance(data, ImageData) or not found:
        return
    folder.mkdir(private.FOLDER, parents=True, exist_ok=True)
    caches, weights = {}, {}
    for each in found:
        name, width = each.fingerprint(), each.model.num_features + each.model.num_classes
        caches[name] = Rows(folder / f"{name}.f32", (width,), "float32", names)
        weights[name] = str(folder / f"{name}.pt")
        with replacing(Path(weights[name])) as file:
            torch.save(each.model.state_dict(), file)
    order = replace(order, weights=tuple(weights.items()), classes=found[0].model.num_classes)
    yield from fill(order, caches, folder / "shards")
    for each in found:
        both = torch.from_numpy(np.array(caches[each.fingerprint()].read()))
        features = each.model.num_features
        each.passed = Passed(both[:, :features], both[:, features:])


def networks(model: Predictor) -> Iterator[NeuralPredictor]:
    """The networks of a model, also of one within another."""
    if isinstance(model, NeuralPredictor):
        yield model
    elif isinstance(model, Over):
        yield from networks(model.inner)
    elif isinstance(model, Committee):
        for each in model.members:
            yield from networks(each)

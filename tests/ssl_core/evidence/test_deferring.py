"""Whose answers stand, worked out image by image."""

import numpy as np
import torch

from ssl_core.evidence.deferring import CLEAR, ENOUGH, WIDE, deferring, leads
from ssl_core.evidence.paired import lead
from ssl_core.evidence.weighing import tempered


def answers(seed, n=3 * ENOUGH, classes=3):
    """Probabilities (n, classes) of somebody who knows nothing."""
    drawn = np.random.default_rng(seed).dirichlet(np.ones(classes), n)
    return torch.from_numpy(drawn).float()


def test_a_model_leads_by_more_than_chance_explains_or_not_at_all():
    """Who is told the truth of most rows leads; equals do not, nor does the other side."""
    y = torch.arange(3 * ENOUGH) % 3
    knows, guesses = answers(1), answers(2)
    knows[torch.arange(30), y[:30]] += 3
    knows /= knows.sum(1, keepdim=True)
    ahead, error = lead(knows, guesses, y)
    assert ahead > CLEAR * error
    assert leads(knows, guesses, y, WIDE)
    assert not leads(guesses, knows, y, WIDE)
    assert not leads(guesses, guesses, y, WIDE)
    close = torch.cat([knows[:1], guesses[1:]])  # right about one row of many: that can be chance
    assert 0 < lead(close, guesses, y)[0] < CLEAR * lead(close, guesses, y)[1]
    assert not leads(close, guesses, y, WIDE)


def test_few_labels_are_not_asked_nor_any_where_models_differ_widely():
    """With one less than enough of them the model stands, whatever they say."""
    y, guesses = torch.arange(3 * ENOUGH) % 3, answers(2)
    right = torch.eye(3)[y]
    assert not leads(guesses, right, y, WIDE)
    assert leads(guesses[1:], right[1:], y[1:], WIDE)
    assert leads(guesses, right, y, WIDE + 0.01)


def test_images_of_one_patient_are_one_witness():
    """As many labels, but one fewer that stands alone, are too few to ask."""
    y, guesses = torch.arange(3 * ENOUGH) % 3, answers(2)
    right = torch.eye(3)[y]
    alone = torch.arange(3 * ENOUGH)
    assert not leads(guesses, right, y, WIDE, alone)
    assert leads(guesses, right, y, WIDE, alone.clamp(min=1))


def test_the_plain_model_decides_and_nobody_is_sure_of_what_is_disputed():
    """Where both agree the model's own answer stands; else the larger share is the plain one's."""
    said, plain = answers(3), answers(4)
    found = deferring(said, plain)
    assert torch.equal(found.argmax(1), plain.argmax(1))
    assert torch.allclose(found.sum(1), torch.ones(len(said)))
    for own, theirs, answer in zip(said.tolist(), plain.tolist(), found.tolist(), strict=True):
        if own.index(max(own)) == theirs.index(max(theirs)):
            assert answer == own
            continue
        mean = [(a + b) / 2 for a, b in zip(own, theirs, strict=True)]
        assert np.allclose(sorted(answer), sorted(mean), atol=2e-5)
        assert max(answer) <= 0.75 + 1e-5


def test_a_dispute_without_a_larger_share_is_the_plain_models_too():
    """Each is as sure of its class as the other, or two others are: also once it is calibrated."""
    for said, plain in (
        [[0.6, 0.4], [0.4, 0.6]],
        [[0.4, 0.6], [0.6, 0.4]],
        [[0.5, 0.4375, 0.0625], [0.28125, 0.34375, 0.375]],
    ):
        found = deferring(torch.tensor([said]), torch.tensor([plain]))
        [most] = torch.tensor([plain]).argmax(1).tolist()
        for hot in (0.5, 1.0, 2.0, 3.0, 10.0):
            assert tempered(found, hot).argmax(1).tolist() == [most]
        mean = (torch.tensor([said]) + torch.tensor([plain])) / 2
        assert torch.allclose(found.sort().values, mean.sort().values, atol=2e-5)


def test_a_dispute_by_hand():
    """The model is sure of the first class, the plain one leans to the second."""
    found = deferring(torch.tensor([[0.9, 0.1, 0.0]]), torch.tensor([[0.3, 0.5, 0.2]]))
    assert torch.allclose(found, torch.tensor([[0.3, 0.6, 0.1]]))

"""Smoothing equals a loop over neighbors, in the graph and beyond it."""

import numpy as np
import pytest
import torch

from ssl_core.parts.graph.smoothing import ASKING, Smoothed
from ssl_core.parts.graph.spreading import Spread
from ssl_core.types import finish
from tests.ssl_core.runs import listen

K, CLASSES = 4, 3


class Told:
    """Says of each row what stands in a table, and counts the rows that it was asked about."""

    model = None

    def __init__(self, table):
        self.table, self.asked = table, []

    def probabilities(self, rows):
        self.asked += rows.tolist()
        return self.table[rows]

    def embed(self, rows):
        return self.table[rows]

    def fingerprint(self):
        return f"{float((self.table * torch.arange(self.table.numel()).view_as(self.table)).sum())}"


def points(n=30, seed=0):
    """Directions (n, 5) and answers (n, C) drawn by chance."""
    rng = np.random.default_rng(seed)
    x = torch.from_numpy(rng.normal(size=(n, 5))).float()
    return x, torch.from_numpy(rng.dirichlet(np.ones(CLASSES), n)).float()


def graph(x, rows):
    y = torch.full((len(rows),), -1)
    y[:2] = torch.tensor([0, 1])
    return Spread(lambda asked: x[asked], rows, y, CLASSES, k=K, alpha=0.9)


def near(x, rows, row, k):
    """The `k` rows most like a row, itself left out."""
    unit = x / x.norm(dim=1, keepdim=True)
    others = [each for each in rows if each != row]
    return sorted(others, key=lambda each: -float(unit[each] @ unit[row]))[:k]


def by_loops(x, said, rows, row):
    """Three parts its own logarithm, one its neighbors': edges that both chose are double."""
    logs = said.clamp_min(1e-3).log().double()
    if row in rows:
        chosen = {each: near(x, rows, each, K - 1) for each in rows}
        edges = {
            (one, other): (other in chosen[one]) + (one in chosen[other])
            for one in rows
            for other in rows
        }
        degree = {one: sum(edges[one, other] for other in rows) for one in rows}
        beside = [(each, edges[row, each] / degree[each] ** 0.5) for each in rows]
    else:
        beside = [(each, 1.0) for each in near(x, rows, row, K)]
    total = sum(weight for _, weight in beside)
    around = sum(weight / total * logs[b] for b, weight in beside)
    return (0.75 * logs[row] + 0.25 * around).softmax(0)


def test_an_answer_is_its_own_by_three_parts_in_four_in_the_graph_and_beyond():
    """Each neighbor counts by the square root of its edges; beyond, the nearest count alike."""
    x, said = points()
    rows = torch.randperm(30, generator=torch.Generator().manual_seed(1))[:24]
    found = finish(Smoothed.steps(Told(said), graph(x, rows))).probabilities(torch.arange(30))
    assert found.dtype == torch.float32
    for row in range(30):
        wanted = by_loops(x, said, rows.tolist(), row)
        np.testing.assert_allclose(found[row], wanted, rtol=1e-5, err_msg=str(row))


def test_who_is_inside_is_asked_once_about_each_row_of_the_graph_and_says_how_far_it_is():
    """However often answers are wanted; of rows beyond the graph anew."""
    x, said = points()
    told = Told(said)
    words, smoothed = listen(Smoothed.steps(told, graph(x, torch.arange(24))))
    assert [(each.what, each.done) for each in words] == [(ASKING, 0.0), (ASKING, 1.0)]
    for _ in range(3):
        smoothed.probabilities(torch.arange(24))
    assert sorted(told.asked) == list(range(24))
    smoothed.probabilities(torch.arange(30))
    assert sorted(told.asked) == list(range(30))


def test_one_wrong_answer_among_neighbors_that_agree_is_overruled_and_a_sure_one_is_not():
    """Two bundles of directions; one row of each is told the other class, weakly and firmly."""
    x = torch.cat([torch.eye(5)[:1].repeat(10, 1), torch.eye(5)[1:2].repeat(10, 1)])
    x = x + 0.01 * torch.randn(x.shape, generator=torch.Generator().manual_seed(0))
    said = torch.tensor([[0.8, 0.1, 0.1]] * 10 + [[0.1, 0.8, 0.1]] * 10)
    said[3], said[14] = torch.tensor([0.4, 0.5, 0.1]), torch.tensor([0.998, 0.001, 0.001])
    found = finish(Smoothed.steps(Told(said), graph(x, torch.arange(20))))
    classes = found.probabilities(torch.arange(20)).argmax(1)
    assert classes[3] == 0
    assert classes[14] == 0
    assert (classes[[0, 5, 9]] == 0).all()
    assert (classes[[10, 17, 19]] == 1).all()


def test_a_row_that_stands_alone_answers_for_itself():
    """A graph of one row has no edges."""
    x, said = points(1)
    lone = Spread(lambda rows: x[rows], torch.arange(1), torch.zeros(1).long(), CLASSES, k=K,
                  alpha=0.9)  # fmt: skip
    found = finish(Smoothed.steps(Told(said), lone)).probabilities(torch.arange(1))
    np.testing.assert_allclose(found, said.clamp_min(1e-3) / said.clamp_min(1e-3).sum(), rtol=1e-5)


@pytest.mark.parametrize("other", ["answers", "graph"])
def test_its_name_is_of_the_answers_and_of_the_graph(other):
    """Whatever is smoothed, and along whatever."""
    x, said = points()
    one = finish(Smoothed.steps(Told(said), graph(x, torch.arange(24))))
    same = finish(Smoothed.steps(Told(said), graph(x, torch.arange(24))))
    assert one.fingerprint() == same.fingerprint()
    if other == "answers":
        two = finish(Smoothed.steps(Told(said.flip(1)), graph(x, torch.arange(24))))
    else:
        two = finish(Smoothed.steps(Told(said), graph(x.flip(0), torch.arange(24))))
    assert one.fingerprint() != two.fingerprint()

"""Label spreading equals scikit-learn's on the same graph; what it adds is re-derived by loops."""

import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix
from sklearn.semi_supervised import LabelSpreading

from ssl_core.errors import SSLError
from ssl_core.parts.graph import joining
from ssl_core.parts.graph.diffusion import SPREADING, diffuse
from ssl_core.parts.graph.joining import JOINING, Joined
from ssl_core.parts.graph.neighbors import normalized
from ssl_core.parts.graph.spreading import DOUBT, Spread, shares
from tests.ssl_core.parts.graph.groups import Memory, grouped
from tests.ssl_core.runs import listen


def two_islands(n=30, seed=0):
    """Directions of the plane: n around east (y of two classes), 10 around north without labels."""
    rng = np.random.default_rng(seed)
    angle = np.concatenate([rng.uniform(-0.6, 0.6, n), rng.uniform(1.5, 1.6, 10)])
    length = rng.uniform(0.5, 3, n + 10)
    x = np.stack([np.cos(angle), np.sin(angle)], 1) * length[:, None]
    y = np.full(n + 10, -1)
    y[:n][np.argsort(angle[:n])[[0, 3]]] = 0
    y[:n][np.argsort(angle[:n])[[-1]]] = 2
    return x.astype(np.float32), y


def spread(x, y, rows=None, **options):
    """Spread over given rows of the points, with three classes."""
    rows = torch.arange(len(x)) if rows is None else rows
    given = {"k": 5, "alpha": 0.9} | options
    return Spread(
        lambda rows: torch.from_numpy(x)[rows], rows, torch.from_numpy(y)[rows], 3, **given
    )


def joined(x, k=5):
    """Which of the points (n, 2) has which among its k nearest by direction, itself one of them."""
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    nearest = np.argsort(((unit[:, None] - unit) ** 2).sum(2), axis=1, kind="stable")[:, :k]
    found = np.zeros((len(x), len(x)))
    np.put_along_axis(found, nearest, 1, axis=1)
    return found


def one_hot(y):
    """Classes (n,) as rows of three, -1 as zeros."""
    return np.eye(3)[np.where(y < 0, 1, y)] * (y >= 0)[:, None]


def limit(x, y, alpha, k=5):
    """Solve F = alpha S F + (1 - alpha) Y, S = D^-1/2 W D^-1/2, W both directions of each edge."""
    weight = joined(x, k) + joined(x, k).T
    np.fill_diagonal(weight, 0)
    degree = weight.sum(1)
    step = weight / np.sqrt(np.outer(degree, degree))
    return (1 - alpha) * np.linalg.solve(np.eye(len(x)) - alpha * step, one_hot(y))


@pytest.mark.parametrize("alpha", [0.2, 0.9])
def test_the_diffusion_ends_where_the_linear_equation_says(alpha):
    """An edge that both ends chose weighs twice; class 1 has no label and no mass."""
    x, y = two_islands()
    found = diffuse(normalized(csr_matrix(joined(x))), one_hot(y), alpha)
    np.testing.assert_allclose(found, limit(x, y, alpha), atol=1e-7)
    assert (found[:, 1] == 0).all()


@pytest.mark.parametrize("alpha", [0.2, 0.9, 0.99])
def test_what_arrives_far_off_is_as_exact_as_what_arrives_near(alpha):
    """Along a path of 400 nodes with a class at each end; the other path has no label at all."""
    n = 400
    path = np.diag(np.ones(n - 1), 1)
    both = np.kron(np.eye(2), path)
    step = normalized(csr_matrix(both))
    given = np.zeros((2 * n, 3))
    given[0, 0], given[n - 1, 2] = 1, 1
    expected = part = (1 - alpha) * given
    while part.sum() > 1e-40:  # no part is below 0, so that no digit is lost
        part = alpha * (step @ part)
        expected = expected + part
    found = diffuse(step, given, alpha)
    assert (found[n:] == 0).all()
    half = n // 2
    for rows, other in ((slice(0, half), 2), (slice(half, n), 0)):
        mine = 2 - other
        there = expected[rows, mine] > 1e-25
        assert there.sum() > (20 if alpha < 0.9 else 100)
        np.testing.assert_allclose(found[rows, mine][there], expected[rows, mine][there], rtol=1e-3)
        assert (found[rows, mine][there] > found[rows, other][there]).all()


@pytest.mark.parametrize("alpha", [0.2, 0.9])
def test_the_diffusion_equals_scikit_learn_on_the_same_graph(alpha):
    """Theirs is normalized by row."""
    x, y = two_islands()
    both = csr_matrix(joined(x) + joined(x).T)
    theirs = LabelSpreading(kernel=lambda *_: both, alpha=alpha, tol=1e-9, max_iter=10_000)
    ours = diffuse(normalized(csr_matrix(joined(x))), one_hot(y), alpha)[:, [0, 2]]
    total = ours.sum(1, keepdims=True)
    expected = theirs.fit(x, y).label_distributions_
    np.testing.assert_allclose(ours / np.where(total > 0, total, 1), expected, atol=1e-5)


def test_rows_that_no_label_reaches_have_the_shares_of_the_labels():
    """The northern island has no label: two of three are of class 0, none of 1; never NaN."""
    x, y = two_islands()
    model = spread(x, y)
    expected = [(1 - DOUBT) * count / 3 + DOUBT / 3 for count in (2, 0, 1)]
    torch.testing.assert_close(
        model.probabilities(torch.arange(30, 40)), torch.tensor([expected] * 10)
    )
    assert not model.reached(torch.arange(30, 40)).any()
    assert model.reached(torch.arange(30)).all()


def test_what_came_of_each_label_is_squared_and_some_goes_to_every_class():
    """Class 0 has two labels and 2 is alone: 2 (F_0 / 2)^2 against F_2^2, and then the doubt."""
    x, y = two_islands()
    model = spread(x, y)
    expected = limit(x, y, 0.9)
    for row in range(30):
        squares = [2 * (expected[row][0] / 2) ** 2, 0, expected[row][2] ** 2]
        found = [(1 - DOUBT) * each / sum(squares) + DOUBT / 3 for each in squares]
        assert model.probabilities(torch.tensor([row]))[0].tolist() == pytest.approx(
            found, abs=1e-5
        )


def test_shares_neither_overflow_nor_vanish_however_little_has_spread():
    """A label's 200th neighbor has next to nothing of it, and is of its class all the same."""
    little = np.array([[3e-200, 1e-200], [0, 0]])
    near = (1 - DOUBT) * 0.9 + DOUBT / 2
    expected = [[near, 1 - near], [0.5, 0.5]]
    np.testing.assert_allclose(shares(little, np.eye(2)), expected, rtol=1e-9)


def test_a_new_row_answers_with_the_mean_of_its_neighbors():
    """Rows outside the graph are looked up in it; their order does not matter."""
    x, y = two_islands()
    rows = torch.arange(1, 40, 2)
    model = spread(x, y, rows)
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    asked = torch.tensor([4, 7, 20])
    nearest = np.argsort(((unit[rows] - unit[20]) ** 2).sum(1))[:5]
    expected = model.probabilities(rows[nearest]).mean(0)
    torch.testing.assert_close(model.probabilities(asked)[2], expected)
    assert torch.equal(model.probabilities(asked.flip(0)).flip(0), model.probabilities(asked))
    assert model.reached(torch.tensor([20, 30])).tolist() == [True, False]


def test_many_rows_answer_as_few_do_in_whatever_order_they_are_asked(monkeypatch):
    """In cells, half as wide, and numbered by likeness: what comes of it is next to the same."""
    rng = np.random.default_rng(1)
    x, y = grouped()
    rows = torch.from_numpy(rng.permutation(600)[:500])
    few = spread(x, y, rows, k=8)
    monkeypatch.setattr(joining, "EXACT", 100)
    many = spread(x, y, rows, k=8)
    assert len(many.joined.neighbors.sizes) > 1
    everything = torch.arange(600)
    one, other = few.probabilities(everything), many.probabilities(everything)
    assert (one.argmax(1) == other.argmax(1)).float().mean() > 0.98
    assert (one - other).abs().mean() < 0.01
    mixed = torch.from_numpy(rng.permutation(600))
    torch.testing.assert_close(many.probabilities(mixed), other[mixed])
    assert many.again(torch.from_numpy(y)[rows]).fingerprint() == many.fingerprint()


def test_a_graph_that_is_kept_gives_the_same_bits_and_is_not_sought_again(monkeypatch):
    """Whoever asks, in it or not; of other rows, another width or fewer neighbors it is another."""
    x, y = grouped()
    rows, everything, kept = torch.arange(500), torch.arange(600), Memory()
    monkeypatch.setattr(joining, "EXACT", 100)
    sought = spread(x, y, rows, k=8)
    first = spread(x, y, rows, k=8, kept=kept)
    expected = sought.probabilities(everything)
    assert torch.equal(first.probabilities(everything), expected)
    assert len(kept) == 3, "the graph, which is the newest, and neighbors of what is not in it"
    monkeypatch.setattr(Joined, "_sought", None)
    other = np.where(np.arange(600) < 90, np.arange(600) % 3, -1)
    for labels in (y, other):  # it depends on no label
        again = spread(x, labels, rows, k=8, kept=kept)
        known = sought.again(torch.from_numpy(labels)[rows])
        assert torch.equal(again.probabilities(everything), known.probabilities(everything))
        assert again.fingerprint() == known.fingerprint()
    assert len(kept) == 3
    for changed in ({"rows": rows[60:]}, {"k": 7}, {"x": x + 1}):
        with pytest.raises(TypeError):  # it is sought
            spread(**({"x": x, "y": y, "rows": rows, "k": 8} | changed), kept=kept)


def test_a_graph_of_which_a_part_is_gone_is_sought_anew(monkeypatch):
    """As it is where nothing was kept."""
    x, y = grouped()
    kept = Memory()
    monkeypatch.setattr(joining, "EXACT", 100)
    first = spread(x, y, kept=kept)
    name, _newest = kept
    whole = kept[name]
    kept[name] = {each: whole[each] for each in whole if each != "sizes"}
    assert spread(x, y, kept=kept).fingerprint() == first.fingerprint()
    assert kept[name].keys() == whole.keys()


def test_it_says_how_far_it_is():
    """From joining to spreading, never back; it is the same graph in the end."""
    x, y = two_islands()
    rows = torch.arange(40)
    run = Spread.steps(
        lambda rows: torch.from_numpy(x)[rows], rows, torch.from_numpy(y), 3, k=5, alpha=0.9
    )
    heard, made = listen(run)
    assert [each.what for each in heard] == sorted(each.what for each in heard)
    for what in (JOINING, SPREADING):
        done = [each.done for each in heard if each.what == what]
        assert done == sorted(done)
        assert 0 <= done[0] <= done[-1] <= 1
    assert made.fingerprint() == spread(x, y).fingerprint()


def test_without_any_label_it_says_so():
    """Nothing to learn from is an error in words."""
    x, y = two_islands()
    with pytest.raises(SSLError, match="Nothing to learn from"):
        spread(x, np.full_like(y, -1))

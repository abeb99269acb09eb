"""Each method's term, derived again by naive loops over rows and classes."""

import math
from dataclasses import replace

import pytest
import torch
from torch.distributions import Beta

from ssl_core.methods import build_method
from ssl_core.methods.entropy_min import EntropyMinimization
from ssl_core.methods.mixmatch import MixMatch
from tests.ssl_core.contract import problem, seeded

CLASSES = range(3)


@pytest.fixture
def plane():
    """Points of the plane, three classes, a student and a teacher without norm or dropout."""
    return problem("vectors")


def predictions(model, rows):
    """Probabilities as plain lists, one row at a time."""
    with torch.no_grad():
        return [model(row[None]).softmax(1)[0].tolist() for row in rows]


def best(p):
    """The first class of the largest probability."""
    return max(CLASSES, key=lambda c: p[c])


def squared(ps, qs):
    """The squared difference, averaged over rows and classes."""
    pairs = [(a, b) for p, q in zip(ps, qs, strict=True) for a, b in zip(p, q, strict=True)]
    return sum((a - b) ** 2 for a, b in pairs) / len(pairs)


def cross(q, p):
    """The cross-entropy of one row."""
    return -sum(a * math.log(b) for a, b in zip(q, p, strict=True))


def one_hot(label):
    """A certain prediction."""
    return [float(c == label) for c in CLASSES]


def sharper(p, temperature):
    """The definition: to the power 1 / T, scaled to sum to 1."""
    powers = [v ** (1 / temperature) for v in p]
    return [v / sum(powers) for v in powers]


def median(values):
    """A value that some reach and some do not."""
    return sorted(values)[len(values) // 2]


@pytest.mark.parametrize(("name", "view"), [("fixmatch", "strong"), ("pseudo_label", "weak")])
def test_confident_guesses_on_the_weak_view_teach_the_other(name, view, plane):
    """Cross-entropy with the likeliest class, over all M rows."""
    batch = plane.batch()
    guesses = predictions(plane.student, batch.u["weak"])
    threshold = median([max(p) for p in guesses])
    made = plane.losses(build_method(name, plane.task, threshold=threshold - 1e-6), batch)
    total, used = 0.0, 0
    for guess, p in zip(guesses, predictions(plane.student, batch.u[view]), strict=True):
        if max(guess) >= threshold - 1e-6:
            total -= math.log(p[best(guess)])
            used += 1
    assert 0 < used < 6
    assert made.unsupervised.item() == pytest.approx(total / 6, rel=1e-4)
    assert float(made.used) == pytest.approx(used / 6)


def test_uda_sharpens_the_target_and_masks_by_what_it_was(plane):
    """softmax(z / T) equals p to the power 1 / T; the threshold sees p."""
    batch = plane.batch()
    guesses = predictions(plane.student, batch.u["weak"])
    threshold = median([max(p) for p in guesses]) - 1e-6
    method = build_method("uda", plane.task, threshold=threshold, temperature=0.4)
    expected = sum(
        cross(sharper(guess, 0.4), p)
        for guess, p in zip(guesses, predictions(plane.student, batch.u["strong"]), strict=True)
        if max(guess) >= threshold
    )
    assert plane.losses(method, batch).unsupervised.item() == pytest.approx(expected / 6, rel=1e-4)


def test_consistency_compares_the_probabilities_of_two_weak_views(plane):
    """The mean squared difference over rows and classes."""
    batch = plane.batch()
    views = [predictions(plane.student, batch.u[name]) for name in ("weak", "weak2")]
    made = plane.losses(build_method("consistency", plane.task), batch)
    assert made.unsupervised.item() == pytest.approx(squared(*views), rel=1e-4)


def test_consistency_weight_rises_as_the_paper_says(plane):
    """exp(-5 (1 - t)²) over the ramp."""
    method = build_method("consistency", plane.task, weight=10.0, ramp=0.5)
    for progress, t in ((0.0, 0.0), (0.1, 0.2), (0.25, 0.5), (0.5, 1.0), (0.9, 1.0)):
        made = plane.losses(method, plane.batch(), progress)
        assert made.weight == pytest.approx(10 * math.exp(-5 * (1 - t) ** 2))


def test_entropy_min_is_the_mean_entropy(plane):
    """Minus the sum of p log p, averaged over rows."""
    batch = plane.batch()
    expected = sum(cross(p, p) for p in predictions(plane.student, batch.u["weak"])) / 6
    made = plane.losses(EntropyMinimization(plane.task), batch)
    assert made.unsupervised.item() == pytest.approx(expected, rel=1e-4)


def test_mean_teacher_compares_the_student_with_the_teacher(plane):
    """Another network on another view; a teacher compared with itself would give 0 gradient."""
    batch = plane.batch()
    student = predictions(plane.student, batch.u["weak2"])
    teacher = predictions(plane.teacher, batch.u["weak"])
    made = plane.losses(build_method("mean_teacher", plane.task), batch)
    assert made.unsupervised.item() == pytest.approx(squared(student, teacher), rel=1e-4)


def mixed(a, b, share):
    """Entry by entry."""
    return [share * v + (1 - share) * w for v, w in zip(a, b, strict=True)]


def test_ict_predicts_the_mixture_of_the_teachers_predictions(plane):
    """Partners and shares are drawn again from the same seed."""
    batch = plane.batch()
    u = batch.u["weak"].tolist()
    torch.manual_seed(0)
    partner = torch.randperm(6).tolist()
    share = Beta(0.7, 0.7).sample((6,)).tolist()
    p = predictions(plane.teacher, batch.u["weak"])
    inputs = [mixed(u[j], u[k], s) for j, (k, s) in enumerate(zip(partner, share, strict=True))]
    targets = [mixed(p[j], p[k], s) for j, (k, s) in enumerate(zip(partner, share, strict=True))]
    found = predictions(plane.student, torch.tensor(inputs))
    made = plane.losses(build_method("ict", plane.task, alpha=0.7), batch)
    assert made.unsupervised.item() == pytest.approx(squared(found, targets), rel=1e-4)


def mixture(plane, batch, views, guesses, alpha):
    """Mix labeled and unlabeled rows as algorithm 1 of MixMatch does; predictions, targets."""
    labels = [one_hot(label) for label in batch.y.tolist()]
    rows = batch.x.tolist() + [row for view in views for row in batch.u[view].tolist()]
    targets = labels + guesses * len(views)
    torch.manual_seed(0)
    partner = torch.randperm(len(rows)).tolist()
    share = [max(s, 1 - s) for s in Beta(alpha, alpha).sample((len(rows),)).tolist()]
    drawn = list(enumerate(zip(partner, share, strict=True)))
    inputs = torch.tensor([mixed(rows[j], rows[k], s) for j, (k, s) in drawn])
    return predictions(plane.student, inputs), [
        mixed(targets[j], targets[k], s) for j, (k, s) in drawn
    ]


def test_mixmatch_is_algorithm_1(plane):
    """Guess, sharpen, mix, then cross-entropy on the labeled part and squares on the other."""
    batch = plane.batch()
    views = ("weak", "weak2", "weak3")
    seen = [predictions(plane.student, batch.u[view]) for view in views]
    means = [[sum(p[c] for p in row) / 3 for c in CLASSES] for row in zip(*seen, strict=True)]
    guesses = [sharper(p, 0.5) for p in means]
    found, targets = mixture(plane, batch, views, guesses, 0.75)
    made = plane.losses(build_method("mixmatch", plane.task, num_guesses=3), batch, 0.5)
    known = [cross(q, p) for q, p in zip(targets[:4], found[:4], strict=True)]
    assert made.supervised.item() == pytest.approx(sum(known) / 4, rel=1e-4)
    assert made.unsupervised.item() == pytest.approx(squared(found[4:], targets[4:]), rel=1e-4)
    assert made.weight == pytest.approx(37.5)


def test_mixmatch_has_settings_for_small_data(plane):
    """They are parameters, and the weight is well below the paper's."""
    assert MixMatch(plane.task, **MixMatch.SMALL_DATA).weight < MixMatch(plane.task).weight


def test_remixmatch_anchors_and_mixes_strong_views(plane):
    """The first step's guess is only sharpened and scaled; vectors are not turned."""
    batch = plane.batch()
    prior = plane.task.class_prior.tolist()
    p = predictions(plane.student, batch.u["weak"])
    mean = [0.99 * prior[c] + 0.01 * sum(row[c] for row in p) / 6 for c in CLASSES]
    scaled = [[row[c] * prior[c] / mean[c] for c in CLASSES] for row in p]
    guesses = [sharper([v / sum(row) for v in row], 0.5) for row in scaled]
    views = ("weak", "strong", "strong2")
    found, targets = mixture(plane, batch, views, guesses, 0.75)
    unknown = [cross(q, p) for q, p in zip(targets[4:], found[4:], strict=True)]
    first = predictions(plane.student, batch.u["strong"])
    anchored = [cross(q, p) for q, p in zip(guesses, first, strict=True)]
    made = plane.losses(build_method("remixmatch", plane.task), batch)
    expected = 1.5 * sum(unknown) / 18 + 0.5 * sum(anchored) / 6
    assert made.unsupervised.item() == pytest.approx(expected, rel=1e-4)


def test_remixmatch_tells_how_images_were_turned():
    """Each image by its own quarters; on images that are not square there is nothing to tell."""
    one = problem("images")
    method = seeded(lambda: build_method("remixmatch", one.task))
    images = one.batch().u["strong"]
    torch.manual_seed(0)
    quarters = torch.randint(4, (6,)).tolist()
    turned = [images[row].rot90(k, (1, 2)) for row, k in enumerate(quarters)]
    with torch.no_grad():
        p = method.turns(one.student.encode(torch.stack(turned))).softmax(1).tolist()
        torch.manual_seed(0)
        found = method.turned(one.student, images).item()
    expected = -sum(math.log(row[k]) for row, k in zip(p, quarters, strict=True)) / 6
    assert found == pytest.approx(expected, rel=1e-4)
    for shape, taught in (((1, 8, 8), True), ((1, 8, 6), False)):
        one = replace(problem("images"), shape=shape)
        one.losses(method, one.batch()).unsupervised.backward()
        assert (method.turns.weight.grad is not None) is taught
        method.zero_grad()


def test_adamatch_aligns_guesses_and_sets_its_threshold_by_the_labeled_rows(plane):
    """By loops; without batch norm both labeled passes agree, so mixing them changes nothing."""
    batch = plane.batch()
    prior = plane.task.class_prior.tolist()
    known = predictions(plane.student, batch.x)
    p = predictions(plane.student, batch.u["weak"])
    mean = [0.9 * prior[c] + 0.1 * sum(row[c] for row in p) / 6 for c in CLASSES]
    scaled = [[row[c] * prior[c] / mean[c] for c in CLASSES] for row in p]
    guesses = [[v / sum(row) for v in row] for row in scaled]
    confidence = sum(max(row) for row in known) / 4
    share = median([max(q) for q in guesses]) / confidence - 1e-6
    made = plane.losses(
        build_method("adamatch", plane.task, threshold=min(share, 1.0), ema_decay=0.9), batch
    )
    terms = [
        cross(q, p)
        for q, p in zip(guesses, predictions(plane.student, batch.u["strong"]), strict=True)
        if max(q) >= min(share, 1.0) * confidence
    ]
    assert 0 < len(terms) < 6
    assert made.unsupervised.item() == pytest.approx(sum(terms) / 6, rel=1e-4)
    supervised = sum(-math.log(row[y]) for row, y in zip(known, batch.y.tolist(), strict=True)) / 4
    assert made.supervised.item() == pytest.approx(supervised, rel=1e-4)


def test_adamatch_mixes_the_logits_of_two_passes():
    """With batch norm, each logit lies between that of the joint pass and that of the lone one."""
    one = problem("images")
    batch = one.batch()
    with torch.no_grad():
        alone = one.student(batch.x)
        views = torch.cat([batch.x, batch.u["weak"], batch.u["strong"]])
        joint = one.student(views)[:4]
        torch.manual_seed(0)
        share = torch.rand(4, 3)
        between = share * joint + (1 - share) * alone
    expected = torch.nn.functional.cross_entropy(between, batch.y).item()
    made = one.losses(build_method("adamatch", one.task), batch)
    assert made.supervised.item() == pytest.approx(expected, rel=1e-4)


def test_cct_is_the_mean_over_heads(plane, monkeypatch):
    """Two known ways to damage features; the main head's prediction of the whole is the target."""
    monkeypatch.setattr("ssl_core.methods.cct.PERTURBATIONS", (lambda z, _: 2 * z, lambda z, _: -z))
    batch = plane.batch()
    method = build_method("cct", plane.task)
    z = plane.student.encode(batch.u["weak"]).detach()
    target = predictions(plane.student, batch.u["weak"])
    terms = [
        squared(predictions(head, damaged), target)
        for head, damaged in zip(method.heads, (2 * z, -z), strict=True)
    ]
    made = plane.losses(method, batch)
    assert made.unsupervised.item() == pytest.approx(sum(terms) / 2, rel=1e-4)
    made.unsupervised.backward()
    assert plane.student.head.weight.grad is None  # labels alone teach the main head
    assert all(head.weight.grad.abs().sum() > 0 for head in method.heads)

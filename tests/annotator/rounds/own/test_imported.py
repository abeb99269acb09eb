"""Rounds on imported embeddings: they are what is learned from, and images without one stop it."""

import numpy as np
import pytest
import torch

from annotator.errors import RoundError
from annotator.model import SETTINGS
from annotator.project import own
from annotator.rounds.features import Features
from annotator.rounds.own.imported import NOISE, Imported
from annotator.rounds.snapshot import take
from annotator.service import Service
from tests.annotator.documents import pdf
from tests.annotator.small import answer, picture, truth, workspace
from tests.annotator.workers import finish


def imported(tmp_path, n=300, d=6, seed=0):
    """A set of n vectors, and its rows in reverse order."""
    rng = np.random.default_rng(seed)
    vectors = (rng.normal(size=(n, d)) * np.arange(1, d + 1) * 1e6).astype(np.float32)
    hashes = [f"{number:064x}" for number in range(n)]
    own.save(tmp_path / "own", "mine", dict(zip(hashes, vectors, strict=True)))
    names = [f"{each}.png" for each in reversed(hashes)]
    return vectors[::-1], Imported(
        "mine", tmp_path / "own", tmp_path / "f", names, lambda: iter(())
    )


def test_rows_are_the_imported_vectors_in_the_order_of_the_images(tmp_path):
    """Up to one scale for all, whatever their size; the name of the cache has their checksum."""
    vectors, found = imported(tmp_path)
    shares = list(found.fill(("clean",)))
    assert shares == sorted(shares)
    clean = np.array(found.read("clean"), np.float64)
    ratio = clean / vectors
    assert np.allclose(ratio, np.median(ratio), rtol=2e-3)
    assert np.isclose(np.sqrt(np.square(clean).mean()), 1, rtol=1e-3)
    assert found.kept.digest in str(found.rows("clean").path)


def test_views_vary_each_number_by_a_share_of_its_own_spread(tmp_path):
    """A little where they are weak, more where they are strong; two draws differ."""
    _, found = imported(tmp_path, n=2000)
    views = ("clean", "weak", "strong", "strong2")
    list(found.fill(views))
    clean, weak, strong, strong2 = (np.array(found.read(each), np.float64) for each in views)
    for view, share in (
        (weak, NOISE["weak"]),
        (strong, NOISE["strong"]),
        (strong2, NOISE["strong"]),
    ):
        assert np.allclose((view - clean).std(0) / clean.std(0), share, rtol=0.1)
        assert np.allclose((view - clean).mean(0) / clean.std(0), 0, atol=0.1)
    assert not np.array_equal(strong, strong2)


def test_views_come_out_the_same_when_they_are_computed_anew(tmp_path):
    """Noise is seeded by the place."""
    found = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        _, rows = imported(tmp_path / name)
        list(rows.fill(("weak",)))
        found.append(np.array(rows.read("weak")))
    assert np.array_equal(*found)


def columns_that_tell(service: Service, folder, told=True):
    """Vectors in which the class is one direction among noise, or no part at all."""
    images = service.images(limit=-1)
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(len(images), 16)).astype(np.float32)
    if told:
        vectors[:, 5] += [6.0 * (each.name.split()[-1] == "light.png") for each in images]
    np.savez(folder / "v.npz", sha256=np.array([e.sha256 for e in images]), embeddings=vectors)
    return folder / "v.npz"


def round_on(service):
    """Label 24 images truly and run a round; return it with its share right of the others."""
    answer(service, 24)
    service.start_round("logistic", "frozen")
    finish(service)
    done = service.rounds()[-1]
    assert done.state == "done", service.last_job()
    said = service.store.results.predictions(done.number)
    names = {each.id: each.name for each in service.classes()}
    known = {each.image_id for each in service.store.labels.current()}
    asked = [e for e in service.images(limit=-1) if e.id in said and e.id not in known]
    return done, np.mean([names[said[each.id].class_id] == truth(each.name) for each in asked])


@pytest.mark.parametrize(("told", "low", "high"), [(True, 0.9, 1.0), (False, 0.2, 0.8)])
def test_a_round_learns_from_what_was_imported_and_from_nothing_else(tmp_path, told, low, high):
    """The pictures are easy; so chance on vectors that tell nothing shows what was looked at."""
    service = workspace(tmp_path / "w", 60)
    report = service.import_embeddings(columns_that_tell(service, tmp_path, told))
    assert (report.matched, report.missing) == (60, ())
    job = service.active_job()
    if job:
        service.cancel(job.id)
    done, right = round_on(service)
    assert low <= right <= high
    assert done.details.backbone == "embeddings:own"
    assert service.features_in_use() == "imported embeddings, 16 numbers each of 60 images"


def test_a_new_image_without_an_embedding_stops_the_round_with_the_way_out(tmp_path):
    """How many there are, and what brings theirs; another backbone lets it go on."""
    service = workspace(tmp_path / "w", 20)
    service.import_embeddings(columns_that_tell(service, tmp_path))
    picture("dark", 999).save(tmp_path / "late dark.png")
    service.import_source(tmp_path / "late dark.png")
    job = service.active_job()
    if job:
        service.cancel(job.id)
    answer(service, 12)
    service.start_round("logistic", "frozen")
    finish(service)
    failed = service.last_job()
    assert failed.state == "failed"
    assert "1 of 21 images have no embedding among those called 'own'" in failed.error
    assert "--embeddings FILE --as own" in failed.error


def test_the_form_keeps_imported_embeddings_as_its_choice(tmp_path):
    """What holds is offered, so that saving another setting does not change it."""
    from annotator.ui.parts.asked import box

    service = workspace(tmp_path / "w", 4)
    service.import_embeddings(columns_that_tell(service, tmp_path))
    setting = SETTINGS["backbone"]
    drawn = box(setting, service.settings().backbone, service.offered(setting))
    assert drawn["options"][drawn["index"]] == "embeddings:own"
    assert drawn["format_func"]("embeddings:own").endswith("16 numbers each of 4 images")


def test_an_image_without_an_embedding_is_counted(tmp_path):
    """Before anything is computed."""
    _, found = imported(tmp_path, n=5)
    one_more = Imported(
        found.name, found.folder, found.cache, [*found.names, "0.png"], found.pixels
    )
    with pytest.raises(RoundError, match="1 of 6 images have no embedding"):
        list(one_more.fill(("clean",)))


def test_a_document_has_its_own_embedding_and_not_that_of_its_first_page(tmp_path):
    """Two letters with one letterhead lie in one file; their rows are not one."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.pdf").write_bytes(pdf("letterhead", name))
    service = Service.create(tmp_path / "ws", ["letter", "form"])
    service.import_source(folder, documents=True)
    one, two = service.images()
    assert one.stored == two.stored
    table = tmp_path / "vectors.csv"
    table.write_text(f"sha256,x,y\n{one.sha256},1,0\n{two.sha256},0,2\n")
    assert service.import_embeddings(table).matched == 2
    snapshot = take(service.workspace, service.store, 0, [], 10)
    features = Features(
        tmp_path / "f",
        snapshot.files,
        torch.device("cpu"),
        own=service.workspace.own,
        hashes=snapshot.hashes,
    )
    rows = features.embeddings("embeddings:own", 16, "photo")
    list(rows.fill(("clean",)))
    found = np.array(rows.read("clean"), np.float64)
    assert np.allclose(found / found.max(), [[0.5, 0], [0, 1]], atol=1e-3)
    service.close()

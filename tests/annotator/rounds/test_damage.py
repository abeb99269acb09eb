"""Jobs over what the disk has lost, and over images that come while they run."""

import os

import numpy as np
import pytest
from PIL import Image as Picture

from annotator.rounds.prepare import Preparing
from annotator.rounds.train import Training
from annotator.store import Fence
from tests.annotator.small import answer, source, workspace

PARTS = {"prepare": Preparing, "round": Training}


@pytest.fixture
def service(tmp_path):
    opened = workspace(tmp_path / "ws", 40, steps=40)
    answer(opened, 24)
    yield opened
    opened.close()


def steps(service):
    """The steps of the job that waits, done here."""
    job = service.store.jobs.claim("test")
    return PARTS[job.kind](
        service.workspace, service.store, job, Fence(job.id, job.attempt)
    ).steps()


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path):
    """As by a disk that was full, or lost its end."""
    os.truncate(path, path.stat().st_size * 2 // 3)


def late(folder, n):
    """Pictures in color, and of another size: they change what all images have in common."""
    source(folder, n, kinds=("striped",))
    for number, path in enumerate(sorted(folder.iterdir())):
        red = np.asarray(Picture.open(path).convert("RGB")).copy()
        red[:, :, 1:] //= 2 + number % 3
        Picture.fromarray(red).resize((40, 24)).save(path)
    return folder


@pytest.mark.parametrize("regime", ["frozen", "finetune"])
@pytest.mark.parametrize("kind", ["prepare", "round"])
def test_a_job_sees_the_images_that_it_began_with(service, tmp_path, kind, regime):
    """An import after each of its first steps, in color and of another size: it ends all the same.

    The job after it looks at all of them.
    """
    if kind == "round":
        service.start_round("supervised", regime)
    else:
        service.prepare()
    for number, _ in enumerate(steps(service)):
        if number in (0, 1, 2, 5, 9):
            service.import_source(late(tmp_path / f"late {number}", number + 1))
    done = service.store.jobs.last(kind)
    assert done.state == "done"
    newest = service.store.images.newest()
    assert newest > 40
    assert service.explore.near_duplicates().unsearched == newest - 40
    if kind == "round":
        assert max(service.store.results.predictions(1)) <= 40
    while service.active_job():
        for _ in steps(service):
            pass
    service.start_round("supervised", regime)
    for _ in steps(service):
        pass
    last = service.rounds()[-1]
    assert (last.state, last.details.channels) == ("done", 3)
    assert max(service.store.results.predictions(last.number)) > 40
    assert service.explore.near_duplicates().unsearched == 0


@pytest.mark.parametrize("harm", [flip, cut])
def test_a_damaged_checkpoint_is_set_aside_and_the_round_begins_anew_and_says_so(service, harm):
    """A round that was killed finds its checkpoint with one wrong bit, or cut short."""
    service.start_round("supervised", "finetune")
    begun = steps(service)
    for step in begun:
        if step.point and step.point.step >= 20:
            break
    begun.close()
    folder = service.workspace.round_folder(1)
    harmed = list(folder.rglob("*.pt"))
    assert harmed
    for path in harmed:
        harm(path)
    service.store.db.run("UPDATE job SET lease_until = 1")
    said = [step.message for step in steps(service)]
    assert "weights on the disk were damaged: training starts anew" in said
    [done] = service.rounds()
    assert done.state == "done"
    assert done.details.anew == tuple(sorted(path.name for path in harmed))


def test_damaged_weights_of_an_earlier_round_are_not_started_from(service):
    """The next round starts cold where the bit is wrong, and warm where it is not."""
    answer(service, 16, first=50)
    service.start_round("supervised", "finetune")
    for _ in steps(service):
        pass
    flip(service.workspace.round_folder(1) / "ssl.pt")
    service.start_round("supervised", "finetune")
    for _ in steps(service):
        pass
    second = service.rounds()[-1]
    assert (second.state, second.details.warm, second.details.anew) == ("done", 1, ("ssl.pt",))


@pytest.mark.parametrize("whole", [False, True])
def test_maps_and_neighbors_of_which_the_file_is_damaged_are_none_yet(service, whole):
    """The pages show what they show before the first round; the next one draws them anew."""
    for path in (service.workspace.map, service.workspace.embeddings):
        path.write_bytes(b"\x93NUMPY garbage")
        if whole:
            np.save(path, np.zeros((40, 3)))
            cut(path)
    assert service.explore.points() == []
    with pytest.raises(Exception, match="Nobody has looked"):
        service.explore.like(1)

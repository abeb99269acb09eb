"""What an import comes to is what it comes to, and nobody waits while it is worked out."""

import random

import pytest

from annotator.importing.found import Found
from annotator.importing.run import foresee
from annotator.importing.writing import pieces
from annotator.importing.writing.plan import plan
from annotator.model import Agreed, NewImage, Settings, Told
from annotator.service import Service
from tests.annotator.small import source, workspace


def made(number, told):
    """A source of images that nobody has seen, each told of by its number."""
    found = Found(grouped="by hand", files=number)
    for each in range(number):
        sha = f"{each:064x}"
        found.images[sha] = NewImage(sha, f"{each}.png", f"images/00/{sha}.png", 8, 8)
        if each in told:
            found.told[sha] = [(f"{each}.png", told[each])]
    return found


def test_an_import_is_foreseen_while_another_writes(tmp_path):
    """The lock is held all the while, by another connection: reading needs none."""
    service = workspace(tmp_path / "ws", 4)
    found = service.read_source(source(tmp_path / "more", 9))
    other = Service.open(tmp_path / "ws")
    with other.store.db.immediate():
        other.store.db.run("UPDATE setting SET value = value")
        report = service.foresee(found)
    assert (report.added, report.duplicates, report.written) == (5, 4, False)
    assert service.store.images.count() == 4
    assert service.take_in(found).added == 5


@pytest.mark.parametrize("seed", range(6))
def test_what_is_foreseen_of_groups_and_splits_is_what_is_there_then(tmp_path, seed):
    """Two imports of random groups, of which images of the first join some: counted by the rows."""
    service = Service.create(tmp_path / "ws", ["dark", "light"], Settings(test_share=0.4))
    rng = random.Random(seed)
    agreed = Agreed(keep_splits=True)

    def told():
        group, part = rng.choice(["", "a", "b", "c", "d"]), rng.choice(["", "train", "test"])
        return Told(label=rng.choice(["dark", "light", None]), group=group, part=part)

    for number in (20, 50):
        found = made(number, {each: told() for each in range(number)})
        before = service.store.images.count()
        foreseen = foresee(service.store, service.workspace, found, agreed)
        work = plan(service.store, service.workspace, found, agreed)
        pieces.write(service.store, work)
        done = work.report(written=True)
        images = service.store.images
        assert {**_told(foreseen), "written": True} == _told(done)
        assert done.added == images.count() - before
        assert done.both == sum(len(splits) > 1 for splits in images.sides().values())
        assert done.test == sum(each > before for each in images.ids("test"))
        here = images.groups()
        assert done.elsewhere == sum(here[sha] != group for sha, group in work.groups.items())


def _told(report):
    return {name: getattr(report, name) for name in report.__dataclass_fields__}

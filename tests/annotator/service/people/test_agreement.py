"""How far people agree is measured on what each of them said first, and blind."""

import itertools
from dataclasses import replace

from annotator.model import Person
from tests.annotator.small import event, workspace


def test_agreement_is_of_first_blind_answers(tmp_path):
    """What was changed later, seen before, taken back, settled or imported is none of them."""
    made = workspace(tmp_path / "ws", 12)
    images = made.images(limit=12)
    seq = itertools.count(1)

    def says(image, who, name, **more):
        one = event(made, image, seq=next(seq), client=who, name=name)
        made.record([replace(one, seconds=1000.0 if who == "zoe" else 2.0, **more)], who)

    for image in images[:6]:
        says(image, "anna", "dark")
        says(image, "ben", "light" if image.id == 2 else "dark")
    says(images[2], "ben", "light")  # changed his mind
    says(images[6], "anna", "dark")
    says(images[6], "zoe", "light", suggestion_shown=True)
    says(images[7], "anna", "dark")
    says(images[7], "import", "light", source="imported")
    says(images[8], "anna", "dark")
    made.acting(Person("kim", "reviewer")).answer_anew([images[8].id], 2)
    says(images[9], "zoe", "dark")
    found = made.agreement()
    [pair] = found.pairs
    assert (pair.first, pair.second, pair.same, pair.kappa.images) == ("anna", "ben", 5, 6)
    assert found.confused == ((1, 2, 1),)
    assert {each.annotator: (each.labels, each.seconds) for each in found.work} == {
        "anna": (9, 18.0), "ben": (7, 14.0), "zoe": (1, 120.0),
    }  # fmt: skip
    made.record([event(made, images[1], "undo", seq=1, client="anna's")], "anna")
    assert made.agreement().pairs[0].kappa is None, "they say the same of all that is left"
    made.close()

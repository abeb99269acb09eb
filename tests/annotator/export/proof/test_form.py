"""Evidence that is not as it should be: one sentence, with the name of the part."""

import builtins
import copy
import json
import re
import shutil
from pathlib import Path
from unittest.mock import patch

import pytest

from annotator.auditing import planning
from annotator.errors import ExportError
from annotator.export.proof import record
from annotator.export.proof.verify import verify
from annotator.model.auditing.plans import Offer, Terms
from tests.annotator import audits
from tests.annotator.export.proof import certified, several

ODD = (None, True, -1, 1.5, 10**30, "x", "", [], {}, [{}], {"k": []})
# Python's own words, that nobody should have to read
NAMES = "|".join(each for each in vars(builtins) if each.endswith(("Error", "Exception")))
WORDS = re.compile(rf"\b({NAMES}|Traceback|NoneType)\b|object is|not subscript|invalid literal")
# What a part that is gone leaves as it was: none is what was there before
MAY_BE_GONE = {"extends", "expert.answers"}


def by_group(root):
    """A certified export of an average group."""
    service = audits.ready(root / "work", 120)
    service.store.db.run("UPDATE image SET in_group = 'patient ' || (id / 3)")
    return exported(service, root, Terms("0.9", "0.9", by="group"))


def onward(root):
    """A certified export that goes on from an audit of the first 80 rows."""
    service = audits.ready(root / "work", 200)
    with patch.object(planning, "as_offer", lambda found: Offer(found.m, 80, 0, 3, 0.5, 0.9)):
        service.certify.begin(50, audits.TERMS)
    audits.answer(service)
    service.certify.close()
    service.certify.go_on(50)
    return exported(service, root)


def exported(service, root, terms=None):
    """The export of an audit that is answered by the truth."""
    if terms:
        service.certify.begin(70, terms)
    audits.answer(service)
    service.certify.close()
    service.export(root / "export", certified=True)
    service.close()
    return root / "export"


MAKERS = {
    "plain": lambda root: certified.make(root / "export", planted=10),
    "several": several.make,
    "by group": by_group,
    "onward": onward,
}


@pytest.fixture(scope="module", params=MAKERS)
def made(request, tmp_path_factory):
    return MAKERS[request.param](tmp_path_factory.mktemp(request.param))


def places(told, at=()):
    """The place of every part; of a list the first and the last alone."""
    if at:
        yield at
    keys = told if isinstance(told, dict) else ()
    if isinstance(told, list) and told:
        keys = {0, len(told) - 1}
    for key in keys:
        yield from places(told[key], (*at, key))


def named(at):
    """A place as sentences have it, of whichever item of a list."""
    return re.sub(r"\.?<>", "[]", ".".join("<>" if isinstance(each, int) else each for each in at))


def replaced(evidence, at, value):
    """The evidence with another value at a place; without the place where there is none."""
    found = copy.deepcopy(evidence)
    *way, last = at
    inside = found
    for each in way:
        inside = inside[each]
    if value is GONE:
        del inside[last]
    else:
        inside[last] = value
    return found


GONE = object()


def said(folder):
    """What a verification says, and whether it holds."""
    try:
        steps = verify(folder)
    except ExportError as problem:
        return [str(problem)], False
    return [each.told for each in steps], all(each.holds is not False for each in steps)


def test_whatever_is_gone_or_another_thing_is_told_in_words_and_fails(made, tmp_path):
    """Every part in turn, in place of which stands nothing, or anything."""
    folder = Path(shutil.copytree(made, tmp_path / "export"))
    evidence = json.loads((folder / record.EVIDENCE).read_text(encoding="utf-8"))
    assert said(folder)[1]
    for at in places(evidence):
        was = evidence
        for each in at:
            was = was[each]
        others = [each for each in ODD if type(each) is not type(was)]
        for value in (GONE, *others) if isinstance(at[-1], str) else others:
            record_at = folder / record.EVIDENCE
            record_at.write_text(json.dumps(replaced(evidence, at, value)), encoding="utf-8")
            sentences, holds = said(folder)
            assert not [each for each in sentences if WORDS.search(each)]
            if not (value is GONE and named(at).removeprefix("extends.") in MAY_BE_GONE):
                assert not holds, (at, value)

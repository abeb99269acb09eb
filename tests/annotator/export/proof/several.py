"""A certified export of three classes, as the service writes one, to be copied and changed."""

from pathlib import Path

from annotator.model.auditing.plans import Terms
from tests.annotator import audits, invented, small

TERMS = Terms(target="0.8", confidence="0.8", each=small.KINDS)


def says(image):
    """True but for each twelfth, which is taken for the next kind; the first are the surest."""
    name, sure = invented.truly(image)
    wrong = small.KINDS[(small.KINDS.index(name) + 1) % 3]
    return (wrong if image.id % 12 == 0 else name), sure


def make(root: Path) -> Path:
    """Audit three classes, answered by the truth, and export them; return the export."""
    service = audits.ready(root / "work", 240, says, kinds=small.KINDS)
    service.certify.begin(service.certify.outlook(TERMS).offers[-1].labels, TERMS)
    audits.answer(service)
    service.certify.close()
    service.export(root / "export", certified=True)
    service.close()
    return root / "export"

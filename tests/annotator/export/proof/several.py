"""A certified export of three classes, as the service writes one, to be copied and changed."""

import secrets
from pathlib import Path
from unittest.mock import patch

from annotator.model.auditing.plans import Terms
from tests.annotator import audits, invented, small

TERMS = Terms(target="0.8", confidence="0.8", each=small.KINDS)
SEED = 2**100 + 7


def says(image):
    """True but for each twelfth, which is taken for the next kind; the first are the surest."""
    name, sure = invented.truly(image)
    wrong = small.KINDS[(small.KINDS.index(name) + 1) % 3]
    return (wrong if image.id % 12 == 0 else name), sure


def make(root: Path) -> Path:
    """Audit three classes, answered by the truth, and export them; return the export."""
    service = audits.ready(root / "work", 240, says, kinds=small.KINDS)
    labels = service.certify.outlook(TERMS).offers[-1].labels
    with patch.object(secrets, "randbits", lambda _: SEED):  # the same export each time
        service.certify.begin(labels, TERMS)
    audits.answer(service)
    service.certify.close()
    service.export(root / "export", certified=True)
    service.close()
    return root / "export"

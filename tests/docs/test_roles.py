"""The page on who may do what has the table that is kept."""

import re

from annotator.model import ROLES
from annotator.service.people.roles import MAY
from tests.docs.pages import DOCS


def test_the_page_has_every_line_of_the_table():
    """What each act is called there, and a yes for each role that may."""
    text = (DOCS / "roles.md").read_text()
    assert f"| to | {' | '.join(ROLES)} |" in text
    rows = re.findall(r"^\| ([^|]+) \| (yes|no) \| (yes|no) \| (yes|no) \|$", text, re.MULTILINE)
    wanted = [
        (rule.does, *("yes" if role in rule.roles else "no" for role in ROLES))
        for rule in MAY.values()
    ]
    assert rows == list(dict.fromkeys(wanted))

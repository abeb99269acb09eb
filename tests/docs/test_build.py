"""The documentation as it is published: it builds, whole, and stays on this machine."""

import re
import subprocess
import sys

from tests.docs.pages import DOCS, exported


def test_the_documentation_builds_strictly_and_needs_no_network(tmp_path):
    """No warning, and no page fetches a script, style, font or image from elsewhere."""
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-d", tmp_path / "trees",
         DOCS, tmp_path / "site"],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    api = (tmp_path / "site" / "api.html").read_text()
    assert [name for name in exported() if f'id="ssl_core.{name}"' not in api] == []
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) >= len(list(DOCS.rglob("*.md")))
    fetched = r'<(?:script|img|link|iframe)\b[^>]*(?:src|href)="(?:https?:)?//[^"]*"'
    assert [found for page in pages for found in re.findall(fetched, page.read_text())] == []

"""Charts are drawn without what takes seconds to load and is never asked."""

import subprocess
import sys

from tests.docs.pages import ROOT

SLOW = "raise AssertionError('it was loaded')"
LOOKS = """
import sys
sys.path.insert(0, {folder!r})
from annotator.ui.parts import charts
assert "altair" in sys.modules
try:
    import rfc3987_syntax
except AssertionError:
    print("whoever asks for it finds it")
"""


def test_no_chart_loads_what_checks_addresses(tmp_path):
    """Beside a package of that name; whoever wants it later gets it."""
    (tmp_path / "rfc3987_syntax.py").write_text(SLOW)
    ran = subprocess.run(
        [sys.executable, "-c", LOOKS.format(folder=str(tmp_path))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == "whoever asks for it finds it\n", ran.stderr


def test_one_module_alone_takes_altair_in():
    """Another one would take along what this one leaves out."""
    files = (ROOT / "annotator").rglob("*.py")
    found = [each for each in files if "import altair" in each.read_text()]
    assert found == [ROOT / "annotator" / "ui" / "web" / "vega.py"]

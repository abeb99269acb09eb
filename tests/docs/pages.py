"""Where the documentation lies, and what is code in it."""

import re
import subprocess
from pathlib import Path

import ssl_core

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TOP = [
    ROOT / name
    for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/README.md")
]
PAGES = [*TOP, *sorted(DOCS.rglob("*.md"))]


def code(text: str) -> list[str]:
    """Lines of fenced blocks, and inline code, as they stand."""
    fenced = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [line for block in fenced for line in block.splitlines()] + re.findall(
        r"`([^`]+)`", rest
    )


def exported() -> dict[str, object]:
    """What ssl_core exports; the classes of methods and recipes have pages of their own."""
    return {name: getattr(ssl_core, name) for name in ssl_core.__all__}


def tracked() -> list[Path]:
    """Every file that git has or would take; without git, every file that is not hidden."""
    if not (ROOT / ".git").exists():
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        return sorted(
            ROOT / path
            for path in found
            if (ROOT / path).is_file()
            and not any(part[0] == "." or part == "__pycache__" for part in path.parts)
        )
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = {ROOT / name for name in listed.stdout.decode().split("\0") if name}
    return sorted(path for path in paths if path.is_file())

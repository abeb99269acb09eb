"""One file for each run: the machine, the version, and of each benchmark its cost and tables."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

HISTORY = Path(__file__).parents[1] / "history"
RULE = re.compile(r"\|[\s:|-]+\|")  # the line below the head of a table in Markdown


def machine() -> dict[str, object]:
    """What is measured, and on what."""
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "certilabel": version("certilabel"),
        "revision": _revision(),
        "threads": os.environ.get("OMP_NUM_THREADS", ""),
    }


def _revision() -> str:
    """The commit that lies here, with a + if something was changed since; empty without one."""
    git = ["git", "-C", str(HISTORY.parent), "describe", "--always", "--exclude=*", "--dirty=+"]
    try:
        return subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def tables(text: str) -> Iterator[dict[str, Any]]:
    """Each table of a text in Markdown: its head, and its rows."""
    lines = [line.strip() for line in text.splitlines()]
    place = 0
    while place + 1 < len(lines):
        if not (lines[place].startswith("|") and RULE.fullmatch(lines[place + 1])):
            place += 1
            continue
        head, rows = _cells(lines[place]), []
        place += 2
        while place < len(lines) and lines[place].startswith("|"):
            rows.append(_cells(lines[place]))
            place += 1
        yield {"head": head, "rows": rows}


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def write(
    ran: Mapping[str, Mapping[str, Any]],
    scale: str,
    told: Mapping[str, object],
    folder: Path = HISTORY,
) -> Path:
    """Keep a run, or what there is of it by now; return its file.

    Args:
        ran: benchmark -> "cpu" and "wall" in seconds, its "status", and what it has "printed".
        scale: "small" or "full"; only runs of one scale compare.
        told: the `machine` as the run began.
        folder: where it is kept.
    """
    found = {
        name: {
            **{key: value for key, value in each.items() if key != "printed"},
            "tables": list(tables(each["printed"])),
        }
        for name, each in ran.items()
    }
    moment = re.sub(r"[-:]", "", str(told["at"]))
    file = folder / f"{moment}-{told['revision'] or told['certilabel']}-{scale}.json"
    folder.mkdir(exist_ok=True)
    whole = {"machine": told, "scale": scale, "benchmarks": found}
    file.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return file

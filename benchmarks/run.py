"""Run the benchmarks beside this file one after the other; each prints its own table.

`python benchmarks/run.py` runs at small scale what takes minutes, `--full` all at the sizes of the
documentation, and `NAME …` those that are named, likewise. A run of all is kept in
`benchmarks/history/`, from which `python docs/history_picture.py` draws costs by version.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
NOT_HERE = 77  # the status of a benchmark that needs what this machine has not
# At which sizes all of it takes ten minutes of two calm cores; what is not named here is left out
SMALL: Mapping[str, Sequence[str]] = {
    "acquisition_speed": (),
    "certificate": ("--kinds", "invented", "--labels", "200", "--audits", "200"),
    "embedding": ("--images", "128", "--rounds", "2"),
    "growth": ("--images", "1000", "10000"),
    "importing": (),
    "labeler": ("--labels", "60", "--scans", "20", "--presses", "60"),
    "neighbors": ("--most", "20000"),
    "rounds": ("--regime", "frozen"),
    "step": ("--rounds", "3"),
}
Ran = dict[str, Any]


def benchmarks() -> dict[str, Path]:
    """Every benchmark by name: the Python files beside this one."""
    files = sorted(FOLDER.glob("*.py"))
    return {
        path.stem: path for path in files if path.name not in (Path(__file__).name, "__init__.py")
    }


def unknown(names: Sequence[str], known: Mapping[str, Path]) -> str:
    """What to say of the first name that no benchmark has; empty if each has one."""
    for name in names:
        if name not in known:
            guess = get_close_matches(name, known, n=1)
            meant = f" Did you mean '{guess[0]}'?" if guess else ""
            return f"No benchmark named '{name}'.{meant} Choose of: {', '.join(known)}."
    return ""


def run(path: Path, options: Sequence[str]) -> Ran:
    """Run one in a process of its own: its memory and threads are its own, a crash ends only it."""
    before, begun = _spent(), time.perf_counter()
    printed = []
    with subprocess.Popen(
        [sys.executable, path, *options], stdout=subprocess.PIPE, text=True, encoding="utf-8",
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as running:  # fmt: skip
        assert running.stdout
        for line in running.stdout:
            print(line, end="", flush=True)
            printed.append(line)
    return {
        "status": running.returncode,
        "cpu": round(_spent() - before, 2),
        "wall": round(time.perf_counter() - begun, 2),
        "options": list(options),
        "printed": "".join(printed),
    }


def _spent() -> float:
    """Seconds of a processor of all that was run and has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def keeping(scale: str) -> Callable[[dict[str, Ran]], Path]:
    """What keeps a run that begins now, again after each benchmark: a full one takes hours."""
    from recording.kept import machine, write

    told = machine()
    return lambda ran: write(ran, scale, told)


def main(given: Sequence[str]) -> int:
    """Run the named benchmarks, or all; return how many failed, or 2 for an unknown name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="those to run; all by default")
    parser.add_argument("--full", action="store_true", help="at the sizes of the documentation")
    chosen = parser.parse_args(given)
    known = benchmarks()
    if wrong := unknown(chosen.names, known):
        print(wrong, file=sys.stderr)
        return 2
    names = chosen.names or [each for each in known if chosen.full or each in SMALL]
    ran: dict[str, Ran] = {}
    file, keep = None, None if chosen.names else keeping("full" if chosen.full else "small")
    for name in names:
        print(f"\n# {name}\n", flush=True)
        # Whoever names one has all of it
        small = () if chosen.full or chosen.names else SMALL[name]
        ran[name] = run(known[name], small)
        file = keep(ran) if keep else None
    left_out = [name for name, each in ran.items() if each["status"] == NOT_HERE]
    failed = [name for name, each in ran.items() if each["status"] not in (0, NOT_HERE)]
    if file:
        print(f"\nKept: {file}", file=sys.stderr)
    if left_out:
        print(f"\nNot run, for want of what it needs: {', '.join(left_out)}", file=sys.stderr)
    if failed:
        print(f"\nFailed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

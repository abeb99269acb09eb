"""Run the benchmarks beside this file one after the other; each prints its own table.

`python benchmarks/run.py` runs all of them, `python benchmarks/run.py NAME …` those that are named.
"""

from __future__ import annotations

import subprocess
import sys
from difflib import get_close_matches
from pathlib import Path

FOLDER = Path(__file__).parent
NOT_HERE = 77  # the status of a benchmark that needs what this machine has not


def benchmarks() -> dict[str, Path]:
    """Every benchmark by name: the Python files beside this one."""
    files = sorted(FOLDER.glob("*.py"))
    return {
        path.stem: path for path in files if path.name not in (Path(__file__).name, "__init__.py")
    }


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; return how many failed, or 2 for an unknown name."""
    known = benchmarks()
    for name in names:
        if name not in known:
            guess = get_close_matches(name, known, n=1)
            meant = f" Did you mean '{guess[0]}'?" if guess else ""
            print(
                f"No benchmark named '{name}'.{meant} Choose of: {', '.join(known)}.",
                file=sys.stderr,
            )
            return 2
    failed, left_out = [], []
    for name in names or known:
        print(f"\n# {name}\n", flush=True)
        # Each in its own process: its memory and threads are its own, and a crash ends only it
        status = subprocess.run([sys.executable, known[name]], check=False).returncode
        if status:
            (left_out if status == NOT_HERE else failed).append(name)
    if left_out:
        print(f"\nNot run, for want of what it needs: {', '.join(left_out)}", file=sys.stderr)
    if failed:
        print(f"\nFailed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

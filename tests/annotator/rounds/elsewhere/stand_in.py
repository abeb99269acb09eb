"""What stands in for a driver: `stand_in.py FOLDER PARENT` does as the order's backbone says."""

import subprocess
import sys
import time
from pathlib import Path

from annotator.rounds.elsewhere.order import DONE, NOT_STARTED, WRONG, Order

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def main() -> None:
    """Be silent, with a process of another group beside it; or fail, with words or without.

    Or find that Ray is not there in time, with all that it has started, so many times.
    """
    folder = Path(sys.argv[1])
    does = Order.read(folder).backbone
    if does in ("silent", "connected"):
        beside = subprocess.Popen(SLEEP, process_group=0)
        (folder / "beside").write_text(str(beside.pid))
        if does == "connected":
            (folder / DONE).write_text("connected\n")
        time.sleep(600)
    if does.startswith("late"):
        times = folder / "times"
        tried = len(times.read_text()) if times.exists() else 0
        times.write_text("x" * (tried + 1))
        if tried == int(does.removeprefix("late")):
            sys.exit(0)
        with (folder / "beside").open("a") as file:
            print(subprocess.Popen(SLEEP, process_group=0).pid, file=file)
        (folder / WRONG).write_text("Ray did not start.")
        sys.exit(NOT_STARTED)
    if does == "fails":
        (folder / WRONG).write_text("The node n has another version.")
    sys.exit(3)


if __name__ == "__main__":
    main()

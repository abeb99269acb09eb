"""What stands in for a driver: `stand_in.py FOLDER PARENT` does as the order's backbone says."""

import subprocess
import sys
import time
from pathlib import Path

from annotator.rounds.elsewhere.order import DONE, WRONG, Order

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def main() -> None:
    """Be silent, with a process of another group beside it; or fail, with words or without."""
    folder = Path(sys.argv[1])
    does = Order.read(folder).backbone
    if does in ("silent", "connected"):
        beside = subprocess.Popen(SLEEP, process_group=0)
        (folder / "beside").write_text(str(beside.pid))
        if does == "connected":
            (folder / DONE).write_text("connected\n")
        time.sleep(600)
    if does == "fails":
        (folder / WRONG).write_text("The node n has another version.")
    sys.exit(3)


if __name__ == "__main__":
    main()

"""The driver, slower by a moment a shard: something can be killed in the middle of its work."""

import sys
import time

from annotator.rounds.elsewhere import driver

SECONDS = 0.1


class Slow(driver.Written):
    """Waits before it keeps what came."""

    def shard(self, shard, rows):
        time.sleep(SECONDS)
        super().shard(shard, rows)


if __name__ == "__main__":
    driver.Written = Slow
    sys.exit(driver.main())

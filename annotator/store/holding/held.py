"""How long an image is held without a word from its page, and the conditions that say so."""

from __future__ import annotations

import os

# Without a word from its page for so long, an image is free again. Tests make it shorter
SILENCE_SECONDS = float(os.environ.get("CERTILABEL_SILENCE") or 16)
BEATS = 4  # words that a living page gives meanwhile: three of them may get lost
AHEAD = 12  # images that a page holds at most
KEPT_HELD = 3  # images of an open page that a new order leaves as they are

# A lease that would last for longer was given by a clock that has been put back since: it is none
LIVES = f"until BETWEEN :now AND :now + {2 * SILENCE_SECONDS}"
HELD = f"holder IS NOT NULL AND {LIVES}"

# What each open page shows now and next
AT_HAND = f"""SELECT image_id FROM
    (SELECT image_id, ROW_NUMBER() OVER (PARTITION BY holder ORDER BY position) AS place
     FROM queue WHERE {HELD}) WHERE place <= :kept
    UNION SELECT shown FROM open_page WHERE {LIVES} AND shown IS NOT NULL"""

"""Where a round computes: one at a time on a card, whosever workspace it is of; its memory."""

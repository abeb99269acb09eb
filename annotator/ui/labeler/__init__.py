"""The keyboard-first labeler: a queue in the page, numbered answers."""

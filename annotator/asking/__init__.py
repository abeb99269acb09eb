"""Which image is asked next, what becomes of an answer, and looking around."""

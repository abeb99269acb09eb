"""What becomes of what a source tells: its labels, its division and its groups."""

"""From what was found to what is written: copies on the disk, then rows a few at a time."""

"""The database as one file: copied while it is in use, and judged as a whole."""

"""How long jobs and their parts took."""

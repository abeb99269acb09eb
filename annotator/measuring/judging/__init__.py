"""How far one round can be trusted, from rows and counts."""

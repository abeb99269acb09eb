"""How long background work takes, in parts."""

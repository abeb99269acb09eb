"""The commands that keep running, and the address at which one of them listens."""

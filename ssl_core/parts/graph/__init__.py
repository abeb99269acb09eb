"""The graph that joins like rows, and what is carried along it."""

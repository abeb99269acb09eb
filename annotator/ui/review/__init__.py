"""Looking through pseudo-labels: a grid that is answered by keys."""

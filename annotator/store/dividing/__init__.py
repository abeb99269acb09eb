"""Which images are set apart to measure with."""

"""Which images are set apart to measure with, and to validate with."""

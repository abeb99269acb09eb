"""The parts of the page Quality that look at one round."""

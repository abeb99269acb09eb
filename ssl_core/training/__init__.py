"""Training of one network by one method."""

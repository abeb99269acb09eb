"""The bridge from stored rows to training and back; the only room that knows torch."""

"""Writing the labeled data set."""

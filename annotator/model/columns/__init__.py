"""What there is of every image, without an object for each."""

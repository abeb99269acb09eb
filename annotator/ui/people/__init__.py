"""What is drawn of several people who label the same images."""

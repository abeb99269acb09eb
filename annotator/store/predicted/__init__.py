"""What a round says of images, as the database keeps it."""

"""What is beside the form of the Export page."""

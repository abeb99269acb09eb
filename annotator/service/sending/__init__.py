"""What was exported, for a browser to take along."""

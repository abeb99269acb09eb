"""Features that were computed elsewhere and imported."""

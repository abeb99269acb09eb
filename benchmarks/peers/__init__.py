"""Libraries that are measured beside ours; none is a dependency."""

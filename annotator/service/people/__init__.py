"""Who is before the pages, and what they may do."""

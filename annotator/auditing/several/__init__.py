"""Several classes in one audit: each with its own order, plan and draw, all promised at once."""

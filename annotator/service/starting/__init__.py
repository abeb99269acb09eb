"""Coming back to a workspace: what to do next, and what happened meanwhile."""

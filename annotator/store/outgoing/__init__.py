"""Reading what leaves the workspace, of any size, row by row."""

"""The evidence beside a certified export, and whether it proves what it says."""

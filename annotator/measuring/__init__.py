"""How right the models are, and when to stop."""

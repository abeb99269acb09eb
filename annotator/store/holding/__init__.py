"""Which open page holds which images of the queue, and for how long."""

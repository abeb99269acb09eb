"""What is seen of a round beside its accuracy: confidence, change, baseline, classes."""

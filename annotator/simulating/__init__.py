"""An annotator who knows the answers, to measure what the loop needs."""

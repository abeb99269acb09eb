"""Random predictions, drawn as logits."""

import numpy as np


def softmax(logits):
    """The probabilities (..., C) of logits (..., C)."""
    wide = np.asarray(logits, float)
    p = np.exp(wide - wide.max(-1, keepdims=True))
    return p / p.sum(-1, keepdims=True)

"""Generators run to their end."""


def listen(run):
    """Run to the end; return the events and the predictor."""
    events = []
    while True:
        try:
            events.append(next(run))
        except StopIteration as end:
            return events, end.value

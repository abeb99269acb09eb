"""What names come to is told for any stretch of rows."""

import hashlib

from annotator.project.names import DIGITS, Names


def test_each_row_has_the_digits_of_its_own_name():
    """Worked out name by name."""
    names = [f"{number}.png" for number in range(20)]
    made = Names(iter(names))
    each = [hashlib.blake2b(name.encode()).hexdigest()[:DIGITS] for name in names]
    assert len(made) == 20
    assert made.between(0, 20) == "".join(each)
    assert made.between(3, 5) == each[3] + each[4]

"""How long something will take, from how long its like took."""

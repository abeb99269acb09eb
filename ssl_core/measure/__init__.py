"""How right predictions are, how sure they should be, and what an audit proves of them."""

"""What pages say, in the language of whoever reads: a table a language, keyed by the English."""

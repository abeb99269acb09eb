"""Looking at a source before it is read, and at how far the reading is."""

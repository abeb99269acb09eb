"""From stored images to pixels, and to addresses that carry their own permission."""

"""An import on the page *Data*, from the look at a source to what came of it."""

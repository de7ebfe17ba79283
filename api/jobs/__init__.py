"""Work that takes longer than a request: asked for on a page, done in the background, once."""

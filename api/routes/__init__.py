"""The routes: body in, one call to the store, object out."""

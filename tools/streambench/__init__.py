"""Parts of `make bench-streams`."""

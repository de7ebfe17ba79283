"""What `make bench-server` measures with."""

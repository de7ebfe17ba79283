"""A clinic's whole server set-up on one computer, from nothing; see `tools/server_demo.py`."""

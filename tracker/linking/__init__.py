"""Sending what was trained here to a clinic: now, later, or piece by piece."""

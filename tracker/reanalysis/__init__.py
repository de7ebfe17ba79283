"""Stored recordings once more through the present engine."""

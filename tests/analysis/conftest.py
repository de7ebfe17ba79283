"""Drawn examples have no deadline: the first one pays for imports, and machines are shared."""

from hypothesis import settings

settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")

"""Storing and serving results: HTTP, the database, and the pages that show what is in it."""

from api.app import create_app
from api.db import migrate, open_engine, transaction
from api.errors import ApiError
from api.settings import ApiSettings

__all__ = ["ApiError", "ApiSettings", "create_app", "migrate", "open_engine", "transaction"]

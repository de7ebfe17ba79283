"""The history of the tables, for Alembic; `api.migrate` runs it."""

"""What Alembic runs for every command: it works on the connection that `api.db` hands over."""

from alembic import context
from sqlalchemy import Connection

from api.access import rows as access_rows  # noqa: F401  (their tables are in the same metadata)
from api.care import rows as care_rows  # noqa: F401
from api.models import Row
from api.needs import rows as need_rows  # noqa: F401

connection = context.config.attributes["connection"]
assert isinstance(connection, Connection)  # noqa: S101 (says what api.db.alembic_config put there)

context.configure(
    connection=connection,
    target_metadata=Row.metadata,
    render_as_batch=True,  # SQLite cannot alter a table in place
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()

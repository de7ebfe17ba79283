"""The whole app on a database of its own, for tests of the live page."""

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from api import ApiSettings, migrate, open_engine
from tests.browser import serve
from tracker.app import create_app
from tracker.live import LiveHub


@contextmanager
def open_database():
    """A new database, brought up by the migrations; gives its engine."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/tempo90.sqlite"
        migrate(url)
        engine = open_engine(url)
        try:
            yield engine
        finally:
            engine.dispose()


def app_on(engine, hub=None):
    """The app on a database, with recordings beside it."""
    recordings = Path(engine.url.database).parent / "recordings"
    return create_app(engine, ApiSettings(recordings_dir=recordings), hub or LiveHub())


@contextmanager
def serve_live(engine, hub=None):
    """A running server; gives the address of its live page."""
    with serve(app_on(engine, hub)) as address:
        yield f"{address}/live"

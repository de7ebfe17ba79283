"""A browser and a page that trains; a file with another site has a fixture of its own."""

import pytest

from tests.browser import open_browser, open_page, serve
from tests.flow.train_site import Training
from tests.tracker.live_site import app_on, open_database
from tracker.live import LiveHub


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def site():
    """The address of a server that trains, and its hub."""
    hub = LiveHub()
    with open_database() as engine, serve(app_on(engine, hub)) as address:
        yield address, hub


@pytest.fixture
def training(browser, site):
    address, hub = site
    with open_page(browser, locale="nl-NL") as page:
        yield Training(page, hub, address)

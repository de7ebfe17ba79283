"""A sitting over the virtual radio, trained once for all tests of re-analysis."""

import json

import pytest

from tests.tracker.coach_builders import a_plan
from tests.tracker.training_builders import a_room
from tracker.virtual_radio import run_virtually


@pytest.fixture(scope="session")
def sitting(tmp_path_factory):
    """Two sets of three: the document and the recording."""
    folder = tmp_path_factory.mktemp("sitting")

    async def train():
        async with a_room(folder, a_plan(sets=2, reps=3, rest_s=20.0)) as room:
            return await room.training.run()

    outcome = run_virtually(train())
    return json.loads(outcome.path.read_text()), outcome.path.with_suffix(".mcap")

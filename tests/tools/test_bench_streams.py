import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def parts(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    from streambench import parts  # noqa: PLC0415  # found by the line above

    yield parts
    for name in [one for one in sys.modules if one.startswith("streambench")]:
        del sys.modules[name]


def test_every_part_of_a_stream_has_a_cost_and_the_samples_go_through_all(parts):
    found = parts.cost_of_parts(3.0)

    assert set(found) == {"numbers, decoder", "timeline", "engine", "recording"}
    assert all(cost_ms > 0 for cost_ms in found.values())

import asyncio
import logging

import pytest

from tests.tracker.coach_builders import a_plan
from tests.tracker.training_builders import ADDRESS, a_room
from tracker import words
from tracker.collector_events import Battery, CollectorState, RateChecked, StateChanged
from tracker.errors import RadioError, Trouble
from tracker.logbook import open_logbook
from tracker.recording_file import read_mcap
from tracker.sensor_news import SensorNews
from tracker.virtual_radio import run_virtually


class Heard:
    """What was published and said."""

    def __init__(self):
        self.messages, self.said = [], []
        self.news = SensorNews(self.messages.append, self.said.append)


def rate(measured_hz):
    return RateChecked(measured_hz=measured_hz, asked_hz=100.0, at_s=3.0)


def test_a_low_battery_is_said_once_in_both_languages():
    heard = Heard()

    for percent in (80, 20, 19):
        heard.news.take(Battery(percent=percent, at_s=1.0))

    [said] = heard.said
    assert "20 %: charge it" in said.en
    assert "20 %: laad hem" in said.nl
    assert heard.messages[-1]["battery_percent"] == 19


@pytest.mark.parametrize(
    ("measured_hz", "expected"), [(10.0, "only 10 samples"), (200.0, "taken care of")]
)
def test_another_rate_than_asked_for_is_said_once(measured_hz, expected):
    heard = Heard()

    for _ in range(2):
        heard.news.take(rate(measured_hz))

    [said] = heard.said
    assert expected in said.en


def test_the_right_rate_is_shown_and_not_talked_about():
    heard = Heard()

    heard.news.take(rate(99.2))

    assert heard.said == []
    assert heard.messages[-1]["rate_hz"] == 99.2


def test_every_trouble_of_the_radio_has_its_words_in_both_languages():
    troubles = {kind.trouble for kind in (RadioError, *RadioError.__subclasses__())}

    assert troubles == set(words.TROUBLES) == set(Trouble)
    assert all(text.en != text.nl for text in words.TROUBLES.values())


def test_an_advice_goes_away_with_the_trouble():
    heard = Heard()
    lost = StateChanged(
        state=CollectorState.RECONNECTING, at_s=1.0, reason="broke", trouble=Trouble.LINK_LOST
    )

    heard.news.take(lost)
    heard.news.take(StateChanged(state=CollectorState.SCANNING, at_s=2.0))

    assert [one["advice"] is None for one in heard.messages] == [False, True]
    assert "verbroken" in heard.messages[0]["advice"]["nl"]


def test_a_broken_link_is_seen_on_the_page_in_the_terminal_the_log_and_the_recording(tmp_path):
    async def main():
        async with a_room(tmp_path, a_plan(sets=1, reps=2)) as room:
            running = asyncio.ensure_future(room.training.run())
            await room.until_reps(1)
            room.radio.pull_adapter()
            await asyncio.sleep(5)
            room.radio.plug_adapter()
            room.radio.come_back(ADDRESS)
            return room, await running

    with open_logbook(tmp_path / "log") as log:
        room, outcome = run_virtually(main())

    expected = ["scanning", "connecting", "starting", "streaming", "reconnecting"]
    noted = [
        note["state"]
        for note in read_mcap(outcome.path.with_suffix(".mcap")).annotations
        if note["event"] == "sensor"
    ]
    on_page = list(dict.fromkeys(one["state"] for one in room.hub.of("sensor")))
    assert on_page[:5] == noted[:5] == expected
    assert {"stopped", "streaming"} <= set(noted[5:]) | {on_page[-1]}
    shown = room.console.file.getvalue()
    assert "sensor weg (De verbinding met de sensor is verbroken" in shown
    assert "Bluetooth staat uit of ontbreekt" in shown
    lines = log.read_text("utf-8").splitlines()
    assert sum("sensor streaming" in line for line in lines) >= 2
    assert any("WARNING" in line and "sensor reconnecting: " in line for line in lines)


def test_a_log_that_cannot_be_written_hinders_nothing(tmp_path):
    (tmp_path / "log").write_text("in the way")

    with open_logbook(tmp_path / "log"):
        logging.getLogger("tracker").warning("nobody reads this")

    assert (tmp_path / "log").read_text() == "in the way"


def test_the_log_leaves_out_what_comes_with_every_packet(tmp_path):
    with open_logbook(tmp_path / "log") as path:
        logging.getLogger("bleak.backends").info("one packet")
        logging.getLogger("bleak.backends").warning("something is wrong")
        logging.getLogger("tracker.ble").info("one link")

    logged = path.read_text("utf-8")
    assert "one packet" not in logged
    assert "something is wrong" in logged
    assert "one link" in logged

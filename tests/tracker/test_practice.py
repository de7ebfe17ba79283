import asyncio
import sys

import pytest
from typer.testing import CliRunner

from analysis import load_catalogue
from tracker.cli import app
from tracker.ears import SilentTalker
from tracker.practice import beats, let_hear
from tracker.sounds import Cue
from tracker.virtual_radio.virtual_time import run_virtually

PRONE = load_catalogue()["ecc_prone_helper"]
SECONDS = (0.0, 1.0, 2.0, 3.0)


@pytest.mark.parametrize(
    ("return_s", "second"),
    [(3.0, Cue.PACE), (1.5, Cue.PACE_AHEAD), (7.0, Cue.PACE_BEHIND)],
)
def test_a_return_sounds_as_in_a_training(return_s, second):
    heard = list(beats(PRONE, return_s))

    assert [cue for _, cue in heard] == [Cue.GO, second, second, Cue.PACE_END]
    assert [at_s for at_s, _ in heard] == pytest.approx(SECONDS, abs=0.03)


class Clocked:
    """A speaker that writes down when it was asked."""

    def __init__(self):
        self.at_s = []

    def play(self, _cue):
        self.at_s.append(asyncio.get_running_loop().time())


def test_each_tone_is_heard_in_its_own_second():
    clocked, told = Clocked(), []

    run_virtually(
        let_hear(
            PRONE, 3.0, speaker=clocked, talker=SilentTalker(), tell=lambda *one: told.append(one)
        )
    )

    assert [at_s - clocked.at_s[0] for at_s in clocked.at_s] == pytest.approx(SECONDS, abs=0.03)
    assert len(told) == 4


def test_the_command_tells_each_second_in_the_language_asked_for(tmp_path):
    asked = ["practice", "--return", "1.5", "--quiet", "--lang", "nl", "--data", str(tmp_path)]

    answer = CliRunner().invoke(app, asked)

    lines = answer.output.splitlines()
    assert answer.exit_code == 0
    assert [line.split("s  ")[1] for line in lines] == [
        "begin", "te snel", "te snel", "het been is terug",
    ]  # fmt: skip
    assert lines[1].strip().startswith("1,0")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows plays by itself")
def test_without_player_and_voice_it_says_so_when_they_were_asked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    asked = ["practice", "--voice", "--return", "3", "--lang", "en", "--data", str(tmp_path)]

    answer = CliRunner().invoke(app, asked)

    assert answer.exit_code == 0
    assert answer.output.startswith("No sound: this computer has no player.\n")
    assert "no voice that speaks English" in answer.output

import asyncio
import os

import pytest

from tracker.ears import SilentTalker, ToneTalker
from tracker.narrator import Rank, Saying
from tracker.sounds import Cue, SilentSpeaker
from tracker.talking import VoiceTalker, open_talker
from tracker.voices import SystemVoice, find_voice
from tracker.words import Text

pytestmark = pytest.mark.skipif(os.name == "nt", reason="stands in for programs by shell scripts")

ESPEAK = """Pty Language       Age/Gender VoiceName          File                 Other Languages
 5  en-gb           --/M      English_(Great_Britain) gmw/en               (en 2)
 5  nl              --/M      Dutch              gmw/nl
"""
DISPATCHER = """                     NAME            LANGUAGE             VARIANT
            Dutch (Flanders)               nl-BE                none
                  English_US               en-US                none
"""
MACOS = """Albert              en_US    # Hello! My name is Albert.
Bad News            en_US    # Hello! My name is Bad News.
Xander              nl_NL    # Hallo, mijn naam is Xander.
"""
WINDOWS = "en-US\tMicrosoft Zira Desktop\r\nnl-NL\tMicrosoft Frank\r\n"


def a_program(folder, name, listing="", *, body="", status=0):
    """Put a program in a folder: it prints a listing, does something, and ends."""
    folder.mkdir(exist_ok=True)
    script = folder / name
    script.write_text(f"#!/bin/sh\ncat <<'END'\n{listing}END\n{body}\nexit {status}\n")
    script.chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(
    ("name", "platform", "listing", "spoken_as"),
    [
        ("espeak-ng", "linux", ESPEAK, ("-v", "nl", "--stdin")),
        ("espeak", "linux", ESPEAK, ("-v", "nl", "--stdin")),
        ("spd-say", "linux", DISPATCHER, ("--wait", "--language", "nl", "--")),
        ("say", "darwin", MACOS, ("-v", "Xander", "-f", "-")),
    ],
)
def test_a_program_with_a_dutch_voice_is_found(tmp_path, name, platform, listing, spoken_as):
    path = a_program(tmp_path / "bin", name, listing)

    voice = find_voice("nl", path=path, platform=platform)

    assert voice.command == (f"{path}/{name}", *spoken_as)


def test_the_voice_of_windows_is_chosen_by_its_language(tmp_path):
    path = a_program(tmp_path / "bin", "powershell", WINDOWS)

    voice = find_voice("nl", path=path, platform="win32")

    assert "SelectVoice('Microsoft Frank')" in voice.command[-1]


@pytest.mark.parametrize(
    ("listing", "status"),
    [("", 0), (ESPEAK.splitlines(keepends=True)[0], 0), (ESPEAK.replace("nl ", "fr "), 0),
     (ESPEAK, 1)],
)  # fmt: skip
def test_a_program_that_knows_no_dutch_or_fails_is_no_voice(tmp_path, listing, status):
    path = a_program(tmp_path / "bin", "espeak-ng", listing, status=status)

    assert find_voice("nl", path=path, platform="linux") is None


def test_a_machine_without_any_program_has_no_voice(tmp_path):
    assert find_voice("nl", path=str(tmp_path), platform="linux") is None


def test_another_program_is_asked_when_the_first_has_no_voice_of_the_language(tmp_path):
    path = a_program(tmp_path / "bin", "spd-say", DISPATCHER.replace("nl-BE", "fr-BE"))
    a_program(tmp_path / "bin", "espeak-ng", ESPEAK)

    voice = find_voice("nl", path=path, platform="linux")

    assert voice.command[0].endswith("espeak-ng")


def saying(rank, words, cue=None):
    return Saying(rank, Text(words, words), cue)


class Room:
    """A voice that writes down what it says, and stays at it until it may end."""

    def __init__(self, folder, *, status=0, takes_argument=False):
        folder.mkdir(exist_ok=True)
        self.said_in, self.may_end, self.stopped = (
            folder / name for name in ("said", "may_end", "stopped")
        )
        script = folder / "a-voice"
        text = '"$1"' if takes_argument else '"$(cat)"'
        script.write_text(
            f'#!/bin/sh\necho {text} >> "{self.said_in}"\n'
            f'while [ ! -e "{self.may_end}" ]; do sleep 0.01; done\nexit {status}\n'
        )
        script.chmod(0o755)
        stop = ("/bin/sh", "-c", f'echo >> "{self.stopped}"') if takes_argument else ()
        self.voice = SystemVoice((str(script),), takes_argument=takes_argument, stop=stop)
        self.played = []
        self.talker = VoiceTalker(self.voice, "nl", ToneTalker(self))

    def play(self, cue):
        self.played.append(cue)

    def said(self):
        return self.said_in.read_text().splitlines() if self.said_in.exists() else []

    async def until_said(self, *words):
        async with asyncio.timeout(30):
            while self.said() != list(words):  # noqa: ASYNC110  # another process writes it
                await asyncio.sleep(0.005)

    def finish(self):
        self.may_end.touch()


@pytest.mark.parametrize("takes_argument", [False, True])
def test_a_newer_count_cuts_off_the_older_one_and_a_result_waits(tmp_path, takes_argument):
    room = Room(tmp_path / "bin", takes_argument=takes_argument)

    async def train():
        room.talker.say(saying(Rank.COUNT, "1"))
        await room.until_said("1")
        room.talker.say(saying(Rank.RESULT, "mooi"))
        room.talker.say(saying(Rank.COUNT, "2"))
        await room.until_said("1", "2")
        room.finish()
        await room.until_said("1", "2", "mooi")
        await room.talker.close()

    asyncio.run(train())

    assert room.stopped.exists() == takes_argument


def test_words_with_quotes_and_dashes_are_said_as_they_are(tmp_path):
    room = Room(tmp_path / "bin")
    room.finish()
    words = "--help; 'één' $(ls)"

    async def train():
        room.talker.say(saying(Rank.GUIDE, words))
        await room.until_said(words)
        await room.talker.close()

    asyncio.run(train())


def test_a_voice_that_fails_is_left_alone_and_tones_take_its_place(tmp_path):
    room = Room(tmp_path / "bin", status=1)
    room.finish()

    async def train():
        room.talker.say(saying(Rank.COUNT, "1"))
        await room.talker.close()
        room.talker.say(saying(Rank.COUNT, "Nog één", Cue.LEFT_1))

    asyncio.run(train())

    assert room.said() == ["1"]
    assert room.played == [Cue.LEFT_1]


def test_a_program_that_is_gone_is_no_error(tmp_path):
    gone = SystemVoice((str(tmp_path / "gone"),))
    talker = VoiceTalker(gone, "nl", SilentTalker())

    async def train():
        talker.say(saying(Rank.GUIDE, "stil"))
        await talker.close()

    asyncio.run(train())


def test_hushed_it_says_nothing_more_of_what_waits(tmp_path):
    room = Room(tmp_path / "bin")

    async def train():
        room.talker.say(saying(Rank.RESULT, "lang verhaal"))
        await room.until_said("lang verhaal")
        room.talker.say(saying(Rank.GUIDE, "daarna"))
        room.talker.hush()
        await room.talker.close()

    asyncio.run(train())

    assert room.said() == ["lang verhaal"]


@pytest.mark.parametrize(("is_quiet", "kind"), [(True, SilentTalker), (False, ToneTalker)])
def test_without_a_wish_for_words_there_are_tones_or_nothing(is_quiet, kind):
    async def open_one():
        async with open_talker("nl", SilentSpeaker(), is_quiet=is_quiet, is_voiced=False) as talker:
            return type(talker)

    assert asyncio.run(open_one()) is kind


def test_a_voice_that_is_there_is_used(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", a_program(tmp_path / "bin", "espeak-ng", ESPEAK), prepend=":")

    async def open_one():
        async with open_talker("nl", SilentSpeaker(), is_quiet=False, is_voiced=True) as talker:
            return type(talker)

    assert asyncio.run(open_one()) is VoiceTalker

import asyncio
import json

from tracker.ears import Ears, SilentTalker, ToneTalker
from tracker.live import LiveHub
from tracker.narrator import Rank, Saying
from tracker.sounds import Cue
from tracker.words import Text

GO_ON = Text("Go on.", "Ga door.")


class Listened(LiveHub):
    """A hub that keeps what it was told."""

    def __init__(self):
        self.told = []
        super().__init__()

    def publish(self, message):
        self.told.append(dict(message))
        super().publish(message)


class Spoken:
    """A speaker and a voice that write down what they were given."""

    def __init__(self):
        self.played, self.said, self.n_hushed = [], [], 0

    def play(self, cue):
        self.played.append(cue)

    def say(self, saying):
        self.said.append((saying.rank, saying.text.nl))

    def hush(self):
        self.n_hushed += 1


def take_sound(hub, page, line, *, on=True):
    told = {"do": "sound", "page": page, "on": on}
    assert asyncio.run(hub.take(json.dumps(told), line)) is None


def test_what_is_heard_in_the_terminal_is_told_to_the_pages():
    hub, here = Listened(), Spoken()
    ears = Ears(hub, here, here)

    ears.cue(Cue.GO, 1.5)
    ears.say(GO_ON)
    ears.say(GO_ON, is_urgent=True)

    assert here.played == [Cue.GO]
    assert here.said == [(Rank.GUIDE, "Ga door."), (Rank.URGENT, "Ga door.")]
    assert [one["type"] for one in hub.told] == ["cue", "say", "say"]
    assert hub.told[1] == {"type": "say", "rank": "guide", "text": GO_ON.as_json(), "cue": None}


def test_a_page_that_takes_the_sound_silences_the_terminal_until_it_goes_away():
    hub, here, line = Listened(), Spoken(), object()
    ears = Ears(hub, here, here)

    take_sound(hub, "a", line)
    ears.cue(Cue.GO, 0.0)
    ears.say(GO_ON)
    heard_meanwhile = here.played + here.said
    hub.sounding.line_closed(object())  # of another page
    still_silent = not hub.sounding.is_terminal
    hub.sounding.line_closed(line)
    ears.cue(Cue.REP, 1.0)

    assert heard_meanwhile == []
    assert here.n_hushed == 1
    assert still_silent
    assert here.played == [Cue.REP]


def test_the_page_that_was_switched_on_last_is_the_one_that_sounds():
    hub = Listened()
    take_sound(hub, "a", object())
    take_sound(hub, "b", object())

    take_sound(hub, "a", object(), on=False)  # it was silent already
    page_then = hub.sounding.page
    take_sound(hub, "b", object(), on=False)

    assert page_then == "b"
    assert [one["page"] for one in hub.told if one["type"] == "sound"] == ["a", "b", None]


def test_a_page_that_comes_later_is_told_who_sounds():
    hub = LiveHub()
    hub.sounding.terminal_sounds(on=True)

    take_sound(hub, "a", object())

    told = hub.snapshot()["messages"]
    assert [(one["type"], one["page"], one["terminal"]) for one in told] == [("sound", "a", True)]


def test_without_a_voice_only_sayings_with_a_tone_of_their_own_are_heard():
    here = Spoken()
    talker = ToneTalker(here)

    talker.say(Saying(Rank.GUIDE, GO_ON))
    talker.say(Saying(Rank.COUNT, Text("2", "2"), Cue.LEFT_2))
    talker.hush()
    SilentTalker().say(Saying(Rank.RESULT, GO_ON, Cue.RESULT_GOOD))
    SilentTalker().hush()

    assert here.played == [Cue.LEFT_2]

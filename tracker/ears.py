"""Everything that is heard of a training, here and on the pages."""

from collections.abc import Mapping
from typing import Any, Protocol

from tracker.live import LiveHub
from tracker.narrator import Narrator, Rank, Saying
from tracker.sounds import Cue, Speaker
from tracker.words import Text


class Talker(Protocol):
    """What has a voice, or something in its place."""

    def say(self, saying: Saying) -> None:
        """Say it in its turn; never waits and never fails."""

    def hush(self) -> None:
        """Say nothing more of what waits."""


class SilentTalker:
    """No voice, and nothing in its place."""

    def say(self, saying: Saying) -> None:
        """Do nothing."""

    def hush(self) -> None:
        """Do nothing."""


class ToneTalker:
    """Tones in place of words, for those that have some."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    def say(self, saying: Saying) -> None:
        """Sound what stands in the place of the words."""
        if saying.cue is not None:
            self._speaker.play(saying.cue)

    def hush(self) -> None:
        """Do nothing: a tone is over before it could be in the way."""


class Ears:
    """Sound and say here, unless a page has taken the sound; tell the pages in any case.

    Parameters
    ----------
    hub : LiveHub
        The pages.
    speaker : Speaker
        The tones here.
    talker : Talker
        The voice here.

    """

    def __init__(self, hub: LiveHub, speaker: Speaker, talker: Talker) -> None:
        self._hub = hub
        self._speaker = speaker
        self._talker = talker
        self._narrator = Narrator()

    def cue(self, cue: Cue, at_s: float) -> None:
        """Make a sound of the coach; `at_s` counts from the start of the session."""
        if self._hub.sounding.is_terminal:
            self._speaker.play(cue)
        self._hub.publish({"type": "cue", "cue": str(cue), "at": round(at_s, 3)})
        self._tell(self._narrator.cue(cue))

    def message(self, message: Mapping[str, Any]) -> None:
        """Say what is to be said of a live message."""
        self._tell(self._narrator.take(message))

    def say(self, text: Text, *, is_urgent: bool = False) -> None:
        """Say a sentence of the coach."""
        self._tell(Saying(Rank.URGENT if is_urgent else Rank.GUIDE, text))

    def _tell(self, saying: Saying | None) -> None:
        if saying is None:
            return
        if self._hub.sounding.is_terminal:
            self._talker.say(saying)
        else:
            self._talker.hush()
        self._hub.publish(saying.message())

"""The coach's voice in the terminal: one saying after the other, through a program of the machine.

A program that cannot speak after all, because there is no sound, is left alone from then on;
tones take the place of the words, as they do where there is no voice at all.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from tracker.ears import SilentTalker, Talker, ToneTalker
from tracker.narrator import Rank, Saying
from tracker.profile import Language
from tracker.sounds import Speaker
from tracker.speech_queue import SpeechQueue
from tracker.voices import SystemVoice, find_voice
from tracker.words import Text

QUIET: Final = asyncio.subprocess.DEVNULL
LAST_WORDS_S: Final = 6.0  # what the last sentence may take once the training is over
NO_VOICE: Final = Text(
    "This computer has no voice that speaks English; tones take its place.",
    "Deze computer heeft geen stem die Nederlands spreekt; tonen nemen de plaats in.",
)


class VoiceTalker:
    """Speak through a program; to be used within a running event loop.

    Parameters
    ----------
    voice : SystemVoice
        The program.
    language : {"nl", "en"}
        What it speaks.
    without : Talker
        What sounds in its place once it failed.

    """

    def __init__(self, voice: SystemVoice, language: Language, without: Talker) -> None:
        self._voice = voice
        self._language: Language = language
        self._without = without
        self._queue = SpeechQueue()
        self._said: Rank | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._speaking: asyncio.Task[None] | None = None
        self._stopping: set[asyncio.Task[None]] = set()
        self._is_cut_off = False
        self._is_broken = False

    def say(self, saying: Saying) -> None:
        """Say it in its turn."""
        if self._is_broken:
            self._without.say(saying)
            return
        loop = asyncio.get_running_loop()
        if self._queue.take(saying, self._said, loop.time()):
            self._cut_off()
        if self._speaking is None or self._speaking.done():
            self._speaking = loop.create_task(self._speak(), name="voice")

    def hush(self) -> None:
        """Stop, and forget what waits."""
        self._queue.clear()
        self._cut_off()

    async def close(self) -> None:
        """Finish what is being said, for as long as a sentence takes; then fall silent."""
        if self._speaking is not None and not self._speaking.done():
            await asyncio.wait({self._speaking}, timeout=LAST_WORDS_S)
        self.hush()
        if self._speaking is not None:
            await asyncio.wait({self._speaking, *self._stopping})

    async def _speak(self) -> None:
        """Say what waits until nothing does."""
        clock_s = asyncio.get_running_loop().time
        while not self._is_broken and (saying := self._queue.next(clock_s())) is not None:
            self._said, self._is_cut_off = saying.rank, False
            self._is_broken = not await self._run(saying.text.to(self._language))
            self._said = None

    async def _run(self, text: str) -> bool:
        """Let the program say one text; return whether it could."""
        is_argument = self._voice.takes_argument
        command = (*self._voice.command, text) if is_argument else self._voice.command
        source = QUIET if is_argument else asyncio.subprocess.PIPE
        try:
            self._process = await asyncio.create_subprocess_exec(
                *command, stdin=source, stdout=QUIET, stderr=QUIET
            )
            if self._is_cut_off:  # while it was being started
                self._end_process()
            await self._process.communicate(None if is_argument else text.encode())
        except OSError:
            return False
        else:
            return self._is_cut_off or self._process.returncode == 0
        finally:
            self._process = None

    def _cut_off(self) -> None:
        self._is_cut_off = True
        if self._process is not None:
            self._end_process()

    def _end_process(self) -> None:
        with suppress(ProcessLookupError):  # it has just ended by itself
            if self._process is not None:
                self._process.terminate()
        if self._voice.stop:
            task = asyncio.get_running_loop().create_task(_run_quietly(self._voice.stop))
            self._stopping.add(task)
            task.add_done_callback(self._stopping.discard)


async def _run_quietly(command: tuple[str, ...]) -> None:
    with suppress(OSError):
        process = await asyncio.create_subprocess_exec(
            *command, stdin=QUIET, stdout=QUIET, stderr=QUIET
        )
        await process.wait()


@asynccontextmanager
async def open_talker(
    language: Language, speaker: Speaker, *, is_quiet: bool, is_voiced: bool
) -> AsyncIterator[Talker]:
    """Give the best voice there is here: a program, else tones in its place, else nothing.

    Parameters
    ----------
    language : {"nl", "en"}
        What is to be spoken.
    speaker : Speaker
        For tones in place of words.
    is_quiet : bool
        Nothing is to be heard.
    is_voiced : bool
        Whether words are wanted.

    """
    if is_quiet:
        yield SilentTalker()
        return
    tones = ToneTalker(speaker)
    voice = await asyncio.to_thread(find_voice, language) if is_voiced else None
    if voice is None:
        yield tones
        return
    talker = VoiceTalker(voice, language, tones)
    try:
        yield talker
    finally:
        await talker.close()

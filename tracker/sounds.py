"""Tones of the coach: synthesised here, played by whatever player the machine has.

Each cue has its own pitch and shape, so that a patient who lies face down knows them apart.
Without a player the terminal bell sounds for the cues that matter; without that, silence.
"""

import asyncio
import io
import shutil
import sys
import tempfile
import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ: Final = 22_050
LOUDNESS: Final = 0.4  # of full scale: clear, not startling
RAMP_S: Final = 0.008  # fade in and out, so that no click is heard
PLAYERS: Final = (("paplay",), ("pw-play",), ("aplay", "-q"), ("afplay",))


class Cue(StrEnum):
    """What a sound means."""

    CALIBRATED = "calibrated"
    GO = "go"
    LET_GO = "let_go"
    PACE = "pace"
    PACE_AHEAD = "pace_ahead"
    PACE_BEHIND = "pace_behind"
    PACE_END = "pace_end"
    DOWN = "down"
    REP = "rep"
    REP_GOOD = "rep_good"
    REP_FAST = "rep_fast"
    ATTENTION = "attention"
    SET_END = "set_end"
    REST_END = "rest_end"
    LEFT_3 = "left_3"
    LEFT_2 = "left_2"
    LEFT_1 = "left_1"
    RESULT_GOOD = "result_good"
    RESULT_CHANGE = "result_change"


# Each cue as (pitch_hz, duration_s) after each other; pitch 0 is a pause.
MELODIES: Final[dict[Cue, tuple[tuple[float, float], ...]]] = {
    Cue.CALIBRATED: ((660.0, 0.12), (0.0, 0.05), (660.0, 0.12)),
    Cue.GO: ((880.0, 0.35),),
    Cue.LET_GO: ((1320.0, 0.10),),
    Cue.PACE: ((440.0, 0.06),),
    Cue.PACE_AHEAD: ((698.0, 0.06),),  # higher: the leg goes too fast
    Cue.PACE_BEHIND: ((294.0, 0.06),),  # lower: it may be a little quicker
    Cue.PACE_END: ((587.0, 0.12),),
    Cue.DOWN: ((880.0, 0.08), (0.0, 0.04), (587.0, 0.14)),  # falls, as the leg should
    Cue.REP: ((990.0, 0.05),),
    Cue.REP_GOOD: ((784.0, 0.06), (988.0, 0.10)),  # rises: in tempo
    Cue.REP_FAST: ((330.0, 0.10), (0.0, 0.04), (262.0, 0.14)),  # falls: too fast
    Cue.ATTENTION: ((330.0, 0.18), (0.0, 0.06), (262.0, 0.24)),
    Cue.SET_END: ((660.0, 0.15), (784.0, 0.15), (988.0, 0.30)),
    Cue.REST_END: ((784.0, 0.15), (0.0, 0.05), (784.0, 0.15), (0.0, 0.05), (784.0, 0.15)),
    # In place of words, where there is no voice: as many as are left, and how the set went.
    Cue.LEFT_3: ((1175.0, 0.06), (0.0, 0.08), (1175.0, 0.06), (0.0, 0.08), (1175.0, 0.06)),
    Cue.LEFT_2: ((1175.0, 0.06), (0.0, 0.08), (1175.0, 0.06)),
    Cue.LEFT_1: ((1175.0, 0.14),),
    Cue.RESULT_GOOD: ((659.0, 0.12), (0.0, 0.04), (880.0, 0.12), (0.0, 0.04), (1047.0, 0.30)),
    Cue.RESULT_CHANGE: ((659.0, 0.12), (0.0, 0.04), (494.0, 0.12), (0.0, 0.04), (659.0, 0.30)),
}
BELL_CUES: Final = frozenset({Cue.GO, Cue.ATTENTION, Cue.SET_END, Cue.REST_END})


def tone(pitch_hz: float, duration_s: float) -> NDArray[np.float64]:
    """Return a sine with soft edges, (n,), within [-1, 1]; pitch 0 gives silence."""
    n_samples = round(duration_s * SAMPLE_RATE_HZ)
    time_s = np.arange(n_samples) / SAMPLE_RATE_HZ
    edge_s = np.minimum(time_s, time_s[::-1]) if n_samples else time_s
    envelope = np.clip(edge_s / RAMP_S, 0.0, 1.0)
    return np.asarray(np.sin(2.0 * np.pi * pitch_hz * time_s) * envelope, dtype=np.float64)


def wav_bytes(cue: Cue) -> bytes:
    """Return the sound of a cue as a WAV file: 16 bit, one channel."""
    signal = np.concatenate([tone(pitch_hz, duration_s) for pitch_hz, duration_s in MELODIES[cue]])
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes((signal * LOUDNESS * 32767).astype("<i2").tobytes())
    return buffer.getvalue()


def find_player(path: str | None = None) -> tuple[str, ...] | None:
    """Return the command that plays a WAV file here, or None."""
    for command in PLAYERS:
        if found := shutil.which(command[0], path=path):
            return (found, *command[1:])
    return None


class Speaker(Protocol):
    """What the runner needs of a sound output."""

    def play(self, cue: Cue) -> None:
        """Start a sound; never waits and never fails."""


class SilentSpeaker:
    """No sound at all: `--quiet`."""

    def play(self, cue: Cue) -> None:
        """Do nothing."""


class BellSpeaker:
    """The terminal's bell, for the cues that matter."""

    def play(self, cue: Cue) -> None:
        """Ring once."""
        if cue in BELL_CUES:
            sys.stderr.write("\a")
            sys.stderr.flush()


class PlayerSpeaker:
    """Tones through a player program; use as a context, for its folder of sounds."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._folder = tempfile.TemporaryDirectory(prefix="tempo90-sounds-")
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_broken = False

    def __enter__(self) -> Self:
        for cue in Cue:
            self._file(cue).write_bytes(wav_bytes(cue))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        self._folder.cleanup()

    def play(self, cue: Cue) -> None:
        """Start the player; a player that fails once is not started again."""
        if self._is_broken:
            return
        task = asyncio.get_running_loop().create_task(self._run(cue))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, cue: Cue) -> None:
        quiet = asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, str(self._file(cue)), stdin=quiet, stdout=quiet, stderr=quiet
            )
            self._is_broken = bool(await process.wait())
        except OSError:
            self._is_broken = True

    def _file(self, cue: Cue) -> Path:
        return Path(self._folder.name) / f"{cue}.wav"


if sys.platform == "win32":
    import winsound

    class WindowsSpeaker(PlayerSpeaker):
        """Tones through Windows itself."""

        def __init__(self) -> None:
            super().__init__(())

        def play(self, cue: Cue) -> None:
            """Start a sound; it ends the one before."""
            with suppress(RuntimeError):  # no sound device
                winsound.PlaySound(str(self._file(cue)), winsound.SND_FILENAME | winsound.SND_ASYNC)


@contextmanager
def open_speaker(*, is_quiet: bool) -> Iterator[Speaker]:
    """Give the best sound there is here: a player, else the terminal's bell, else silence."""
    command = find_player()
    if is_quiet:
        yield SilentSpeaker()
    elif sys.platform == "win32":
        with WindowsSpeaker() as speaker:
            yield speaker
    elif command is not None:
        with PlayerSpeaker(command) as speaker:
            yield speaker
    else:
        yield BellSpeaker() if sys.stderr.isatty() else SilentSpeaker()

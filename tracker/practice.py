"""One slow return to listen to: the tones of the coach beside a leg that moves evenly."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Final

from analysis import Exercise, PhaseKind
from tracker.ears import Talker
from tracker.narrator import Rank, Saying
from tracker.pacing import Pacer
from tracker.settings import CoachSettings
from tracker.sounds import Cue, Speaker
from tracker.words import Text

TICK_S: Final = 0.05  # as in a training
START_DEG: Final = 90.0
AFTER_S: Final = 0.3  # so that the last tone is heard whole

RETURNS: Final = Text("A return of {seconds} seconds.", "Een terugweg van {seconds} seconden.")
TOLD: Final = {
    Cue.GO: Text("go", "begin"),
    Cue.PACE: Text("on time", "op tijd"),
    Cue.PACE_AHEAD: Text("too fast", "te snel"),
    Cue.PACE_BEHIND: Text("behind", "loopt achter"),
    Cue.PACE_END: Text("the leg is back", "het been is terug"),
}


def angle_deg(elapsed_s: float, return_s: float) -> float:
    """Return where a leg is that goes back evenly from 90 degrees."""
    return START_DEG * max(0.0, 1.0 - elapsed_s / return_s)


def beats(exercise: Exercise, return_s: float) -> Iterator[tuple[float, Cue]]:
    """Give the tones of one even return, as (seconds from its start, cue).

    Parameters
    ----------
    exercise : Exercise
        Its tempo is the one that is paced.
    return_s : float
        How long the leg takes.

    """
    pacer = Pacer(exercise, CoachSettings().let_go_share)
    pacer.angle(START_DEG, PhaseKind.LIFT)
    pacer.phase(PhaseKind.ECCENTRIC, 0.0)
    yield 0.0, Cue.GO
    for tick in range(1, round((exercise.eccentric_s or 0.0) / TICK_S) + 1):
        elapsed_s = tick * TICK_S
        pacer.angle(angle_deg(elapsed_s, return_s), PhaseKind.ECCENTRIC)
        for cue in pacer.tick(elapsed_s):
            yield elapsed_s, cue


async def let_hear(
    exercise: Exercise,
    return_s: float,
    *,
    speaker: Speaker,
    talker: Talker,
    tell: Callable[[float, Cue], None],
) -> None:
    """Sound one return in its own time, telling of each tone when it sounds.

    Parameters
    ----------
    exercise : Exercise
        What is practised.
    return_s : float
        How long the leg takes.
    speaker, talker
        What is heard.
    tell : callable
        Takes (seconds from the start, cue).

    """
    clock_s = asyncio.get_running_loop().time
    began_s = clock_s()
    for at_s, cue in beats(exercise, return_s):
        await asyncio.sleep(max(0.0, began_s + at_s - clock_s()))
        speaker.play(cue)
        tell(at_s, cue)
    await asyncio.sleep(AFTER_S)
    shown = Text(f"{return_s:g}", f"{return_s:g}".replace(".", ","))
    told = Text(RETURNS.en.format(seconds=shown.en), RETURNS.nl.format(seconds=shown.nl))
    talker.say(Saying(Rank.RESULT, told))

"""Mending a session that was cut off: its recording is closed, its unfinished set analysed.

What was stored after each set is there already. The samples of a set that was still running are
run through the engine once more, so that its repetitions count too.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from analysis import Flag, ImuSamples, load_catalogue
from tracker.measuring import SetMeasurement
from tracker.planning import make_step
from tracker.recording_file import RecordedSession, read_mcap, recover_unfinished
from tracker.training_plan import Step

SET_STARTED: Final = "set_started"
SET_ENDED: Final = "set_ended"
CUT_S: Final = 0.5  # the last movements of the leg, and what the engine smooths over


def mend(place: Path, document: dict[str, Any]) -> tuple[dict[str, Any], float]:
    """Close the recording of a session that was cut off, and add the set that ran.

    Parameters
    ----------
    place : Path
        The folder of the session.
    document : dict
        Its JSON as it was last written.

    Returns
    -------
    dict, float
        The JSON as it should be stored, and the seconds of recording that are there.

    """
    recover_unfinished(place)
    recordings = sorted(place.glob("*.mcap"))
    if not recordings:
        return document, 0.0
    recorded = read_mcap(recordings[0])
    samples = recorded.samples
    if not len(samples):
        return document, 0.0
    running = running_set(recorded)
    if running is not None and _is_stored(running, document):
        running = None  # it was written, and killed before the recording could say so
    t0_s = float(samples.time_s[0])
    added = [] if running is None else _analyse(running, t0_s, document)
    duration_s = float(samples.time_s[-1] - samples.time_s[0])
    flag_cut_reps(added, duration_s)
    sets = [*document["exercise_sets"], *({**one, "is_recovered": True} for one in added)]
    return {**document, "exercise_sets": sets}, duration_s


@dataclass(frozen=True, slots=True)
class RunningSet:
    """A set that was started and not ended: which one, and its samples."""

    samples: ImuSamples
    thigh: ImuSamples
    set_number: int
    step_number: int


def running_set(recorded: RecordedSession) -> RunningSet | None:
    """Return the set that was started and not ended; None if there is none, or no sample of it."""
    started: dict[str, Any] | None = None
    for note in recorded.annotations:
        if note.get("event") == SET_STARTED:
            started = note
        elif note.get("event") == SET_ENDED:
            started = None
    if started is None:
        return None
    samples, thigh = (
        one[int(one.time_s.searchsorted(float(started["at_s"]))) :]
        for one in (recorded.samples, recorded.thigh)
    )
    numbers = int(started.get("set", 1)), int(started.get("step", 1))
    return RunningSet(samples, thigh, *numbers) if len(samples) else None


def _is_stored(running: RunningSet, document: dict[str, Any]) -> bool:
    """Whether the document has a set already that the recording has no end of."""
    number = (running.step_number, running.set_number)
    return any((one.get("step"), one.get("set")) == number for one in document["exercise_sets"])


def flag_cut_reps(sets: list[dict[str, Any]], end_s: float) -> None:
    """Flag repetitions so close to the end of the signal that their own end may be missing."""
    for one in sets:
        for rep in one.get("reps", ()):
            if rep["end_s"] > end_s - CUT_S and str(Flag.GAP) not in rep["flags"]:
                rep["flags"].append(str(Flag.GAP))


def _analyse(running: RunningSet, t0_s: float, document: dict[str, Any]) -> list[dict[str, Any]]:
    """Analyse a set with the plan that the document carries."""
    step = planned_step(document["plan"], running.step_number)
    has_thigh = len(running.thigh) > 0
    measurement = SetMeasurement(step, running.set_number, running.step_number, has_thigh=has_thigh)
    if has_thigh:
        measurement.update_thigh(running.thigh)
    measurement.update(running.samples)
    pain = (document.get("pain") or {}).get("before")
    measured = measurement.close(t0_s=t0_s, language=document.get("language", "en"), pain=pain)
    return list(measured.documents)


def planned_step(planned: Any, number: int) -> Step:
    """Return an exercise of the plan; earlier versions stored the only one by itself."""
    one = planned[number - 1] if isinstance(planned, list) else planned
    sides = tuple(one.get("sides", ()))
    step = make_step(
        load_catalogue()[one["exercise"]],
        sets=None if sides else one["sets"],
        reps=one["reps"],
        side=sides[0] if sides else one["side"],
    )
    return replace(step, band=one.get("band"))

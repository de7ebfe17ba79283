"""Mending a session that was cut off: its recording is closed, its unfinished set analysed.

What was stored after each set is there already. The samples of a set that was still running are
run through the engine once more, so that its repetitions count too.
"""

from pathlib import Path
from typing import Any, Final
from uuid import UUID

from analysis import Flag, ImuSamples
from tracker.measuring import SetMeasurement
from tracker.planning import make_plan
from tracker.recording_file import RecordedSession, read_mcap, recover_unfinished

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
    running = samples_of_running_set(recorded)
    added = _analyse(running, float(samples.time_s[0]), document) if len(running) else []
    duration_s = float(samples.time_s[-1] - samples.time_s[0])
    flag_cut_reps(added, duration_s)
    sets = [*document["exercise_sets"], *({**one, "is_recovered": True} for one in added)]
    return {**document, "exercise_sets": sets}, duration_s


def samples_of_running_set(recorded: RecordedSession) -> ImuSamples:
    """Return the samples of a set that was started and not ended; none if there is none."""
    start_s: float | None = None
    for note in recorded.annotations:
        if note.get("event") == SET_STARTED:
            start_s = float(note["at_s"])
        elif note.get("event") == SET_ENDED:
            start_s = None
    samples = recorded.samples
    first = len(samples) if start_s is None else int(samples.time_s.searchsorted(start_s))
    return samples[first:]


def flag_cut_reps(sets: list[dict[str, Any]], end_s: float) -> None:
    """Flag repetitions so close to the end of the signal that their own end may be missing."""
    for one in sets:
        for rep in one["reps"]:
            if rep["end_s"] > end_s - CUT_S and str(Flag.GAP) not in rep["flags"]:
                rep["flags"].append(str(Flag.GAP))


def _analyse(samples: ImuSamples, t0_s: float, document: dict[str, Any]) -> list[dict[str, Any]]:
    """Analyse a set with the plan that the document carries."""
    plan = document["plan"]
    measurement = SetMeasurement(
        make_plan(
            plan["exercise"], sets=plan["sets"], reps=plan["reps"], side=plan["side"],
            session_id=UUID(int=0),
        )
    )  # fmt: skip
    measurement.update(samples)
    pain = (document.get("pain") or {}).get("before")
    measured = measurement.close(t0_s=t0_s, language=document.get("language", "en"), pain=pain)
    return list(measured.documents)

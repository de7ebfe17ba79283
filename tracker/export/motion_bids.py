"""The raw signals of a patient as a data set of the Brain Imaging Data Structure (Motion-BIDS).

    dataset_description.json, README, participants.tsv, participants.json
    sub-<label>/ses-<label>/sub-..._ses-..._scans.tsv
    sub-<label>/ses-<label>/motion/
        ..._task-<label>_tracksys-imu_motion.tsv      no header: one column for each channel
        ..._task-<label>_tracksys-imu_motion.json
        ..._task-<label>_tracksys-imu_channels.tsv    the channels, in the order of the columns
        ..._task-<label>_tracksys-imu_channels.json   what the reference frame is
        ..._task-<label>_events.tsv                   sets and repetitions

People are numbered, never named. One session of ours is one session there.

References
----------
Jeung and others (2024), Scientific Data 11, 716 (Motion-BIDS); BIDS specification, "Motion".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from firmware_bridge import SENSORS
from tracker.export.signal import AXES, Signal
from tracker.export.signal_files import write_json

VERSION: Final = "1.10.0"
SYSTEM: Final = "imu"
NOTHING: Final = "n/a"
DECIMALS: Final = "%.6f"
README: Final = (
    "Therapeutic exercises for the hamstrings, measured with one movement sensor on the lower "
    "leg, exported by tempo90. Accelerations hold gravity. Times of the events are seconds from "
    "the first sample.\n"
)
PARTICIPANTS: Final = {
    "sex": {"Description": "not recorded"},
    "synthetic": {
        "Description": "whether the participant was made up by a simulator",
        "Levels": {"yes": "nobody real", "no": "a person"},
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Whose signals these are: a label of letters and digits, and whether they are made up."""

    label: str
    is_synthetic: bool


def write_motion_bids(
    signals: Sequence[Signal], participant: Participant, folder: Path
) -> list[Path]:
    """Write a data set of one participant.

    Parameters
    ----------
    signals : sequence of Signal
        Oldest first; each with a sample at least.
    participant : Participant
        Whose they are.
    folder : Path
        An empty folder.

    Returns
    -------
    list of Path
        The files.

    """
    description = {
        "Name": "Hamstring exercises measured with tempo90",
        "BIDSVersion": VERSION,
        "DatasetType": "raw",
        "GeneratedBy": [{"Name": "tempo90"}],
    }
    (folder / "README").write_text(README, "utf-8")
    written = [
        write_json(folder / "dataset_description.json", description),
        folder / "README",
        write_json(folder / "participants.json", PARTICIPANTS),
        _write_table(
            folder / "participants.tsv",
            ["participant_id", "sex", "synthetic"],
            [[_subject(participant), NOTHING, "yes" if participant.is_synthetic else "no"]],
        ),
    ]
    for number, signal in enumerate(signals, 1):
        written += _write_session(signal, participant, f"{number:03d}", folder)
    return written


def _write_session(
    signal: Signal, participant: Participant, session: str, folder: Path
) -> list[Path]:
    subject, label = _subject(participant), f"ses-{session}"
    home = folder / subject / label
    motion = home / "motion"
    motion.mkdir(parents=True)
    task = task_label(signal)
    stem = f"{subject}_{label}_task-{task}"
    tracked = f"{stem}_tracksys-{SYSTEM}"
    data = motion / f"{tracked}_motion.tsv"
    samples = signal.samples
    columns = np.column_stack((samples.acc_ms2, samples.gyr_rads, signal.time_s))
    np.savetxt(data, columns, fmt=DECIMALS, delimiter="\t")
    scan = [data.relative_to(home).as_posix(), f"{signal.session.started_at:%Y-%m-%dT%H:%M:%S}"]
    return [
        data,
        write_json(motion / f"{tracked}_motion.json", _about(signal, task)),
        _write_channels(motion / f"{tracked}_channels.tsv", signal),
        write_json(motion / f"{tracked}_channels.json", _frame()),
        _write_events(motion / f"{stem}_events.tsv", signal),
        _write_table(home / f"{subject}_{label}_scans.tsv", ["filename", "acq_time"], [scan]),
    ]


def task_label(signal: Signal) -> str:
    """Name what was done: the exercise in letters and digits, or `sitting` of several."""
    names = {one.exercise for one in signal.session.exercise_sets}
    if len(names) != 1:
        return "sitting" if names else "none"
    first, *rest = re.split(r"[^A-Za-z0-9]+", names.pop())
    return first + "".join(word.capitalize() for word in rest)


def _about(signal: Signal, task: str) -> dict[str, Any]:
    family = SENSORS.get(signal.sensor)
    given = {
        "TaskName": task,
        "TaskDescription": ", ".join(
            dict.fromkeys(one.exercise for one in signal.session.exercise_sets)
        ),
        "SamplingFrequency": signal.nominal_rate_hz or signal.rate_hz,
        "SamplingFrequencyEffective": signal.rate_hz,
        "TrackingSystemName": SYSTEM,
        "ManufacturersModelName": family.title if family else signal.sensor,
        "SoftwareVersions": signal.session.engine,
        "TrackedPointsCount": 1,
        "MotionChannelCount": 7,
        "ACCELChannelCount": 3,
        "GYROChannelCount": 3,
        "LATENCYChannelCount": 1,
        "MissingValues": NOTHING,
        "SubjectArtefactDescription": NOTHING,
    }
    return {
        key: round(value, 4) if isinstance(value, float) else value
        for key, value in given.items()
        if value is not None
    }


def _write_channels(path: Path, signal: Signal) -> Path:
    point = _tracked_point(signal)
    rows = [
        [f"{point}_{kind}_{axis}", axis, kind, point, units, "lower leg", "sensor"]
        for kind, units in (("ACCEL", "m/s^2"), ("GYRO", "rad/s"))
        for axis in "xyz"
    ]
    rows.append(["latency", NOTHING, "LATENCY", NOTHING, "s", NOTHING, NOTHING])
    head = ["name", "component", "type", "tracked_point", "units", "placement", "reference_frame"]
    return _write_table(path, head, rows)


def _frame() -> dict[str, Any]:
    sensor = {
        "Description": AXES,
        "SpatialAxes": NOTHING,
        "RotationRule": "right-hand",
        "RotationOrder": NOTHING,
    }
    return {
        "reference_frame": {
            "Description": "The frame in which the components of a channel are given.",
            "Levels": {"sensor": sensor},
        }
    }


def _write_events(path: Path, signal: Signal) -> Path:
    """Write when each set and each repetition was, as the engine found them."""
    rows = []
    for number, one in enumerate(signal.session.exercise_sets, 1):
        at_s, length_s = one.start_s, one.end_s - one.start_s
        rows.append([_short(at_s), _short(length_s), "set", one.exercise, str(number), NOTHING])
        for rep_number, rep in enumerate(one.reps, 1):
            timed = [_short(rep.start_s), _short(rep.end_s - rep.start_s)]
            rows.append([*timed, "repetition", one.exercise, str(number), str(rep_number)])
    rows.sort(key=lambda row: float(row[0]))
    head = ["onset", "duration", "trial_type", "exercise", "set", "repetition"]
    return _write_table(path, head, rows)


def _tracked_point(signal: Signal) -> str:
    sides = {one.side for one in signal.session.exercise_sets}
    side = sides.pop() if len(sides) == 1 else None
    return f"{side}_ankle" if side else "ankle"


def _subject(participant: Participant) -> str:
    return f"sub-{participant.label}"


def _short(value: float) -> str:
    return f"{value:.3f}"


def _write_table(path: Path, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    lines = ["\t".join(cells) for cells in (head, *rows)]
    path.write_text("\n".join([*lines, ""]), "utf-8")
    return path

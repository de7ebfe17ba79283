"""Writes the sample recordings, their manifest and their README: `python -m tracker.sample_data`.

Everything is simulated and decided by seeds: writing again gives the same bytes.
"""

import argparse
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tracker.simulator import (
    RepKind,
    RepTruth,
    Scenario,
    SimulatedRecording,
    Start,
    WearLevel,
    simulate,
)

CSV_HEADER: Final = "t_s,acc_x_ms2,acc_y_ms2,acc_z_ms2,gyr_x_rads,gyr_y_rads,gyr_z_rads"

MANIFEST_HEAD: Final = """\
# Written by `python -m tracker.sample_data`. Synthetic.
version = 1
licence = "Apache-2.0"
"""

README: Final = """\
# Sample recordings

Synthetic: written by `python -m tracker.sample_data` from the simulated leg of this project
(docs/explanation/simulator.md). No person was measured. Licence: Apache-2.0, as the project.

`MANIFEST.toml` holds, for each file, its SHA-256, the exercise, the sampling rate, and the exact
truth: repetitions of each set, eccentric seconds by the 5 % rule and peak degrees from the
calibration pose of each repetition. Files are generic recording CSV: time in seconds,
acceleration in m/s² (+9.81 on the axis that points up at rest), angular rate in rad/s, in the
axes of a sensor that is mounted any way round.

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One recording to write."""

    name: str
    about: str
    scenario: Scenario
    seed: int


SAMPLES: Final = (
    Sample(
        name="prone_good",
        about="Fifteen repetitions on the belly with a helper, at a good tempo.",
        scenario=Scenario(reps=15, tempo_s=3.0, rate_hz=50.0),
        seed=11,
    ),
    Sample(
        name="prone_too_fast",
        about="A beginner who lets the leg fall too fast, now and then freely.",
        scenario=Scenario(reps=15, profile="beginner_too_fast", rate_hz=50.0),
        seed=12,
    ),
    Sample(
        name="seated_good",
        about="Fifteen repetitions seated and alone: the foot goes up on the way back.",
        scenario=Scenario(
            exercise_id="ecc_seated_solo", reps=15, tempo_s=3.0, rate_hz=100.0, side="right"
        ),
        seed=13,
    ),
    Sample(
        name="prone_half_way",
        about="Shallow repetitions, and some that do not come back to the floor.",
        scenario=Scenario(reps=12, profile="half_way", rate_hz=50.0),
        seed=14,
    ),
    Sample(
        name="prone_walking_between_sets",
        about="Hard wear: two sets, and between them walking, rolling over and fidgeting.",
        scenario=Scenario(
            sets=2,
            reps=8,
            wear=WearLevel.HARD,
            profile="fatiguing",
            rate_hz=100.0,
            between=("stand_and_walk", "roll_over", "fidget"),
        ),
        seed=15,
    ),
    Sample(
        name="prone_starts_in_mid_rep",
        about="The recording begins while the first repetition is going on.",
        scenario=Scenario(reps=8, rate_hz=50.0, start=Start.MID_REP),
        seed=16,
    ),
    Sample(
        name="prone_gaps",
        about="Three percent of the samples are lost, in bursts of up to 0.4 s.",
        scenario=Scenario(reps=10, rate_hz=100.0, loss_share=0.03),
        seed=17,
    ),
    Sample(
        name="free_movement",
        about="A movement without a programme behind it: out, hold, back, all of it timed.",
        scenario=Scenario(exercise_id="free_movement", reps=10, rate_hz=50.0),
        seed=18,
    ),
    Sample(
        name="no_repetitions",
        about="Fidgeting, walking, scratching, sitting up: nothing here may count.",
        scenario=Scenario(
            sets=0,
            rate_hz=50.0,
            before=("fidget", "stand_and_walk", "scratch", "sit_up", "adjust_strap"),
        ),
        seed=19,
    ),
)


def csv_text(recording: SimulatedRecording) -> str:
    """Return a recording as generic CSV: four decimals, finer than the sensor's steps."""
    rows = zip(recording.time_s, recording.acc_ms2, recording.gyr_rads, strict=True)
    lines = [
        ",".join([f"{time_s:.4f}", *(f"{value:.4f}" for value in (*acc, *gyr))])
        for time_s, acc, gyr in rows
    ]
    return "\n".join([CSV_HEADER, *lines, ""])


def manifest_entry(sample: Sample, recording: SimulatedRecording, text: str) -> str:
    """Return the truth about one file as a table of MANIFEST.toml."""
    scenario = recording.scenario
    lines = [
        "[[recordings]]",
        f'file = "{sample.name}.csv"',
        f'sha256 = "{hashlib.sha256(text.encode()).hexdigest()}"',
        f"about = {json.dumps(sample.about)}",
        f'exercise = "{scenario.exercise_id}"',
        f'side = "{scenario.side}"',
        f'wear = "{scenario.wear}"',
        f'profile = "{scenario.profile}"',
        f"seed = {sample.seed}",
        f"rate_hz = {scenario.rate_hz}",
        f"duration_s = {recording.time_s[-1] - recording.time_s[0]:.2f}",
    ]
    for one_set in recording.truth.sets:
        whole = [rep for rep in one_set if RepKind.CUT_BY_START not in rep.kinds]
        lines += [
            "",
            "[[recordings.sets]]",
            f"reps = {len(whole)}",
            f"reps_cut_by_start = {len(one_set) - len(whole)}",
            f"eccentric_s = {_numbers([rep.eccentric_s for rep in whole], 3)}",
            f"peak_deg = {_numbers([rep.peak_deg for rep in whole], 1)}",
            f"kinds = {json.dumps([_kinds(rep) for rep in whole])}",
        ]
    return "\n".join([*lines, ""])


def _numbers(values: list[float], decimals: int) -> str:
    return "[" + ", ".join(f"{value:.{decimals}f}" for value in values) + "]"


def _kinds(rep: RepTruth) -> str:
    return " ".join(sorted(rep.kinds))


def write_sample(sample: Sample, folder: Path) -> str:
    """Write one recording and return its entry of the manifest."""
    recording = simulate(sample.scenario, seed=sample.seed)
    text = csv_text(recording)
    (folder / f"{sample.name}.csv").write_text(text, encoding="utf-8", newline="\n")
    return manifest_entry(sample, recording, text)


def main() -> None:
    """Write all sample recordings into a folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, default=Path("sample_data"), help="folder to write to")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    entries = [write_sample(sample, folder) for sample in SAMPLES]
    (folder / "MANIFEST.toml").write_text(
        "\n".join([MANIFEST_HEAD, *entries]), "utf-8", newline="\n"
    )
    rows = [f"| `{sample.name}.csv` | {sample.about} |" for sample in SAMPLES]
    table = "\n".join(["| file | what it shows |", "|---|---|", *rows, ""])
    (folder / "README.md").write_text(README + table, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

"""Writes the sample recordings, their manifest and their README: `python -m tracker.sample_data`.

Everything is simulated and decided by seeds: writing again gives the same bytes.
"""

import argparse
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from analysis import load_catalogue
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
calibration pose of each repetition; holds with their interruptions; bouts with their cadence
(steps of both feet, or turns of the crank, a minute). `measured = false` marks an exercise that
the engine did not measure yet when the file was written. Files are generic recording CSV: time in
seconds, acceleration in m/s² (+9.81 on the axis that points up at rest), angular rate in rad/s,
in the axes of a sensor that is mounted any way round.

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One recording to write."""

    name: str
    about: str
    scenario: Scenario
    seed: int


def _short(exercise_id: str, about: str, seed: int, **changes: Any) -> Sample:
    """Return a small recording of an exercise, named after it."""
    usual: dict[str, Any] = {"reps": 5, "rate_hz": 50.0, "tempo_s": 3.0}
    scenario = Scenario(exercise_id=exercise_id, **(usual | changes))
    return Sample(name=exercise_id, about=about, scenario=scenario, seed=seed)


_EVERY_OTHER_EXERCISE: Final = (
    _short("conc_seated", "Seated leg curls, three seconds each way.", 31),
    _short("iso_prone_raise", "The straight leg raised, held, let down.", 32),
    _short("plank_leg_raise", "A front plank, one leg raised a little, trembling.", 33),
    _short("bridge_leg_raise", "A bridge, the other leg straightened into the air.", 34, reps=6),
    _short("iso_stand_ext", "Standing, swaying, the straight leg back and forth.", 35),
    _short("squat_single", "On one leg, down in three seconds and up again.", 36),
    _short("step_up", "Step-ups, slow and low.", 37, reps=8, spring=0.1),
    _short("stretch_hamstring", "One stretch of half a minute.", 38, reps=1, rate_hz=25.0),
    _short(
        "stretch_adductor",
        "One stretch, interrupted.",
        51,
        reps=1,
        rate_hz=25.0,
        profile="erratic",
    ),
    _short("mob_knee_chest", "One knee to the chest, then held.", 39, reps=1, rate_hz=25.0),
    _short("mob_knee_across", "One knee across, then held.", 40, reps=1, rate_hz=25.0),
    _short("run_intervals", "Walk, jog, both backward; ten seconds each.", 41, reps=4, bout_s=9.0),
    _short("run_continuous", "Jogging, then a little backward.", 42, reps=2, bout_s=8.0),
    _short("sprint_sets", "A run-up, a sprint, a run-out, walking back.", 43, reps=1, spring=0.9),
    _short(
        "cycling",
        "Pedalling, coasting, a foot on the ground.",
        44,
        reps=2,
        bout_s=12.0,
        rate_hz=25.0,
    ),
)

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
    *_EVERY_OTHER_EXERCISE,
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
    if not load_catalogue()[scenario.exercise_id].is_measurable:
        lines.append("measured = false")
    return "\n".join([*lines, *_sets(recording), *_holds(recording), *_bouts(recording), ""])


def _sets(recording: SimulatedRecording) -> list[str]:
    lines = []
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
        concentric_s = [rep.concentric_s for rep in whole if rep.concentric_s is not None]
        if concentric_s:
            lines.append(f"concentric_s = {_numbers(concentric_s, 3)}")
        if load_catalogue()[recording.scenario.exercise_id].hold_s is not None:
            held_s = [rep.hold_scored_s for rep in whole]
            lines.append(f"hold_scored_s = {_numbers(held_s, 3)}")
        if impacts_g := [impact.peak_g for rep in whole for impact in rep.impacts]:
            lines.append(f"impacts_g = {_numbers(impacts_g, 2)}")
    return lines


def _holds(recording: SimulatedRecording) -> list[str]:
    lines = []
    for hold in recording.truth.holds:
        lines += [
            "",
            "[[recordings.holds]]",
            f"start_s = {hold.start_s:.2f}",
            f"end_s = {hold.end_s:.2f}",
            f"interruptions = {len(hold.interruptions)}",
        ]
    return lines


def _bouts(recording: SimulatedRecording) -> list[str]:
    lines = []
    for bout in recording.truth.bouts:
        lines += [
            "",
            "[[recordings.bouts]]",
            f'kind = "{bout.kind}"',
            f"start_s = {bout.start_s:.2f}",
            f"end_s = {bout.end_s:.2f}",
            f"cadence_per_min = {bout.cadence_per_min:.1f}",
        ]
    return lines


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

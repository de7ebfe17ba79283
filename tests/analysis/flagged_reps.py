"""Repetitions as a physiotherapist would describe them, flagged by the real rules."""

from analysis.exercise import load_catalogue
from analysis.quality import judge_flags
from analysis.results import Phase, PhaseKind, Rep

PRONE = load_catalogue()["ecc_prone_helper"]
SEATED = load_catalogue()["ecc_seated_solo"]
BOTH_PHASES = load_catalogue()["conc_seated"]
PRONE_RAISE = load_catalogue()["iso_prone_raise"]
FREE = load_catalogue()["free_movement"]


def flags(exercise=PRONE, *, eccentric_s=3.0, peak_deg=90.0, pause_s=0.0, **changes):
    facts = {
        "eccentric_s": eccentric_s,
        "eccentric_s_u": 0.1,
        "eccentric_moving_s": None if eccentric_s is None else eccentric_s - pause_s,
        "pause_s": pause_s,
        "peak_deg": peak_deg,
        "peak_deg_u": 2.0,
        "rom_deg": peak_deg,
        "end_above_rest_deg": 0.0,
    }
    return judge_flags(exercise, **(facts | changes))


def rep(exercise=PRONE, *, start_s=0.0, eccentric_s=3.0, peak_deg=90.0, pause_s=0.0, **changes):
    top_s = start_s + 1.5
    end_s = top_s + (eccentric_s or 0.0)
    return Rep(
        start_s=start_s,
        peak_s=start_s + 1.0,
        end_s=end_s,
        peak_deg=peak_deg,
        peak_deg_u=2.0,
        rom_deg=peak_deg,
        rom_deg_u=2.0,
        phases=(
            Phase(kind=PhaseKind.LIFT, start_s=start_s, end_s=start_s + 1.0),
            Phase(kind=PhaseKind.ECCENTRIC, start_s=top_s, end_s=end_s),
        ),
        eccentric_s=eccentric_s,
        eccentric_s_u=None if eccentric_s is None else 0.1,
        eccentric_moving_s=None if eccentric_s is None else eccentric_s - pause_s,
        pause_s=None if eccentric_s is None else pause_s,
        hold_s=0.5,
        hold_scored_s=changes.get("hold_scored_s"),
        sparc=-1.6,
        flags=flags(
            exercise, eccentric_s=eccentric_s, peak_deg=peak_deg, pause_s=pause_s, **changes
        ),
    )

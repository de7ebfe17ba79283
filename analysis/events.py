"""What the engine reports while samples come in: a closed list."""

from dataclasses import dataclass

from analysis.results import Calibration, PhaseKind, Rep, SetResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """The rest pose is known; `at_s` is when that was decided."""

    calibration: Calibration
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RepStarted:
    """The leg left its rest pose; it may still turn out not to be a repetition."""

    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseChanged:
    """A phase of the running repetition began, as far as seen by now; None: back at rest."""

    kind: PhaseKind | None
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RepFinished:
    """A repetition counts; its numbers are final. `at_s`: time of the sample that decided it."""

    rep: Rep
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFinished:
    """A set is over; its numbers are final."""

    set_result: SetResult
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GapFound:
    """Samples are missing between two instants."""

    start_s: float
    end_s: float
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Something the user should know, as a code; texts are in catalogue/feedback.toml."""

    code: str
    at_s: float


Event = Calibrated | RepStarted | PhaseChanged | RepFinished | SetFinished | GapFound | Warned

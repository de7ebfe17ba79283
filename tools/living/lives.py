"""Which lives there are, and what was met in them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID

from playwright.sync_api import Browser

from tools.living.camera import Camera
from tools.living.cyclist_story import live_as_a_cyclist
from tools.living.home import Home
from tools.living.patient import Patient
from tools.living.runner_story import live_as_a_runner

START_ON: Final = date(2026, 9, 21)
"""A Monday; the night in which the clocks of Europe go back is in week 5."""

SEED: Final = 12
STORIES: Final[Mapping[str, Callable[[Patient], None]]] = {
    "runner": live_as_a_runner,
    "cyclist": live_as_a_cyclist,
}


@dataclass(slots=True)
class Met:
    """What was met: rules that spoke, (week, exercise) that were coached, what went wrong."""

    heard: set[str] = field(default_factory=set)
    coached: set[tuple[int, str]] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    n_keys: int = 0


def live(
    story: str | Callable[[Patient], None], root: Path, browser: Browser, camera: Camera, met: Met
) -> None:
    """Live one life, and note what was met.

    Parameters
    ----------
    story : str or callable
        One of `STORIES`, or another.
    root : Path
        Where the patient's data are kept.
    browser : Browser
        The patient's.
    camera : Camera
        Who looks on.
    met : Met
        Takes what is met.

    """
    begin = STORIES[story] if isinstance(story, str) else story
    with Home(root, UUID(int=SEED), seed=SEED) as home:
        patient = Patient(home, browser, camera, met.problems, start_on=START_ON, side="left")
        try:
            begin(patient)
        finally:
            met.heard |= patient.heard
            met.coached |= patient.coached
            met.n_keys += patient.hand.n_keys
            patient.leave()

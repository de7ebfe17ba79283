"""What a phone on the ankle is never used for: it is heavy, and would be hit or come loose."""

from typing import Final

from tracker.phone_apps.errors import PhoneOnAnkleError

NEVER_ON_THE_ANKLE: Final = frozenset(
    {"run_intervals", "run_continuous", "sprint_sets", "cycling", "step_up"}
)
"""Running, sprints, cycling; and steps, which are to become springing ones."""


def refuse_on_ankle(exercise_id: str) -> None:
    """Refuse an exercise that is never done with a phone on the ankle.

    Raises
    ------
    PhoneOnAnkleError
        If it is one of those.

    """
    if exercise_id in NEVER_ON_THE_ANKLE:
        raise PhoneOnAnkleError(
            f"{exercise_id} is never measured with a phone on the ankle: running, sprinting, "
            "cycling and springing steps would shake it loose. Keep the phone in a pocket or belt, "
            "and measure with a small sensor or not at all."
        )

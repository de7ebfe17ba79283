"""What a phone on the ankle is never used for: it is heavy, and would be hit or come loose."""

from analysis import load_catalogue
from tracker.phone.family import suits_ankle
from tracker.phone_apps.errors import PhoneOnAnkleError


def refuse_on_ankle(exercise_id: str) -> None:
    """Refuse an exercise that is never done with a phone on the ankle.

    Raises
    ------
    PhoneOnAnkleError
        If it is one of those.
    UnknownExerciseError
        If there is no such exercise.

    """
    if not suits_ankle(load_catalogue()[exercise_id]):
        raise PhoneOnAnkleError(
            f"{exercise_id} is never measured with a phone on the ankle: running, sprinting, "
            "cycling and springing steps would shake it loose. Keep the phone in a pocket or belt, "
            "and measure with a small sensor or not at all."
        )

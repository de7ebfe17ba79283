"""Who said that a patient may begin with sport."""

from typing import Final

BY_PATIENT: Final = "patient"
BY_PATIENT_FOR_CLINICIAN: Final = "patient, after asking the clinician"
# The patient's own statements; a clinician's confirmation is kept under the clinician's name.
OWN_STATEMENTS: Final = (BY_PATIENT_FOR_CLINICIAN, BY_PATIENT)


def confirmed_as(name: str) -> str:
    """Return what is stored when a clinician of this name confirms; never an own statement."""
    return f"clinician {name}" if name in OWN_STATEMENTS else name

"""What the computer that runs a service keeps of a patient beside the database.

A clinic's server keeps nothing there. On a patient's own machine another package does, and says
with `app.state.local_files` how to forget it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from fastapi import FastAPI

from api.errors import InTrainingError


def _nobody_trains(_patient_id: UUID) -> bool:
    return False


def _nothing_kept(_patient_id: UUID) -> int:
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFiles:
    """Questions about the files of a patient, and their end.

    Parameters
    ----------
    is_training : callable
        Whether a training of this patient runs now, whose files nobody may take away.
    forget : callable
        Deletes what is kept of a patient; returns how many sessions went.

    """

    is_training: Callable[[UUID], bool] = _nobody_trains
    forget: Callable[[UUID], int] = _nothing_kept

    def check_not_training(self, patient_id: UUID) -> None:
        """Refuse to touch what a running training writes.

        Raises
        ------
        InTrainingError
            If this patient trains now.

        """
        if self.is_training(patient_id):
            raise InTrainingError


def local_files_of(app: FastAPI) -> LocalFiles:
    """Return what this app's computer keeps; nothing, unless another package said so."""
    found: LocalFiles = getattr(app.state, "local_files", None) or LocalFiles()
    return found

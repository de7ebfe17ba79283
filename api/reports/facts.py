"""What a report is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.models import InjuryEpisodeRow, PatientRow, PrescriptionRow, SensorRow
from api.reports.data_days import Window
from api.reports.left_out import LeftOutSet
from api.reports.reading import Days
from api.reports.totals import Totals
from api.schemas import SessionPublic


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """All that a report is made of.

    Parameters
    ----------
    patient : PatientRow
        Whose report it is.
    injury : InjuryEpisodeRow, optional
        The injury of the programme.
    days : Days
        The span.
    totals : Totals
        What it adds up to.
    windows : sequence of Window
        On how many days there are data.
    orders : sequence of PrescriptionRow
        What was ordered in the span.
    shown : (SessionPublic, int), optional
        The latest session with a core set, and the number of the set to draw.
    sensors : sequence of SensorRow
        What it was measured with.
    engines : sequence of str
        Which versions measured it.
    left_out : sequence of LeftOutSet
        Sets with repetitions that a clinician does not count.
    made_at : datetime
        When the report was made.

    """

    patient: PatientRow
    injury: InjuryEpisodeRow | None
    days: Days
    totals: Totals
    windows: Sequence[Window]
    orders: Sequence[PrescriptionRow]
    shown: tuple[SessionPublic, int] | None
    sensors: Sequence[SensorRow]
    engines: Sequence[str]
    left_out: Sequence[LeftOutSet]
    made_at: datetime

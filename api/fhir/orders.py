"""What stood ordered for a patient at the moment at which a session began.

An order says from which day on it holds, but counts only while a version of the prescription names
it: one that was written after a session, or taken back before it, is no reason for what was done.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from api.course_models import EnrolmentRow
from api.models import PrescriptionRow
from api.prescribing.rows import PrescriptionLineRow, PrescriptionVersionRow


@dataclass(slots=True)
class Ordered:
    """The orders of one patient, through time.

    Parameters
    ----------
    zone : tzinfo
        Of the patient: it decides on which day a session was.
    by_id : mapping of str to PrescriptionRow
        All orders.
    versions : list of (datetime, set of UUID)
        Since when which of them stood, oldest first.

    """

    zone: tzinfo = UTC
    by_id: dict[str, PrescriptionRow] = field(default_factory=dict)
    versions: list[tuple[datetime, set[UUID]]] = field(default_factory=list)

    def at(self, moment: datetime) -> Sequence[PrescriptionRow]:
        """Return the orders that held at a moment, the newest first.

        What came before the first version is told by the first, as everywhere.
        """
        if not self.versions:
            return ()
        known = [standing for made_at, standing in self.versions if made_at <= moment]
        standing = known[-1] if known else self.versions[0][1]
        on = moment.astimezone(self.zone).date()
        held = [
            order
            for order in self.by_id.values()
            if order.id in standing
            and order.starts_on <= on
            and (order.ends_on is None or on <= order.ends_on)
        ]
        return sorted(held, key=lambda order: (order.starts_on, order.created_at), reverse=True)


def orders_of(db: Session, patient_ids: Collection[UUID]) -> Mapping[UUID, Ordered]:
    """Return what was ordered for each of some patients, in one statement."""
    found: dict[UUID, Ordered] = defaultdict(Ordered)
    if not patient_ids:
        return found
    version_id, order_id = col(PrescriptionVersionRow.id), col(PrescriptionRow.id)
    follows = (col(EnrolmentRow.patient_id) == col(PrescriptionVersionRow.patient_id)) & col(
        EnrolmentRow.ended_at
    ).is_(None)
    query = (
        select(PrescriptionVersionRow, PrescriptionRow, EnrolmentRow.time_zone)
        .outerjoin(PrescriptionLineRow, col(PrescriptionLineRow.version_id) == version_id)
        .outerjoin(PrescriptionRow, order_id == col(PrescriptionLineRow.prescription_id))
        .outerjoin(EnrolmentRow, follows)
        .where(col(PrescriptionVersionRow.patient_id).in_(list(patient_ids)))
        .order_by(col(PrescriptionVersionRow.number))
    )
    standing: dict[UUID, set[UUID]] = {}
    for version, order, zone in db.exec(query):
        of_patient = found[version.patient_id]
        if version.id not in standing:
            standing[version.id] = set()
            of_patient.versions.append((version.made_at, standing[version.id]))
        if order is not None:  # a version may take everything back
            standing[version.id].add(order.id)
            of_patient.by_id[str(order.id)] = order
        if zone is not None:
            of_patient.zone = ZoneInfo(zone)
    return found

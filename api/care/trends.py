"""What the trends of a patient are drawn from: one line a session, averaged by the database."""

from collections.abc import Collection, Mapping
from datetime import datetime
from math import sqrt
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sql
from sqlmodel import Session, col

from analysis import Exercise
from api.models import RepRow, SessionRow, SetRow
from api.set_targets import judged_by


class SessionTrend(NamedTuple):
    """The timed repetitions of one exercise in one session.

    `tempo_u_s` and `peak_u_deg` are what one repetition is uncertain by: an error of the strap or
    of the body is the same in all of them, so a mean is no surer. `judged_by` is the exercise with
    the targets of its last set there; None for one not known here.
    """

    session_id: UUID
    at: datetime
    exercise: str
    side: str | None
    reps: int
    tempo_s: float | None
    tempo_u_s: float | None
    peak_deg: float | None
    peak_u_deg: float | None
    rom_deg: float | None
    concentric_s: float | None
    judged_by: Exercise | None


def list_trends(
    db: Session, patient_id: UUID, exercises: Collection[str], *, since: datetime, until: datetime
) -> list[SessionTrend]:
    """Return the means of each session, exercise and leg, oldest first."""
    mean, rep = sql.func.avg, RepRow
    query = (
        sql.select(
            col(SessionRow.id),
            col(SessionRow.started_at),
            col(SetRow.exercise),
            col(SetRow.side),
            sql.func.count(),
            mean(col(rep.eccentric_s)),
            mean(col(rep.eccentric_s_u) * col(rep.eccentric_s_u)),
            mean(col(rep.peak_deg)),
            mean(col(rep.peak_deg_u) * col(rep.peak_deg_u)),
            mean(col(rep.rom_deg)),
            mean(col(rep.concentric_s)),
            sql.func.max(col(SetRow.id)),
        )
        .join_from(SessionRow, SetRow, col(SetRow.session_id) == col(SessionRow.id))
        .join(RepRow, col(rep.set_id) == col(SetRow.id))
        .where(
            col(SessionRow.patient_id) == patient_id,
            col(SessionRow.started_at).between(since, until),
            col(SetRow.exercise).in_(list(exercises)),
        )
        .group_by(
            col(SessionRow.id), col(SessionRow.started_at), col(SetRow.exercise), col(SetRow.side)
        )
        .order_by(col(SessionRow.started_at), col(SetRow.exercise))
    )
    found: list[Any] = list(db.execute(query))
    extra = _extra(db, [row[-1] for row in found])
    return [
        SessionTrend._make(
            (
                *(*row[:6], _root(row[6]), row[7], _root(row[8]), *row[9:-1]),
                judged_by(row[2], extra[row[-1]]),
            )
        )
        for row in found
    ]


def _extra(db: Session, set_ids: Collection[int]) -> Mapping[int, Mapping[str, Any]]:
    """Return what came with some sets beyond what every set has."""
    query = sql.select(col(SetRow.id), col(SetRow.extra)).where(col(SetRow.id).in_(set_ids))
    return {row[0]: row[1] for row in db.execute(query)} if set_ids else {}


def list_measured(
    db: Session, patient_id: UUID, *, since: datetime, until: datetime
) -> list[datetime]:
    """Return the starts of the sessions of a patient that a sensor measured, oldest first."""
    has_sets = sql.exists().where(col(SetRow.session_id) == col(SessionRow.id))
    query = (
        sql.select(col(SessionRow.started_at))
        .where(
            col(SessionRow.patient_id) == patient_id,
            col(SessionRow.started_at).between(since, until),
            has_sets,
        )
        .order_by(col(SessionRow.started_at))
    )
    return list(db.execute(query).scalars())


def _root(square: float | None) -> float | None:
    return None if square is None else sqrt(square)

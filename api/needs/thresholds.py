"""Choosing the thresholds of the rules for a clinic."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from api.access import Identity
from api.needs.rows import NeedThresholdRow
from api.needs.rules import load_rules


def set_thresholds(
    db: Session, who: Identity, chosen: Mapping[str, float], *, now: datetime
) -> None:
    """Let these thresholds hold; one that is ours again needs no row.

    The summaries follow with `api.needs.keeping.rebuild_all`.

    Raises
    ------
    LookupError, ValueError
        If there is no such threshold, or it lies outside of its limits.

    """
    known = load_rules().thresholds
    for name, value in chosen.items():
        if not known[name].allows(value):
            raise ValueError(f"{name} is from {known[name].least} to {known[name].most}")
        row = db.get(NeedThresholdRow, name)
        if value == known[name].value:
            if row is not None:
                db.delete(row)
            continue
        row = row or NeedThresholdRow(name=name, value=value, changed_at=now, changed_by=who.name)
        if row.value != value:
            row.sqlmodel_update({"value": value, "changed_at": now, "changed_by": who.name})
        db.add(row)
    db.flush()


def last_change(db: Session, names: Collection[str]) -> tuple[str, datetime] | None:
    """Return who chose one of these thresholds last, and when; None where ours hold again."""
    query = (
        select(NeedThresholdRow)
        .where(col(NeedThresholdRow.name).in_(names))
        .order_by(col(NeedThresholdRow.changed_at).desc())
    )
    row = db.exec(query).first()
    return None if row is None else (row.changed_by, row.changed_at)

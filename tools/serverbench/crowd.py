"""Synthetic patients who follow the programme, each with the key of an app."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import sqlalchemy as sql
from big_clinic import enrolment

from api import open_engine, transaction
from api.access import app_tokens
from api.models import Row

BEGINS: Final = datetime(2026, 4, 20, tzinfo=UTC)
FIRST: Final = datetime(2026, 5, 1, 8, tzinfo=UTC)
APART: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Sender:
    """A patient, and what their app shows."""

    patient_id: UUID
    token: str

    def body(self, template: dict[str, Any], number: int) -> dict[str, Any]:
        """Return a session like a template; each begins half a day after the one before."""
        begins = (FIRST + number * APART).isoformat()
        return template | {"patient_id": str(self.patient_id), "started_at": begins}


def gather_crowd(url: str, n_people: int) -> list[Sender]:
    """Store so many patients with their programme."""
    engine, tables = open_engine(url), Row.metadata.tables
    crowd = []
    with transaction(engine, writes=True) as db:
        for number in range(n_people):
            patient_id, injury_id = uuid4(), uuid4()
            named = {"id": patient_id, "name": f"Synthetic {number:05}", "is_synthetic": True}
            db.execute(
                sql.insert(tables["patient"]), [named | {"language": "nl", "created_at": BEGINS}]
            )
            injury = {"id": injury_id, "patient_id": patient_id, "side": "left"}
            db.execute(sql.insert(tables["injury_episode"]), [injury | {"created_at": BEGINS}])
            db.execute(sql.insert(tables["enrolment"]), [enrolment(injury_id, patient_id, BEGINS)])
            # A key is that of an account, and ends with it.
            account = {"id": uuid4(), "role": "patient", "login": f"synthetic-{number}"}
            account |= {"name": named["name"], "patient_id": patient_id, "created_at": BEGINS}
            db.execute(sql.insert(tables["account"]), [account])
            token = app_tokens.add_token(db, patient_id, "bench", now=BEGINS)
            crowd.append(Sender(patient_id, token))
    engine.dispose()
    return crowd

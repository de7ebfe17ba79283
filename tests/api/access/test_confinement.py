import pytest
from sqlalchemy import delete, exists, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, func, select

from api.access import Identity, Role, confine
from api.access.identity import NOBODY, owner
from api.models import PatientRow, RecordingRow, RepRow, SessionRow, SetRow
from tests.api.access.test_consent import put_recording

pytestmark = pytest.mark.both_databases


@pytest.fixture
def filled(clinic, anna, bert, physio):
    """Two patients with a session and its recording each; a clinician of one of them."""
    clinic.treat(physio, anna)
    for patient in (anna, bert):
        put_recording(patient.client, clinic.session_of(patient))
    return clinic


def seen(clinic, identity, **how):
    """How many rows of each table somebody sees who forgets to ask whose they are."""
    with Session(clinic.engine) as db:
        confine(db, identity, **how)
        return {
            row.__tablename__: len(db.exec(select(row)).all())
            for row in (PatientRow, SessionRow, SetRow, RepRow, RecordingRow)
        }


ONE = {"patient": 1, "session": 1, "exercise_set": 1, "rep": 2, "recording": 1}
NONE = dict.fromkeys(ONE, 0)
BOTH = {name: 2 * n for name, n in ONE.items()}


@pytest.mark.parametrize("few", [200, 0], ids=["few patients", "many patients"])
def test_a_clinician_comes_by_the_rows_of_their_patients_alone(filled, physio, few):
    identity = Identity(role=Role.CLINICIAN, account_id=physio.account_id)

    assert seen(filled, identity, few=few) == ONE


def test_everybody_else_comes_by_their_own_and_the_local_owner_by_all(filled, anna, admin):
    own = Identity(role=Role.PATIENT, account_id=anna.account_id, patient_id=anna.patient_id)
    app = Identity(role=Role.APP, patient_id=anna.patient_id)
    administrator = Identity(role=Role.ADMINISTRATOR, account_id=admin.account_id)

    assert seen(filled, own) == seen(filled, app) == ONE
    assert seen(filled, administrator) == seen(filled, NOBODY) == NONE
    assert seen(filled, owner()) == BOTH


def test_no_way_of_asking_leads_around_it(filled, anna, bert):
    identity = Identity(role=Role.PATIENT, patient_id=anna.patient_id)
    other = aliased(SessionRow)
    with Session(filled.engine) as db:
        confine(db, identity)

        by_id = db.get(PatientRow, bert.patient_id)
        is_there = db.scalar(select(exists().where(PatientRow.id == bert.patient_id)))
        by_alias = db.exec(select(other.id)).all()
        counted = db.exec(select(func.count()).select_from(SessionRow)).one()
        joined = db.exec(
            select(SetRow.id, PatientRow.name)
            .join(SessionRow, SessionRow.id == SetRow.session_id)
            .join(PatientRow, PatientRow.id == SessionRow.patient_id)
        ).all()

    assert by_id is None
    assert not is_there
    assert (len(by_alias), counted, len(joined)) == (1, 1, 1)


def test_no_change_and_no_removal_reaches_rows_of_another_patient(filled, anna, bert):
    identity = Identity(role=Role.PATIENT, patient_id=anna.patient_id)
    with Session(filled.engine) as db:
        confine(db, identity)
        renamed = (
            update(PatientRow).values(name="changed").execution_options(synchronize_session=False)
        )
        db.execute(renamed)
        removed = db.execute(delete(RepRow).execution_options(synchronize_session=False)).rowcount
        db.commit()

    with Session(filled.engine) as db:
        names = {row.id: row.name for row in db.exec(select(PatientRow))}
        n_reps = db.exec(select(func.count()).select_from(RepRow)).one()

    assert (names[anna.patient_id], names[bert.patient_id]) == ("changed", "bert")
    assert (removed, n_reps) == (2, 2)

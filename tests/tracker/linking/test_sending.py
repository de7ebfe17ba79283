"""From a patient's own computer to a clinic: nothing is lost and nothing doubled on the way."""

import hashlib
import io
import socket
import threading
import zipfile
from contextlib import contextmanager, suppress
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlmodel import delete, select

from api import erase_patient, export_patient, session_store, transaction
from api.access.rows import AppTokenRow
from api.course_models import CheckInRow, SelfReportRow, SetCorrectionRow
from api.linking import Kind, Trouble
from api.models import PatientRow, RepRow, SetRow
from api.schemas import SessionCreate
from tests.api.builders import session
from tests.tracker.linking.flaky_line import WAYS, read_message
from tests.tracker.linking.two_sides import ME, NOON, clinic_there, home_in, recording_of
from tracker.linking.clinic import Clinic, Recording
from tracker.linking.errors import KeyRefusedError, LinkError, NotReachedError, NotTempo90Error
from tracker.linking.here import make_link, unlink
from tracker.linking.sending import SendingAlreadyError, StoppedError, only_sender

PIECE_BYTES = 2_000
BROKEN_AT = 3  # the third piece
N_SESSIONS = 500
RECORDING_EVERY = 25
MANY_ROUNDS = 100


@pytest.fixture
def home(tmp_path):
    with home_in(tmp_path) as one:
        yield one


@pytest.fixture
def there():
    with clinic_there() as one:
        yield one


def link(home, there):
    make_link(home.engine, ME, there.url, there.key())


def test_500_sessions_over_a_line_that_breaks_in_every_way_arrive_once_each(home, there):
    link(home, there)
    ids = home.fill(N_SESSIONS, recording_every=RECORDING_EVERY)
    there.line.share, there.line.slow_s = 0.25, 0.25

    for _ in range(MANY_ROUNDS):
        home.sender(timeout_s=0.2).send_all()
        if not home.waiting():
            break

    state = home.state()
    assert set(there.line.happened) == {*WAYS, "through"}
    assert (state.n_waiting, state.refused) == (0, ())
    assert there.sessions() == sorted(ids)
    assert there.recordings() == {one: recording_of(one) for one in ids[::RECORDING_EVERY]}
    with transaction(there.clinic.engine, writes=False) as db:
        assert len(db.exec(select(SetRow)).all()) == N_SESSIONS
        assert len(db.exec(select(RepRow)).all()) == N_SESSIONS


def test_what_is_sent_twice_is_known_for_what_it_is(home, there):
    link(home, there)
    home.fill(2, recording_every=1)
    home.sender().send_all()
    unlink(home.engine, ME)
    link(home, there)

    came_to = home.sender().send_all()

    assert (came_to.n_sent, came_to.n_refused, came_to.trouble) == (4, 0, None)
    assert len(there.sessions()) == 2


def test_a_recording_goes_on_where_the_line_broke(home, there):
    link(home, there)
    (session_id,) = home.fill(1)
    home.sender().send_all()
    data, asked = recording_of(session_id), []

    def read(begins, ends):
        asked.append(begins)
        if len(asked) == BROKEN_AT:
            raise NotReachedError("The line broke.")
        yield data[begins:ends]

    recording = Recording(
        session_id=session_id,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        read=read,
    )
    clinic = Clinic(there.url, there.key(), piece_bytes=PIECE_BYTES)

    with pytest.raises(NotReachedError):
        clinic.send(recording)
    clinic.send(recording)
    clinic.send(recording)

    assert asked == [0, 2_000, 4_000, 4_000, 6_000, 8_000]
    assert there.recordings() == {session_id: data}


def test_what_was_told_is_sent_too_and_a_later_correction_again(home, there):
    link(home, there)
    (session_id,) = home.fill(1)
    told_id, check_id = uuid4(), uuid4()
    report = {"id": told_id, "at": NOON, "exercise": "iso_prone_raise", "sets": 3}
    with transaction(home.engine, writes=True) as db:
        db.add(SelfReportRow(patient_id=ME.id, received_at=NOON, **report))
        db.add(CheckInRow(id=check_id, patient_id=ME.id, at=NOON, pain=2, received_at=NOON))
        db.add(SetCorrectionRow(session_id=session_id, number=1, reps=3, corrected_at=NOON))
    home.sender().send_all()

    with transaction(home.engine, writes=True) as db:
        db.get_one(SetCorrectionRow, (session_id, 1)).reps = 4
    changed = [one.kind for one in home.waiting()]
    home.sender().send_all()

    with transaction(there.clinic.engine, writes=False) as db:
        assert db.get_one(SetCorrectionRow, (session_id, 1)).reps == 4
        assert db.get_one(SelfReportRow, told_id).patient_id == there.patient.patient_id
        assert db.get_one(CheckInRow, check_id).pain == 2
    assert changed == [Kind.CORRECTION]
    assert home.waiting() == []


def test_what_the_clinic_has_otherwise_is_refused_kept_and_not_sent_again(home, there):
    link(home, there)
    first, second = home.fill(2, recording_every=1)
    other = session(patient_id=str(there.patient.patient_id), soreness=9)
    there.clinic.app(there.patient).put(f"/api/v1/sessions/{first}", json=other)

    came_to = home.sender().send_all()
    again = home.sender().send_all()

    ((item, reason),) = [one for one in home.state().refused if one[0].kind is Kind.SESSION]
    assert came_to.n_refused >= 1
    assert (again.n_sent, again.n_refused) == (0, 0)
    assert item.key == str(first)
    assert "other content" in reason
    assert there.sessions() == sorted([first, second])
    assert second in there.recordings()


def test_nobody_elses_sessions_are_sent(home, there):
    link(home, there)
    home.fill(1)
    other_id = uuid4()
    with transaction(home.engine, writes=True) as db:
        db.add(PatientRow(id=other_id, name="Simulated patient", created_at=NOON))
        db.flush()
        body = SessionCreate.model_validate(session(patient_id=str(other_id)))
        session_store.put_session(db, uuid4(), body)

    home.sender().send_all()

    assert len(there.sessions()) == 1


def test_a_clinic_that_is_away_is_told_and_left_alone_after_some_tries(home, there):
    link(home, there)
    home.fill(20)
    there.line.share, there.line.ways = 1.0, ("503",)

    came_to = home.sender().send_all()

    state = home.state()
    assert (came_to.n_sent, came_to.trouble) == (0, Trouble.UNREACHABLE)
    assert (state.n_waiting, state.trouble) == (20, Trouble.UNREACHABLE)
    assert there.line.happened["503"] <= 3 * 6


def test_one_thing_that_always_fails_holds_up_nothing_else(home, there):
    link(home, there)
    first, second = home.fill(2, recording_every=1)

    with there.clinic.api.app.state.recordings.alone(first):  # somebody else is sending it
        came_to = home.sender().send_all()

    assert (came_to.n_sent, came_to.trouble) == (3, Trouble.UNREACHABLE)
    assert [(one.kind, one.key) for one in home.waiting()] == [(Kind.RECORDING, str(first))]
    assert set(there.recordings()) == {second}


def test_a_key_that_was_taken_back_is_told_and_a_new_one_goes_on(home, there):
    link(home, there)
    home.fill(1)
    with transaction(there.clinic.engine, writes=True) as db:
        db.exec(delete(AppTokenRow))

    refused = home.sender().send_all()
    link(home, there)
    sent = home.sender().send_all()

    assert (refused.trouble, refused.n_sent) == (Trouble.KEY_REFUSED, 0)
    assert (sent.trouble, sent.n_sent) == (None, 1)


def test_something_else_at_the_address_gets_nothing_and_is_told(home, there):
    link(home, there)
    home.fill(1)
    here = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html></html>"
    with always_saying(here.encode()) as url:
        elsewhere = Clinic(url, "key")
        told = replace(home.sender(), clinic=elsewhere).send_all()
        with pytest.raises(NotTempo90Error):
            elsewhere.patient_id()

    assert told.trouble is Trouble.NOT_TEMPO90
    assert len(home.waiting()) == 1


def test_a_program_that_ends_in_mid_round_leaves_the_rest_and_no_complaint(home, there):
    link(home, there)
    home.fill(3)
    there.line.share, there.line.ways = 1.0, ("500",)

    def end(_):
        raise StoppedError("tempo90 ends.")

    came_to = home.sender(sleep=end).send_all()

    assert came_to.trouble is None
    assert home.state().trouble is None
    assert home.state().n_waiting == 3


def test_only_one_program_sends_at_a_time(home):
    with only_sender(home.folder), pytest.raises(SendingAlreadyError), only_sender(home.folder):
        pass

    with only_sender(home.folder):
        pass


@pytest.mark.parametrize(
    "url",
    [
        "http://tempo.clinic.example",
        "tempo.clinic.example",
        "https://c.example/path",
        "https://",
        "",
    ],
)
def test_a_key_never_travels_in_the_open(home, url):
    with pytest.raises(LinkError):
        make_link(home.engine, ME, url, "x" * 40)


@pytest.mark.parametrize("key", ["", " ", "a b\nc" * 9, "é" * 40, "x" * 81])
def test_what_is_no_key_is_not_sent_anywhere(home, key):
    with pytest.raises(LinkError, match="no key"):
        make_link(home.engine, ME, "https://tempo.clinic.example", key)


def test_an_invitation_is_told_apart_from_a_key(home):
    with pytest.raises(LinkError, match="/invitation first"):
        make_link(home.engine, ME, "https://tempo.clinic.example", "ABCDE-FGHIJ-KLMNO-PQRST")


def test_a_wrong_key_makes_no_link(home, there):
    with pytest.raises(KeyRefusedError):
        make_link(home.engine, ME, there.url, "x" * 40)

    assert home.state() is None


def test_an_export_holds_no_key_and_an_erasure_leaves_no_link(home, there):
    link(home, there)
    home.fill(1)
    home.sender().send_all()
    key = home.link().token

    with transaction(home.engine, writes=True) as db:
        packed = b"".join(export_patient(db, home.files, ME.id))
        erase_patient(db, home.files, ME.id)

    tables = zipfile.ZipFile(io.BytesIO(packed))
    texts = [tables.read(name).decode() for name in tables.namelist()]
    assert there.url in "".join(texts)
    assert key not in "".join(texts)
    assert home.state() is None


@contextmanager
def always_saying(answer):
    """A service that says the same to everybody."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def take():
            with suppress(OSError):
                while True:
                    with listening.accept()[0] as client:
                        client.settimeout(5)
                        read_message(client)
                        client.sendall(answer)

        taking = threading.Thread(target=take)
        taking.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            taking.join()

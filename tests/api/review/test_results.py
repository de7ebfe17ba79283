from copy import deepcopy

import pytest

from api.access import Role, Scope
from api.review.errors import UnreadableRecordingError
from api.review.reanalysis import Reanalysed
from api.schemas import SetBody
from tests.api.access.people import open_clinic
from tests.api.builders import digest, exercise_set, session

RECORDING = b"a recording"
LEFT_OUT = {"kind": "discarded", "reason": "signal", "remark": ""}


def found(*sets):
    """What an engine of tomorrow would find."""

    def analyse(path, _):
        assert path.read_bytes() == RECORDING
        return Reanalysed(
            engine="9.9.9", catalogue="9", sets=[SetBody.model_validate(one) for one in sets]
        )

    return analyse


class Case:
    """A session of one set of four repetitions, with its recording."""

    def __init__(self, api, client, body):
        self.api, self.client = api, client
        self.before = exercise_set((3.0, 3.0, 3.0, 1.6))
        self.session_id, stored = api.put_session(body | {"exercise_sets": [self.before]})
        assert stored.status_code == 201, stored.text
        self.url = f"/api/v1/sessions/{self.session_id}"
        self.page = f"/sessions/{self.session_id}/results"

    def send_recording(self):
        header = {"Content-Digest": digest(RECORDING), "Content-Type": "application/octet-stream"}
        sent = self.client.put(f"{self.url}/recording", content=RECORDING, headers=header)
        assert sent.status_code in {200, 201}, sent.text

    def engine_finds(self, *sets):
        self.api.app.state.reanalyse = found(*sets)

    def analyse(self):
        return self.client.post(f"{self.url}/results")

    def decide(self, number, decision):
        return self.client.post(f"{self.url}/results/{number}/{decision}")

    def stored(self):
        return self.client.get(self.url).json()

    def states(self):
        listed = self.client.get(f"{self.url}/results").json()["results"]
        return [(one["number"], one["state"], one["engine"]) for one in listed]


@pytest.fixture
def case(clinic):
    made = Case(clinic, clinic.client, session())
    made.send_recording()
    return made


def slower_last():
    """The same set; the last repetition took 2.1 s, and a fifth one was found."""
    changed = exercise_set((3.0, 3.0, 3.0, 2.1, 3.0))
    changed["reps"][3]["flags"] = []
    return changed


def test_a_new_result_changes_nothing_until_it_is_accepted(case):
    before = case.stored()
    case.engine_finds(slower_last())

    proposed = case.analyse()

    assert proposed.status_code == 201
    assert case.stored() == before
    assert case.states() == [(2, "proposed", "9.9.9"), (1, "current", "0.1.0")]


def test_the_differences_name_counts_durations_and_flags(case):
    case.engine_finds(slower_last())

    changes = case.analyse().json()["differences"]

    values = {one["name"]: (one["before"], one["after"]) for one in changes[0]["values"]}
    fourth, fifth = changes[0]["reps"]
    assert values["reps"] == (4, 5)
    assert values["in_tempo"] == (3, 4)
    assert fourth["values"] == [{"name": "eccentric_s", "before": 1.6, "after": 2.1}]
    assert fourth["flags_gone"] == ["too_fast"]
    assert (fifth["before"], fifth["after"]) == (None, 5)


def test_the_same_result_has_no_differences_though_times_move_by_milliseconds(case):
    same = deepcopy(case.before)
    for one in same["reps"]:
        one["start_s"] += 0.004
        one["eccentric_s"] += 0.003
    case.engine_finds(same)

    proposed = case.analyse().json()

    assert (proposed["differences"], proposed["n_changes"]) == ([], 0)


def test_what_is_accepted_is_current_and_what_was_is_kept(case):
    case.engine_finds(slower_last())
    case.analyse()

    accepted = case.decide(2, "accept")

    assert accepted.json()["state"] == "current"
    assert case.states() == [(2, "current", "9.9.9"), (1, "earlier", "0.1.0")]
    assert case.stored()["engine"] == "9.9.9"
    assert len(case.stored()["exercise_sets"][0]["reps"]) == 5
    assert "trace" in case.stored()["exercise_sets"][0]


def test_the_result_before_can_be_taken_again_as_it_was(case):
    before = case.stored()
    case.engine_finds(slower_last())
    case.analyse()
    case.decide(2, "accept")

    case.decide(1, "accept")

    assert case.stored() == before
    assert case.states() == [(2, "earlier", "9.9.9"), (1, "current", "0.1.0")]


def test_a_client_that_repeats_its_upload_after_that_is_no_conflict(case):
    case.engine_finds(slower_last())
    case.analyse()
    case.decide(2, "accept")
    body = session() | {"exercise_sets": [case.before]}

    _, again = case.api.put_session(body, case.session_id)

    assert again.status_code == 200
    assert len(case.stored()["exercise_sets"][0]["reps"]) == 5


def test_what_is_declined_stays_in_the_list_and_cannot_be_decided_again(case):
    case.engine_finds(slower_last())
    case.analyse()

    declined, again = case.decide(2, "decline"), case.decide(2, "accept")

    assert declined.json()["state"] == "declined"
    assert (again.status_code, again.json()["type"].rpartition(":")[2]) == (409, "already-decided")
    assert case.decide(1, "accept").status_code == 409
    assert case.decide(7, "accept").status_code == 404


def test_a_second_proposal_takes_the_place_of_one_that_waits(case):
    case.engine_finds(case.before)
    case.analyse()

    case.analyse()

    assert [state for _, state, _ in case.states()] == ["proposed", "declined", "current"]


def test_marks_and_own_counts_go_along_to_what_takes_their_place(case):
    mark = f"{case.url}/sets/1/reps"
    case.client.put(f"{mark}/2/mark", json=LEFT_OUT)
    case.client.put(f"{mark}/4/mark", json=LEFT_OUT)
    case.client.put(f"{case.url}/sets/1/correction", json={"reps": 5})
    first = exercise_set((3.0,), trace=False) | {"start_s": 0.0, "end_s": 0.5, "reps": []}
    moved = exercise_set((3.0, 3.0, 3.0))
    case.engine_finds(first, moved)
    case.analyse()

    case.decide(2, "accept")

    marks = case.client.get(f"{case.url}/marks").json()["marks"]
    current = [(one["set_number"], one["rep_number"]) for one in marks if not one["ended_at"]]
    assert current == [(2, 2)]
    assert len(marks) == 3
    assert "You counted 5 repetitions" in case.client.get(f"/sessions/{case.session_id}").text


@pytest.mark.parametrize(("later_s", "n_kept"), [(1.0, 1), (3.5, 0)])
def test_a_mark_needs_half_of_its_repetition_in_the_new_one(case, later_s, n_kept):
    case.client.put(f"{case.url}/sets/1/reps/4/mark", json=LEFT_OUT)
    moved = deepcopy(case.before)
    for name in ("start_s", "peak_s", "end_s"):
        moved["reps"][3][name] += later_s
    moved["reps"][3]["end_s"] += 2.0
    case.engine_finds(moved)
    case.analyse()

    case.decide(2, "accept")

    marks = case.client.get(f"{case.url}/marks").json()["marks"]
    assert sum(one["ended_at"] is None for one in marks) == n_kept


def test_an_own_count_comes_back_with_the_set_that_it_was_given_to(case):
    case.client.put(f"{case.url}/sets/1/correction", json={"reps": 5})
    case.engine_finds()
    case.analyse()
    case.decide(2, "accept")
    without = case.client.get(f"/sessions/{case.session_id}").text

    case.decide(1, "accept")

    assert "You counted" not in without
    assert "You counted 5 repetitions" in case.client.get(f"/sessions/{case.session_id}").text


def test_without_a_recording_the_answer_says_so_and_nothing_changes(clinic):
    case = Case(clinic, clinic.client, session())
    case.engine_finds(case.before)

    never = case.analyse()
    case.send_recording()
    clinic.app.state.recordings.path(case.session_id).unlink()
    gone = case.analyse()
    page = case.client.post(case.page)

    assert (never.status_code, gone.status_code) == (404, 404)
    assert "No recording is stored" in never.json()["detail"]
    assert "is not there any more" in gone.json()["detail"]
    assert page.status_code == 404
    assert "There is no recording of this session any more" in page.text
    assert case.states() == []


def test_a_recording_of_which_nothing_can_be_made_is_told(case):
    def refuse(*_):
        raise UnreadableRecordingError("It cannot be analysed again: there is no sample in it.")

    case.api.app.state.reanalyse = refuse

    assert case.analyse().status_code == 422
    assert "Nothing can be made of the recording" in case.client.post(case.page).text


def test_a_service_that_cannot_read_recordings_says_so(case):
    assert case.analyse().status_code == 501
    assert "cannot read recordings itself" in case.client.post(case.page).text


def test_the_page_shows_the_differences_and_decides(case):
    case.engine_finds(slower_last())

    shown = case.client.post(case.page).text
    waiting = case.client.get("/results").text
    decided = case.client.post(f"{case.page}/2/accept").text

    assert "Result 2 waits for your decision" in shown
    assert "1.60 s" in shown
    assert "2.10 s" in shown
    assert "Synthetic patient 1" in waiting
    assert "Make current" in decided
    assert "No result waits" in case.client.get("/results").text


def test_those_without_a_difference_are_accepted_together(case):
    case.engine_finds(case.before)
    case.analyse()
    other = Case(case.api, case.client, session())
    other.send_recording()
    other.engine_finds(slower_last())
    other.analyse()

    left = case.client.post("/results/accept-same").text

    assert case.states()[0] == (2, "current", "9.9.9")
    assert other.states()[0] == (2, "proposed", "9.9.9")
    assert str(other.session_id) in left
    assert str(case.session_id) not in left


def test_a_clinician_analyses_again_only_with_consent_to_recordings():
    with open_clinic() as opened:
        anna, physio = (opened.add(role, role) for role in (Role.PATIENT, Role.CLINICIAN))
        opened.treat(physio, anna, (Scope.RESULTS,))
        session_id = opened.session_of(anna)
        address = f"/api/v1/sessions/{session_id}/results"

        refused = physio.client.post(address)
        opened.treat(physio, anna, (Scope.RESULTS, Scope.RECORDINGS))
        heard = physio.client.post(address)
        by_patient = anna.client.post(address)

        assert refused.status_code == 404
        assert heard.status_code == 501  # the gate let it through; this service has no engine
        assert by_patient.status_code == 403


def test_fhir_follows_an_accepted_result_and_says_who_accepted_it(case):
    case.engine_finds(slower_last())
    case.analyse()
    fhir, name = "/api/v1/fhir", f"set-1.{case.session_id}"
    before = case.client.get(f"{fhir}/Observation/{name}").json()

    case.decide(2, "accept")

    after = case.client.get(f"{fhir}/Observation/{name}").json()
    agents = case.client.get(f"{fhir}/Provenance/{case.session_id}").json()["agent"]
    counted = [
        next(
            part["valueQuantity"]["value"]
            for part in one["component"]
            if part["code"]["coding"][0]["code"] == "repetitions"
        )
        for one in (before, after)
    ]
    assert counted == [4, 5]
    assert (before["status"], after["status"]) == ("final", "amended")
    assert after["meta"]["lastUpdated"] > before["meta"]["lastUpdated"]
    assert [one["type"]["coding"][0]["code"] for one in agents] == ["assembler", "verifier"]

"""The programme over a link: begun on either side, changed on either side."""

from datetime import timedelta
from uuid import uuid4

import pytest

from api.access import Role
from tests.tracker.linking.both_sides import MONDAY, enrol, linked
from tests.tracker.linking.two_sides import ME
from tracker.linking.sending import Round

HOME = f"/api/v1/patients/{ME.id}"


@pytest.fixture
def both(tmp_path):
    with linked(tmp_path) as one:
        yield one


def begin_at_clinic(both, **fields):
    return enrol(both.there.patient.client, both.there.patient.patient_id, **fields)


def at_home(both):
    answer = both.page.get(f"{HOME}/enrolment")
    return answer.json() if answer.is_success else None


def there(both):
    found = both.at_clinic("enrolment")
    return found if "injury_episode_id" in found else None


def change(client, api, **fields):
    """Change the enrolment that stands."""
    stands = client.get(f"{api}/enrolment").json()
    keeps = {"injury_episode_id", "programme", "start_on", "time_zone", "choices", "band", "sport"}
    body = {name: stands[name] for name in keeps if stands.get(name) is not None} | fields
    answer = client.put(f"{api}/enrolment", json=body)
    assert answer.is_success, answer.text


def settled(both):
    state = both.home.state()
    return (state.n_waiting, state.refused) == (0, ())


def test_what_was_begun_at_home_is_known_at_the_clinic(both):
    injury_id = enrol(both.page, ME.id, band="yellow, single")
    both.page.post(f"{HOME}/rest-days", json={"from_on": str(MONDAY), "days": 1})

    both.sync()

    (injury,) = both.at_clinic("injury-episodes")["injury_episodes"]
    listed = both.physio.client.get(
        "/api/v1/clinic/patients", params={"show": "on_schedule"}
    ).json()
    assert (there(both)["injury_episode_id"], there(both)["band"]) == (injury_id, "yellow, single")
    assert (injury["side"], injury["baseline_complaints"]) == ("left", 5)
    assert both.at_clinic("rest-days")["rest_days"] == [str(MONDAY)]
    assert [one["id"] for one in listed["patients"]] == [str(both.there.patient.patient_id)]
    assert settled(both)


def test_what_the_clinic_began_is_followed_at_home_and_told_once(both):
    injury_id = begin_at_clinic(both, start_on=str(MONDAY - timedelta(days=14)))

    first, second = both.sync(), both.sync()

    page = both.page.get("/my-clinic", headers={"Accept-Language": "en"}).text
    assert "Your programme is the same here and at your clinic since 14 May 2026" in page
    assert at_home(both)["injury_episode_id"] == injury_id
    assert at_home(both)["start_on"] == str(MONDAY - timedelta(days=14))
    assert (first.taken.n_programmes, second.taken.n_programmes) == (1, 0)
    assert second == Round(taken=second.taken)
    assert settled(both)


def test_where_both_began_one_the_clinics_stands_and_the_other_one_ends(both):
    enrol(both.page, ME.id)
    injury_id = begin_at_clinic(both)

    both.sync()

    injuries = both.page.get(f"{HOME}/injury-episodes").json()["injury_episodes"]
    assert at_home(both)["injury_episode_id"] == there(both)["injury_episode_id"] == injury_id
    assert len(injuries) == 2
    assert settled(both)


def test_a_change_of_either_side_reaches_the_other(both):
    enrol(both.page, ME.id)
    both.sync()
    change(both.page, HOME, band="red, single")
    both.sync()
    of_home = there(both)["band"]
    change(both.physio.client, both.api, band="red, double")
    both.sync()

    assert (of_home, at_home(both)["band"]) == ("red, single", "red, double")
    assert settled(both)


def test_where_both_changed_it_the_clinics_stands(both):
    enrol(both.page, ME.id)
    both.sync()
    change(both.page, HOME, band="of home")
    change(both.physio.client, both.api, band="of the clinic")

    both.sync()

    assert (at_home(both)["band"], there(both)["band"]) == ("of the clinic", "of the clinic")
    assert settled(both)


def test_steps_of_sport_travel_and_those_of_another_sport_stay_behind(both):
    enrol(both.page, ME.id, sport="running", accepted_levels={"walk_jog": 2})
    both.sync()
    before = there(both)["accepted_levels"]
    change(both.physio.client, both.api, sport="cycling", accepted_levels={"ride": 1})
    both.sync()
    change(both.page, HOME, sport="running")
    both.sync()

    assert before == {"walk_jog": 2}
    assert at_home(both)["accepted_levels"] == there(both)["accepted_levels"] == {"walk_jog": 2}
    assert settled(both)


def test_a_day_of_rest_that_was_taken_back_goes_there_too(both):
    enrol(both.page, ME.id)
    both.page.post(f"{HOME}/rest-days", json={"from_on": str(MONDAY), "days": 2})
    both.sync()
    both.page.delete(f"{HOME}/rest-days/{MONDAY}")

    both.sync()

    assert both.at_clinic("rest-days")["rest_days"] == [str(MONDAY + timedelta(days=1))]


def test_a_change_that_could_not_be_sent_is_not_undone_by_what_is_read(both):
    enrol(both.page, ME.id)
    both.sync()
    change(both.page, HOME, band="red, single")
    sender = both.home.sender()
    told = sender.clinic.orders(both.there.patient.patient_id)
    sender.clinic.orders = lambda _: told  # it was asked, and what waits did not get through
    both.read(sender)

    assert at_home(both)["band"] == "red, single"
    both.sync()
    assert there(both)["band"] == "red, single"


def test_a_repeat_after_a_lost_answer_changes_nothing(both):
    enrol(both.page, ME.id)
    link = both.home.link()
    from_home = f"/api/v1/patients/{link.clinic_patient_id}/from-home/programme"
    waits = both.home.document_of_the_programme()
    app = both.there.clinic.browser()
    key = {"Authorization": f"Bearer {link.token}"}

    answers = [app.put(from_home, json=waits, headers=key) for _ in range(2)]
    both.sync()

    assert [one.status_code for one in answers] == [200, 200]
    assert there(both)["version"] == 1
    assert settled(both)


def test_what_a_key_says_of_a_clinicians_word_is_the_patients_own_statement(both):
    enrol(both.page, ME.id)
    change(
        both.page,
        HOME,
        sport="running",
        sport_from=str(MONDAY),
        sport_confirmed_by="Dr Nobody",
    )

    both.sync()

    assert there(both)["sport_from"] == str(MONDAY)
    assert there(both)["sport_confirmed_by"] == "patient, after asking the clinician"
    assert at_home(both)["sport_confirmed_by"] == "patient, after asking the clinician"


def test_a_programme_for_the_injury_of_somebody_else_is_refused(both):
    other = both.there.clinic.add(Role.PATIENT, "other")
    theirs = enrol(other.client, other.patient_id)
    enrol(both.page, ME.id)
    link, body = both.home.link(), both.home.document_of_the_programme()
    body["told"]["injury"]["id"] = body["told"]["enrolment"]["injury_episode_id"] = theirs
    answer = both.there.clinic.browser().put(
        f"/api/v1/patients/{link.clinic_patient_id}/from-home/programme",
        json=body,
        headers={"Authorization": f"Bearer {link.token}"},
    )
    unlike = body["told"] | {"injury": body["told"]["injury"] | {"id": str(uuid4())}}
    second = both.there.clinic.browser().put(
        f"/api/v1/patients/{link.clinic_patient_id}/from-home/programme",
        json=body | {"told": unlike},
        headers={"Authorization": f"Bearer {link.token}"},
    )

    assert (answer.status_code, second.status_code) == (409, 409)
    assert there(both) is None
    found = other.client.get(f"/api/v1/patients/{other.patient_id}/enrolment").json()
    assert found["injury_episode_id"] == theirs

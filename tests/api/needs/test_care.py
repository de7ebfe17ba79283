"""What a clinician adds to a record: notes, messages, totals, injuries, extra weeks, sport."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from api.access import Role
from api.care.rows import ClinicNoteRow
from api.db import transaction
from tests.api.access.people import open_clinic
from tests.api.builders import exercise_set, session
from tests.api.needs.clinic_story import START, a_practice, on_day

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(scope="module")
def house():
    with open_clinic() as clinic:
        yield clinic


@pytest.fixture
def care(house):
    physio, trained = a_practice(house, "anna")
    anna = trained["anna"].enrol()
    house.now = on_day(12, 12)
    physio.log_in()
    anna.person.log_in()
    return house, physio, anna


def page_of(physio, anna, path=""):
    answer = physio.client.get(f"/clinic/patients/{anna.id}{path}", headers=ENGLISH)
    assert answer.status_code == 200, answer.text
    return answer.text


def send(physio, anna, path, **fields):
    return physio.client.post(f"/clinic/patients/{anna.id}{path}", data=fields, headers=ENGLISH)


def test_the_page_of_a_patient_leads_to_all_that_is_known_of_them(care):
    _, physio, anna = care

    ways = re.search(r"<h1>.*?</h1>\s*<p>(.*?)</p>", page_of(physio, anna), re.DOTALL).group(1)

    linked = re.findall(r'href="([^"]+)"', ways)
    assert len(linked) == 3
    assert [physio.client.get(path).status_code for path in linked] == [200, 200, 200]


def test_a_message_stands_on_the_patients_day_until_it_was_seen(care):
    clinic, physio, anna = care
    send(physio, anna, "/messages", text="Blijf bij dit elastiek.\nTot dinsdag!")
    today = anna.person.client.get("/", headers=ENGLISH).text
    action = re.search(r'action="(/messages/[0-9a-f-]+/seen)"', today).group(1)
    unseen = page_of(physio, anna)
    clinic.later(minutes=5)

    after = anna.person.client.post(action, headers=ENGLISH).text

    assert "Blijf bij dit elastiek.\nTot dinsdag!" in today
    assert "not seen yet" in unseen
    assert "Blijf bij dit elastiek." not in after
    assert "seen 17 April 2026 12:05" in page_of(physio, anna)


def test_a_message_that_was_taken_back_is_nowhere_to_be_seen(care):
    _, physio, anna = care
    url = f"{anna.url}/messages"
    body = {"id": str(uuid4()), "text": "Per ongeluk"}
    first = physio.client.post(url, json=body)
    again = physio.client.post(url, json=body)
    other = physio.client.post(url, json=body | {"text": "Iets anders"})

    gone = physio.client.delete(f"{url}/{body['id']}")

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert gone.status_code == 204
    assert anna.person.client.get(url).json() == {"messages": []}
    assert anna.person.client.put(f"{url}/{body['id']}/seen").status_code == 404


def test_a_patient_reads_messages_and_writes_none(care):
    _, _, anna = care
    body = {"id": str(uuid4()), "text": "Hallo"}

    assert anna.person.client.post(f"{anna.url}/messages", json=body).status_code == 403
    assert anna.person.client.get(f"{anna.url}/notes").status_code == 403


def test_a_note_is_for_all_who_treat_and_taken_back_by_its_writer_alone(care):
    clinic, physio, anna = care
    other = clinic.add(Role.CLINICIAN, f"other-{uuid4().hex[:6]}")
    clinic.treat(other, anna.person)
    url = f"{anna.url}/notes"
    note = {"id": str(uuid4()), "text": "Overlegd met de sportarts."}
    physio.client.post(url, json=note)
    seen = other.client.get(url).json()["notes"][0]

    by_other = other.client.delete(f"{url}/{note['id']}")
    by_writer = physio.client.delete(f"{url}/{note['id']}")

    assert (seen["author"], seen["is_own"]) == (f"Synthetic {physio.login}", False)
    assert (by_other.status_code, by_writer.status_code) == (404, 204)
    assert other.client.get(url).json() == {"notes": []}
    with transaction(clinic.engine, writes=False) as db:
        row = db.get(ClinicNoteRow, UUID(note["id"]))
        assert row.text == note["text"]  # out of sight, and still there


def test_what_was_written_cannot_become_code(care):
    _, physio, anna = care

    send(physio, anna, "/notes", text="<script>alert(1)</script>")

    assert "<script>alert" not in page_of(physio, anna)


@pytest.mark.parametrize(
    ("instrument", "most"), [("fash", 100), ("visa_h", 100), ("lefs", 80), ("psk", 30)]
)
def test_a_total_is_no_more_than_its_questionnaire_allows(care, instrument, most):
    _, physio, anna = care
    url = f"{anna.url}/questionnaire-totals"
    given = {"instrument": instrument, "measured_on": "2026-04-17"}

    over = physio.client.put(f"{url}/{uuid4()}", json=given | {"total": most + 1})
    under = physio.client.put(f"{url}/{uuid4()}", json=given | {"total": -1})
    right = physio.client.put(f"{url}/{uuid4()}", json=given | {"total": most})
    twice = physio.client.put(f"{url}/{uuid4()}", json=given | {"total": 0})

    answers = (over, under, right, twice)
    assert [one.status_code for one in answers] == [422, 422, 201, 409]


def test_totals_are_entered_corrected_drawn_and_removed(care):
    _, physio, anna = care
    for on, total in (("2026-04-06", 41), ("2026-04-17", 63), ("2026-04-17", 64)):
        send(physio, anna, "/totals", instrument="lefs", total=total, measured_on=on)
    page = page_of(physio, anna)
    remove = re.search(r'action="[^"]*(/totals/[0-9a-f-]+/remove)"', page).group(1)

    after = send(physio, anna, remove).text

    assert "Totals of LEFS over time; the latest is 64 of 80." in page
    assert "<strong>63</strong>" not in page
    assert "the latest is 41 of 80." in after


def test_a_total_of_tomorrow_or_out_of_range_is_refused_in_words(care):
    _, physio, anna = care

    wrong = send(physio, anna, "/totals", instrument="psk", total=31, measured_on="2026-04-18")

    assert wrong.status_code == 422
    assert "Give a whole number from 0 to 30." in wrong.text
    assert "This day is still to come." in wrong.text
    assert 'value="31"' in wrong.text


def test_an_injury_is_added_and_changed(care):
    _, physio, anna = care
    new = page_of(physio, anna, "/injuries/new")
    path = re.search(r'action="[^"]*(/injuries/[0-9a-f-]+)"', new).group(1)
    given = {"side": "right", "cause": "tear", "grade": "2", "injured_on": "2026-04-01"}
    send(physio, anna, path, **given)

    page = send(physio, anna, path, **given | {"grade": "3", "site": "sit_bone"}).text

    filled = page_of(physio, anna, path)
    assert "Right, tear, grade 3" in page
    assert "at the sit bone" in page
    assert 'value="3" selected' in filled
    wrong = send(physio, anna, path, side="both", injured_on="2026-04-18")
    assert wrong.status_code == 422
    assert "This day is still to come." in wrong.text


def test_an_injury_of_another_patient_is_not_there(care):
    clinic, physio, anna = care
    bert = clinic.add(Role.PATIENT, f"bert-{uuid4().hex[:6]}")

    theirs = physio.client.get(f"/clinic/patients/{bert.patient_id}/injuries/{anna.injury_id}")
    strange = physio.client.get(f"/clinic/patients/{anna.id}/injuries/{uuid4()}")

    assert (theirs.status_code, strange.status_code) == (404, 404)


def week_on(anna, n):
    answer = anna.person.client.get(
        f"{anna.url}/calendar",
        params={"from": on_day(n).date().isoformat(), "to": on_day(n).date().isoformat()},
    )
    return answer.json()["days"][0]["week"]


def test_a_week_longer_puts_the_next_block_off_by_a_week_and_can_be_taken_back(care):
    _, physio, anna = care
    weeks = [week_on(anna, n) for n in (12, 15, 21, 22)]
    page = send(physio, anna, "/extra-weeks").text
    longer = [week_on(anna, n) for n in (12, 15, 21, 22)]
    undo = re.search(r'action="[^"]*(/extra-weeks/[0-9a-f-]+/undo)"', page).group(1)

    send(physio, anna, undo)
    send(physio, anna, undo)

    assert weeks == [2, 3, 3, 4]
    assert longer == [2, 2, 2, 3]
    assert "added on 17 Apr 2026" in page
    assert [week_on(anna, n) for n in (12, 15, 21, 22)] == weeks


def test_the_last_block_is_not_made_longer(care):
    clinic, physio, anna = care
    clinic.now = on_day(5 * 7 + 1, 12)
    physio.log_in()

    page = page_of(physio, anna)
    answer = physio.client.post(f"{anna.url}/extra-weeks")

    assert "it goes on until sport begins" in page
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:tempo90:problem:last-block"


def test_a_clinicians_confirmation_of_sport_counts_more_than_the_patients_word(care):
    clinic, physio, anna = care
    clinic.now = on_day(6 * 7 + 1, 12)
    physio.log_in()
    anna.person.log_in()
    anna.tell("answers", 43, 12, question="improved", is_yes=True)
    enrolment = anna.person.client.get(f"{anna.url}/enrolment").json()
    given = {"sport": "running", "sport_from": "2026-05-18", "sport_confirmed_by": "patient"}
    names = ("injury_episode_id", "start_on", "time_zone")
    told = {name: enrolment[name] for name in names} | given
    assert anna.person.client.put(f"{anna.url}/enrolment", json=told).status_code == 200
    own = page_of(physio, anna)

    page = send(physio, anna, "/sport", sport="running", from_on="2026-05-18").text

    assert "Began with sport on own statement on 18 May; nobody confirmed it" in own
    assert f"From 18 May, confirmed by Synthetic {physio.login}." in page
    assert "nobody confirmed it" not in page
    back = send(physio, anna, "/sport/undo").text
    assert "Says that complaints are clearly less" in back
    assert "confirmed by Synthetic physio" not in back


def test_the_page_of_a_patient_shows_what_was_measured_with_its_uncertainty(care):
    clinic, physio, anna = care
    anna.train(10, eccentric_s=2.2).train(11, eccentric_s=3.1, pain=4)
    clinic.now = on_day(12, 12)
    physio.log_in()

    page = page_of(physio, anna)

    assert "Seconds of the slow return, mean of 2 sessions; the band is 2.5 to 3.5 s." in page
    assert "<title>2.2 s ± 0.1 s</title>" in page
    assert "<title>90.0° ± 5.0°</title>" not in page  # the mean of these peaks is a little lower
    assert re.search(r"<title>8\d\.\d° ± 5\.0°</title>", page)
    assert "Highest pain of 2 days, from 0 to 10; the highest of all is 4." in page
    assert "<strong>2</strong> of the last 30 days" in page
    assert "Fewer than 16 days" in page


def test_a_trend_judges_each_session_by_the_order_that_it_followed(care):
    clinic, physio, anna = care
    slow = {"eccentric_s": 4.0, "in_tempo_s": [3.5, 4.5], "accepted_s": [3.0, 5.0]}
    anna.train(10, eccentric_s=3.0).train(11, eccentric_s=4.0, targets=slow)
    clinic.now = on_day(12, 12)
    physio.log_in()

    page = page_of(physio, anna)

    assert "Seconds of the slow return, mean of 2 sessions; the band is 3.5 to 4.5 s." in page
    assert re.findall(r'class="([a-z_ ]*)"[^>]*>\s*<title>[34]\.0 s', page) == ["mark in_tempo"] * 2


def test_days_with_data_are_counted_by_the_wall_of_the_patient(care):
    clinic, physio, anna = care
    for n in range(1, 17):
        anna.train(n, 23, sets=1)
        anna.train(n, 9, sets=1)
    clinic.now = on_day(17, 12)
    physio.log_in()
    sixteen = page_of(physio, anna)
    clinic.now = on_day(31, 12)
    physio.log_in()

    assert "<strong>16</strong> of the last 30 days" in sixteen
    assert "16 days or more" in sixteen
    assert "<strong>15</strong> of the last 30 days" in page_of(physio, anna)


def test_legs_are_compared_only_where_both_train_and_beyond_the_noise(care):
    clinic, physio, anna = care
    clinic.now = on_day(30, 9)
    sides = {"left": 3.0, "right": 3.8}
    sets = [
        exercise_set((took_s,) * 6, exercise="iso_stand_ext", trace=False) | {"side": side}
        for side, took_s in sides.items()
    ]
    sets += [exercise_set((2.0,) * 6, trace=False) | {"side": side} for side in sides]
    anna.person.log_in()
    body = session(patient_id=str(anna.id), started_at=clinic.now.isoformat(), exercise_sets=sets)
    assert anna.person.client.put(f"/api/v1/sessions/{uuid4()}", json=body).status_code == 201
    physio.log_in()

    page = page_of(physio, anna)

    assert "the way back took 0.8 s longer right" in page
    assert page.count("longer right") == 1


def test_rest_days_and_extra_weeks_both_move_the_end(care):
    _, physio, anna = care
    anna.person.log_in()
    body = {"from_on": "2026-04-18", "days": 3}
    anna.person.client.post(f"{anna.url}/rest-days", json=body)
    physio.client.post(f"{anna.url}/extra-weeks")
    last_on = START + timedelta(weeks=13, days=3 - 1)

    days = {
        on: anna.person.client.get(
            f"{anna.url}/calendar", params={"from": on.isoformat(), "to": on.isoformat()}
        ).json()["days"][0]["kind"]
        for on in (last_on, last_on + timedelta(days=1))
    }

    assert list(days.values()) == ["training", "finished"]

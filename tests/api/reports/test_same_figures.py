"""A repetition left out, and a total: the page, the PDF, the CSV and FHIR say the same of it."""

import csv
import io
import re
import zipfile
from html import unescape

import pytest
from fhir.resources.R4B import get_fhir_model_class
from pypdf import PdfReader

from api.pages.language import NOTHING
from tests.api.builders import PATIENT_ID, exercise_set, service, session

API = f"/api/v1/patients/{PATIENT_ID}"
FHIR = "/api/v1/fhir"
ENGLISH = {"Accept-Language": "en"}
SECONDS = (3.0, 3.1, 1.6, 2.9)  # the third is left out, and no repetition
MARK = {"kind": "discarded", "reason": "not_a_repetition", "remark": "Turned over."}
TOTAL_ID = "4f1c8e27-6d30-4b9e-a2c5-0b7d913e6f84"


@pytest.fixture(scope="module")
def marked():
    """A set of four repetitions of which one is left out, and the id of its session."""
    with service() as api:
        api.put_patient()
        session_id, answer = api.put_session(session(sets=[exercise_set(SECONDS)]))
        assert answer.status_code == 201
        url = f"/api/v1/sessions/{session_id}/sets/1/reps/3/mark"
        assert api.client.put(url, json=MARK).status_code == 201
        total = {"instrument": "visa_h", "total": 62, "measured_on": "2026-05-12"}
        put = api.client.put(f"{API}/questionnaire-totals/{TOTAL_ID}", json=total)
        assert put.status_code == 201
        yield api, session_id


def words(text):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def of_page(api, session_id):
    page = api.client.get(f"/sessions/{session_id}/review", headers=ENGLISH)
    assert page.status_code == 200
    return words(page.text)


def of_csv(api):
    with zipfile.ZipFile(io.BytesIO(api.client.get(f"{API}/results.zip").content)) as packed:
        return [
            list(csv.DictReader(io.StringIO(packed.read(name).decode())))
            for name in ("sets.csv", "reps.csv")
        ]


def of_pdf(api, reader):
    query = {"reader": reader, "language": "en", "from": "2026-05-01", "to": "2026-05-31"}
    answer = api.client.get(f"{API}/report.pdf", params=query)
    assert answer.status_code == 200, answer.text
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def of_fhir(api, name, session_id):
    found = api.client.get(f"{FHIR}/Observation/{name}-1.{session_id}").json()
    get_fhir_model_class("Observation").model_validate(found)
    return found, {one["code"]["coding"][0]["code"]: one for one in found["component"]}


def test_all_four_give_what_was_measured_and_what_counts(marked):
    api, session_id = marked
    (one_set,), _ = of_csv(api)
    _, told = of_fhir(api, "set", session_id)

    page, pdf = of_page(api, session_id), of_pdf(api, "clinician")

    numbers = {
        name: part["valueQuantity"]["value"]
        for name, part in told.items()
        if "valueQuantity" in part
    }
    assert (one_set["reps"], one_set["reps_counted"]) == ("4", "3")
    assert (numbers["repetitions"], numbers["repetitions-counted"]) == (4, 3)
    assert "3 without what was left out" in page
    assert "3 (measured 4)" in pdf
    assert float(one_set["dose_counted_s"]) == pytest.approx(9.0)
    assert numbers["time-under-eccentric-tension-counted"] == pytest.approx(9.0)
    assert f"9.0 s (measured {numbers['time-under-eccentric-tension']:.1f} s)" in pdf
    assert float(one_set["eccentric_mean_counted_s"]) == pytest.approx(3.0)
    assert numbers["eccentric-duration-mean-counted"] == pytest.approx(3.0)
    assert int(one_set["in_tempo_counted"]) == numbers["repetitions-in-tempo-counted"] == 3


def test_all_four_keep_the_measured_value_and_say_why_it_does_not_count(marked):
    api, session_id = marked
    _, reps = of_csv(api)
    observation, _ = of_fhir(api, "set", session_id)
    values, listed = of_fhir(api, "reps", session_id)

    page, pdf = of_page(api, session_id), of_pdf(api, "clinician")

    third = reps[2]
    assert (third["eccentric_s"], third["is_counted"]) == ("1.6", "False")
    assert (third["mark_reason"], third["mark_remark"]) == ("not_a_repetition", "Turned over.")
    assert [rep["is_counted"] for rep in reps] == ["True", "True", "False", "True"]
    seconds = listed["eccentric-duration-per-repetition"]["valueSampledData"]["data"].split()
    assert seconds[2] == "1.600"
    assert listed["left-out-per-repetition"]["valueSampledData"]["data"] == "0 0 1 0"
    (note,) = observation["note"]
    assert note["text"] == "Repetition 3 not counted: not a repetition. Turned over."
    assert note == values["note"][0]
    assert (observation["status"], note["authorString"]) == ("amended", "tempo90")
    for told in (page, pdf):
        assert "not a repetition" in told
        assert "Turned over" in told


def test_less_than_ten_minutes_are_told_to_a_tenth(marked):
    api, _ = marked

    assert "0.2 of 0.8 min" in of_pdf(api, "patient")


def test_the_patient_reads_that_one_does_not_count(marked):
    api, _ = marked

    assert "does not count one of these repetitions" in of_pdf(api, "patient")


def test_who_marked_stands_in_the_provenance(marked):
    api, session_id = marked

    found = api.client.get(f"{FHIR}/Provenance/{session_id}").json()

    get_fhir_model_class("Provenance").model_validate(found)
    told = {one["type"]["coding"][0]["code"]: one["who"] for one in found["agent"]}
    assert told["author"] == {"display": "tempo90"}


def test_a_mark_that_is_taken_back_leaves_the_numbers_as_measured():
    with service() as api:
        api.put_patient()
        session_id, _ = api.put_session(session(sets=[exercise_set(SECONDS)]))
        url = f"/api/v1/sessions/{session_id}/sets/1/reps/3/mark"
        api.client.put(url, json=MARK)
        marked_at = of_fhir(api, "set", session_id)[0]["meta"]["lastUpdated"]
        api.client.delete(url)

        observation, told = of_fhir(api, "set", session_id)
        (one_set,), _ = of_csv(api)

    assert observation["status"] == "final"
    assert "note" not in observation
    assert "repetitions-counted" not in told
    assert one_set["reps_counted"] == one_set["reps"] == "4"
    assert observation["meta"]["lastUpdated"] >= marked_at


def test_a_total_is_a_questionnaire_response_without_items_of_the_instrument(marked):
    api, _ = marked
    bundle = api.client.get(
        f"{FHIR}/QuestionnaireResponse", params={"patient": str(PATIENT_ID)}
    ).json()
    (entry,) = bundle["entry"]
    found = entry["resource"]
    asked = api.client.get(f"{FHIR}/Questionnaire/visa-h-total").json()

    get_fhir_model_class("QuestionnaireResponse").model_validate(found)
    get_fhir_model_class("Questionnaire").model_validate(asked)

    assert found["questionnaire"] == asked["url"]
    assert [one["linkId"] for one in found["item"]] == [one["linkId"] for one in asked["item"]]
    assert found["item"][0]["answer"] == [{"valueInteger": 62}]
    assert found["item"][1]["answer"] == [{"valueDate": "2026-05-12"}]
    assert "licence" in asked["description"]
    assert api.client.get(f"{FHIR}/QuestionnaireResponse/{found['id']}").json() == found


def test_a_set_that_followed_an_order_is_counted_again_by_its_own_targets():
    slow = {"eccentric_s": 4.0, "in_tempo_s": [3.5, 4.5], "accepted_s": [3.0, 5.0]}
    one = exercise_set((4.0, 4.1, 4.0, 1.6), targets=slow)
    one["quality"]["in_tempo"] = 3
    with service() as api:
        api.put_patient()
        session_id, _ = api.put_session(session(sets=[one]))
        mark = f"/api/v1/sessions/{session_id}/sets/1/reps/4/mark"
        assert api.client.put(mark, json=MARK).status_code == 201

        (row,), _ = of_csv(api)
        _, told = of_fhir(api, "set", session_id)
        pdf, page = of_pdf(api, "clinician"), of_page(api, session_id)

    assert row["in_tempo_counted"] == row["in_tempo"] == "3"
    assert told["repetitions-in-tempo-counted"]["valueQuantity"]["value"] == 3
    assert "3 (measured 4) 3 " in pdf
    assert "3 without what was left out" in page
    (band,) = told["eccentric-duration-mean"]["referenceRange"]
    assert (band["low"]["value"], band["high"]["value"]) == (3.5, 4.5)
    assert band["text"] == "in tempo; 4 s prescribed"


def test_a_run_and_a_stretch_have_no_repetitions_and_nobody_gives_them_any():
    run = untimed_set("run_intervals", bouts=[{"kind": "run", "start_s": 3.0, "end_s": 63.0}])
    stretch = untimed_set("stretch_hamstring", holds=[{"start_s": 2.0, "end_s": 32.0}])
    with service() as api:
        api.put_patient()
        session_id, answer = api.put_session(session(sets=[run, stretch]))
        assert answer.status_code == 201

        rows, _ = of_csv(api)
        of_run = of_fhir(api, "set", session_id)[1]
        of_stretch = api.client.get(f"{FHIR}/Observation/set-2.{session_id}").json()["component"]
        pdf = of_pdf(api, "clinician")

    assert [row["reps"] for row in rows] == ["", ""]
    assert [row["active_s"] for row in rows] == ["60.0", "30.0"]
    assert "repetitions" not in of_run
    assert of_run["time-in-activity"]["valueQuantity"]["value"] == 60
    codes = [one["code"]["coding"][0]["code"] for one in of_stretch]
    assert "repetitions" not in codes
    assert not [one for one in of_stretch if "dataAbsentReason" in one]
    assert f"Walk-jog intervals 1 {NOTHING}" in pdf


def test_pain_that_was_told_between_the_trainings_is_in_the_report():
    with service() as api:
        api.put_patient()
        api.put_session(session(pain={"before": 1, "worst": 2}))
        check_in = {"id": TOTAL_ID, "at": "2026-05-13T07:00:00Z", "pain": 8}
        assert api.client.post(f"{API}/check-ins", json=check_in).status_code == 201

        patient, clinician = of_pdf(api, "patient"), of_pdf(api, "clinician")

    assert "The worst pain you told was 8 of 10." in patient
    assert "8 from 0 to 10" in clinician


def untimed_set(exercise, **spans):
    one = exercise_set((), exercise=exercise, trace=False, end_s=64.0, quality={}, **spans)
    del one["reps"], one["band"]
    return one


def test_a_long_word_of_a_remark_is_broken_and_stays_in_its_column():
    word = "https:" + 70 * "x"
    with service() as api:
        api.put_patient()
        session_id, _ = api.put_session(session(sets=[exercise_set(SECONDS)]))
        url = f"/api/v1/sessions/{session_id}/sets/1/reps/3/mark"
        assert api.client.put(url, json=MARK | {"remark": word}).status_code == 201

        pdf = of_pdf(api, "clinician")

    in_lines = re.findall(r"x{2,}", pdf.replace("\u200b", ""))
    assert sum(map(len, in_lines)) == 70
    assert len(in_lines) > 1

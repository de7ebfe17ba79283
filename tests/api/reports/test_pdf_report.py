"""The report on paper: read back by another program, in both languages, for both readers."""

import io
import sys
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pypdf import PdfReader

from api.access import Role
from tests.api.access.people import open_clinic
from tests.api.builders import PATIENT_ID, exercise_set, service, session

NOW = datetime(2026, 5, 25, 10, 0, tzinfo=UTC)
ADDRESS = f"/api/v1/patients/{PATIENT_ID}/report.pdf"
ORDER = {
    "patient_id": str(PATIENT_ID),
    "exercise": "ecc_prone_helper",
    "sets": 3,
    "reps": 15,
    "eccentric_s": 3.0,
    "peak_deg": 90.0,
    "band": "training band, yellow",
    "starts_on": "2026-05-04",
}


@pytest.fixture(scope="module")
def trained():
    """Three weeks of a programme, with one session of a set of two repetitions on most days."""
    with service() as api:
        api.app.state.clock = lambda: NOW
        api.put_patient()
        patient, episode_id = f"/api/v1/patients/{PATIENT_ID}", str(uuid4())
        injury = {"side": "left", "cause": "tear", "grade": 2, "injured_on": "2026-04-20"}
        api.client.put(f"{patient}/injury-episodes/{episode_id}", json=injury)
        enrolment = {
            "injury_episode_id": episode_id,
            "programme": "hamstring",
            "start_on": "2026-05-04",
            "time_zone": "Europe/Amsterdam",
        }
        assert api.client.put(f"{patient}/enrolment", json=enrolment).status_code == 201
        assert api.client.post("/api/v1/prescriptions", json=ORDER).status_code == 201
        for day in range(18):
            at = datetime(2026, 5, 4, 7, 0, tzinfo=UTC) + timedelta(days=day)
            pain = {"before": 1, "worst": 4 if day < 7 else 2}
            sets = [exercise_set((3.0, 1.6)), exercise_set((2.8, 3.1), exercise="iso_prone_raise")]
            _, answer = api.put_session(session(sets=sets, started_at=at.isoformat(), pain=pain))
            assert answer.status_code == 201
        yield api


def printed(api, **query):
    answer = api.client.get(ADDRESS, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


def words_of(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_patient_reads_in_dutch_what_was_done(trained):
    text = words_of(printed(trained, language="nl", reader="patient"))

    assert "Je training Synthetic patient 1" in text
    assert "4 mei 2026 tot en met 25 mei 2026" in text
    assert "Blessure: linkerbeen, scheur, graad 2" in text
    assert "Je trainde op 18 dagen, in totaal 18 keer." in text
    assert "18 van je 36 langzame terugwegen hadden een goed tempo: gemiddeld 2,3 s." in text
    assert "De ergste pijn die je noemde was 4 van 10." in text
    assert "geen diagnose" in text
    assert "Week voor week" not in text


def test_the_clinician_reads_the_tables_in_english(trained):
    text = words_of(printed(trained, language="en", reader="clinician"))

    assert "Training report" in text
    assert "18 of 44" in text  # twice a day for the 22 days up to now
    assert "50 % 18 of 36 repetitions" in text
    assert "4 May 7 of 14 7 14 50 % 0.5 min 2.3 s 4" in text
    assert "11 May 7 of 14 7 14 50 % 0.5 min 2.3 s 2" in text
    assert "Prone straight-leg raise 18 36" in text
    assert "training band, yellow" in text
    assert "4 May 2 Jun 18 not over yet" in text
    assert "Measured with WT901BLE67 (witmotion) by engine 0.1.0." in text


def test_a_screen_reader_finds_structure_language_title_and_words_for_each_picture(trained):
    reader = printed(trained, language="nl", reader="clinician")

    root = reader.trailer["/Root"]
    kinds, alts = [], []

    def walk(node):
        found = node.get_object()
        if isinstance(found, list):
            for one in found:
                walk(one)
        elif isinstance(found, dict):
            kinds.append(found.get("/S"))
            alts.extend([found["/Alt"]] if "/Alt" in found else [])
            if "/K" in found and not isinstance(found["/K"], int):
                walk(found["/K"])

    walk(root["/StructTreeRoot"])
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == "Trainingsverslag · Synthetic patient 1"
    assert {"/H1", "/H2", "/Table", "/TH", "/Figure", "/Caption"} <= set(kinds)
    assert len(alts) == 5
    assert all("mei" in alt or ":" in alt for alt in alts)
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()


def test_only_the_typeface_of_the_package_is_on_the_pages(trained):
    reader = printed(trained)

    fonts = {
        font.get_object()["/BaseFont"]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("NotoSans" in name for name in fonts)


def test_a_shorter_span_counts_its_own_days_alone(trained):
    query = {"from": "2026-05-04", "to": "2026-05-06", "language": "en", "reader": "patient"}

    text = words_of(printed(trained, **query))

    assert "You trained on 3 days, 3 times in all." in text


def test_a_span_without_training_is_said_in_words_and_has_no_charts(trained):
    reader = printed(trained, **{"from": "2026-01-01", "to": "2026-01-31", "language": "en"})

    assert "No training was stored in these days." in words_of(reader)
    assert len(reader.pages) == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"from": "2026-05-06", "to": "2026-05-04"}, 400),
        ({"from": "2020-01-01"}, 400),
        ({"from": "soon"}, 422),
        ({"language": "fr"}, 422),
    ],
)
def test_what_makes_no_report_is_refused(trained, query, status):
    answer = trained.client.get(ADDRESS, params=query)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_a_patient_is_called_is_text_and_never_part_of_the_template():
    with service() as api:
        api.put_patient(name="#panic() $x$ *Synthetic* \\ [one]")

        text = words_of(printed(api, language="en"))

    assert "#panic() $x$ *Synthetic* \\ [one]" in text


def test_a_character_that_the_typeface_lacks_is_replaced_and_the_rest_is_printed():
    with service() as api:
        api.put_patient(name="Zoë Ωμέγα \U0002cb29 ok\x01")

        text = words_of(printed(api, language="en"))

    assert "Zoë Ωμέγα ? ok?" in text


def test_without_the_extra_the_answer_says_what_to_install_and_the_page_offers_tables(
    trained, monkeypatch
):
    monkeypatch.setitem(sys.modules, "typst", None)

    refused = trained.client.get(ADDRESS)
    page = trained.client.get(f"/patients/{PATIENT_ID}/report", headers={"Accept": "text/html"})

    assert refused.status_code == 501
    assert "tempo90[clinic]" in refused.json()["detail"]
    assert "tempo90[clinic]" in page.text
    assert "report.pdf" not in page.text
    assert "results.zip" in page.text


def test_who_logs_in_gets_the_report_made_for_them():
    with open_clinic() as clinic:
        anna = clinic.add(Role.PATIENT, "anna")
        physio = clinic.add(Role.CLINICIAN, "physio")
        clinic.treat(physio, anna)
        clinic.session_of(anna)
        address = f"/api/v1/patients/{anna.patient_id}/report.pdf?language=en"

        own, of_clinician = (
            words_of(PdfReader(io.BytesIO(one.client.get(address).content)))
            for one in (anna, physio)
        )

    assert "Your training" in own
    assert "Training report" in of_clinician


def test_a_set_is_of_the_patients_own_day_not_of_the_clinics():
    with service() as api:
        api.app.state.clock = lambda: NOW
        api.put_patient()
        patient, episode_id = f"/api/v1/patients/{PATIENT_ID}", str(uuid4())
        api.client.put(f"{patient}/injury-episodes/{episode_id}", json={"side": "left"})
        enrolment = {
            "injury_episode_id": episode_id,
            "programme": "hamstring",
            "start_on": "2026-05-04",
            "time_zone": "America/St_Johns",
        }
        assert api.client.put(f"{patient}/enrolment", json=enrolment).status_code == 201
        api.put_session(session(sets=[exercise_set()], started_at="2026-05-21T23:00:00-02:30"))
        days = {"from": "2026-05-21", "to": "2026-05-21"}

        text = words_of(printed(api, language="en", reader="clinician", **days))

    assert "set 1 of Thursday 21 May 2026" in text
    assert "22 May 2026" not in text

import csv
import io
import zipfile

from tests.api.builders import PATIENT_ID, exercise_set, session, three_sets

ADDRESS = f"/api/v1/patients/{PATIENT_ID}/results.zip"


def files_of(api):
    answer = api.client.get(ADDRESS)
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return {
            name: list(csv.DictReader(io.StringIO(packed.read(name).decode())))
            for name in packed.namelist()
        }


def test_every_set_and_repetition_is_a_line_with_its_numbers(clinic):
    session_id, _ = clinic.put_session(session(sets=three_sets()))

    found = files_of(clinic)

    sets, reps = found["sets.csv"], found["reps.csv"]
    assert [len(sets), len(reps)] == [3, 44]
    assert (sets[0]["session_id"], sets[0]["eccentric_mean_s"]) == (str(session_id), "2.973")
    assert [rep["eccentric_s"] for rep in reps[:3]] == ["3.1", "3.0", "2.9"]
    assert reps[15]["set_number"] == "2"
    assert (reps[0]["exercise"], reps[0]["side"]) == ("ecc_prone_helper", "left")
    assert reps[0]["sparc"] == "-1.6"


def test_the_dictionary_explains_every_column_and_no_other(clinic):
    clinic.put_session()

    found = files_of(clinic)

    explained = {(line["file"], line["column"]) for line in found["data-dictionary.csv"]}
    columns = {(name, column) for name in ("sets.csv", "reps.csv") for column in found[name][0]}
    assert explained == columns
    assert all(line["meaning"] for line in found["data-dictionary.csv"])


def test_no_spreadsheet_takes_what_somebody_wrote_for_a_formula(clinic):
    bands = ["=1+2", "+1", "-1", "@x", "\t=1", "yellow = single"]
    sets = [exercise_set((3.0,), trace=False, band=band) for band in bands]
    clinic.put_session(session(sets=sets))

    written = [line["band"] for line in files_of(clinic)["sets.csv"]]

    assert written == ["'=1+2", "'+1", "'-1", "'@x", "'\t=1", "yellow = single"]


def test_nobody_is_told_apart_from_somebody_without_sessions(clinic):
    empty = files_of(clinic)
    missing = clinic.client.get("/api/v1/patients/00000000-0000-4000-8000-000000000000/results.zip")

    assert empty["sets.csv"] == []
    assert missing.status_code == 404

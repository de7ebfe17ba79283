"""The list by need of patients who follow an order for another tempo."""

import pytest

from tests.api.needs.clinic_story import clinic_of, on_day


@pytest.mark.parametrize(
    ("took_s", "asked", "is_told"),
    [(1.8, None, True), (1.8, [2.0, 1.5, 2.5], False), (2.4, [4.0, 3.5, 4.5], True)],
)
def test_too_fast_is_said_by_the_order_that_a_patient_follows(took_s, asked, is_told, database):
    fields = {}
    if asked is not None:
        tempo_s, low_s, high_s = asked
        band = [low_s, high_s]
        fields["targets"] = {"eccentric_s": tempo_s, "in_tempo_s": band, "accepted_s": band}
    with clinic_of("anna", database=database) as (clinic, physio, trained):
        anna = trained["anna"].enrol(on_day(9).date())
        anna.train_daily((9, 10), eccentric_s=took_s, **fields)
        clinic.now = on_day(11, 12)

        physio.log_in()
        (patient,) = physio.client.get("/api/v1/clinic/patients").json()["patients"]

    assert ("tempo_low" in [reason["code"] for reason in patient["needs"]]) is is_told

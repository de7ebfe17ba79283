"""What another program sends with a set is kept, and no page or report ends in a defect over it."""

import pytest

from tests.api.builders import PATIENT_ID, exercise_set, service, session

REPORT = f"/api/v1/patients/{PATIENT_ID}/report.pdf?from=2026-05-01&to=2026-05-31&reader="


@pytest.mark.parametrize(
    "odd",
    [
        {"holds": [{"start_s": "soon", "end_s": 1}, 7]},
        {"bouts": {"start_s": 1, "end_s": 2}},
        {
            "bouts": [
                {"start_s": 0, "end_s": 1e300},
                {"start_s": 0, "end_s": 9, "cadence_per_min": 1e300},
            ]
        },
        {"targets": {"eccentric_s": 1e300, "in_tempo_s": [1e300, 1e300]}},
        {"targets": {"eccentric_s": -5, "peak_deg": -5, "in_tempo_s": [-5, -5]}},
        {"targets": {"eccentric_s": 0, "peak_deg": 0, "in_tempo_s": [0, 0]}},
        {"targets": {"in_tempo_s": [5, 1]}, "prescription": [1]},
    ],
)
def test_a_set_with_odd_extras_is_shown_printed_and_exchanged(odd):
    with service() as api:
        api.put_patient()
        session_id, stored = api.put_session(session(sets=[exercise_set((3.0, 2.9), **odd)]))
        addresses = (
            f"/sessions/{session_id}",
            f"/sessions/{session_id}/review",
            f"/api/v1/fhir/Observation/set-1.{session_id}",
            f"/api/v1/patients/{PATIENT_ID}/results.zip",
            f"{REPORT}clinician",
        )

        answers = {address: api.client.get(address).status_code for address in addresses}

    assert stored.status_code == 201
    assert set(answers.values()) == {200}, answers

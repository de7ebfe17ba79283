from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from api.reports.data_days import windows
from tests.api.builders import PATIENT_ID, session

FIRST = date(2026, 5, 4)
SPAN = st.integers(0, 120)


def test_sixteen_days_of_thirty_are_enough_and_fifteen_are_not():
    fifteen = [FIRST + timedelta(days=n) for n in range(15)]

    [few] = windows(fifteen, FIRST, FIRST + timedelta(days=29))
    [enough] = windows([*fifteen, date(2026, 6, 2)], FIRST, FIRST + timedelta(days=29))

    assert (few.days_with_data, few.has_enough) == (15, False)
    assert (enough.days_with_data, enough.has_enough, enough.is_complete) == (16, True, True)


@given(st.lists(SPAN), SPAN)
def test_every_day_with_data_counts_in_one_window(offsets, length):
    last = FIRST + timedelta(days=length)
    days = [FIRST + timedelta(days=n) for n in offsets]

    found = windows(days, FIRST, last)

    assert sum(one.days_with_data for one in found) == len({n for n in offsets if n <= length})
    assert [one.is_complete for one in found[:-1]] == [True] * (len(found) - 1)


def test_two_sessions_on_a_day_of_the_patient_are_one_day(clinic):
    for at in ("2026-05-04T22:30:00Z", "2026-05-05T06:00:00Z", "2026-05-06T06:00:00Z"):
        clinic.put_session(session(started_at=at))  # 22:30 is 00:30 of the next day in Amsterdam

    answer = clinic.client.get(
        f"/api/v1/patients/{PATIENT_ID}/data-days?from=2026-05-04&to=2026-05-31"
    )

    [window] = answer.json()["windows"]
    assert (window["days_with_data"], window["is_complete"]) == (2, False)
    assert answer.json()["enough_days"] == 16

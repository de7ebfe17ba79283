from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.ics import LINE_BYTES, Appointment, calendar_file, fold
from tests.api.course_builders import AMSTERDAM, at, day, enrolled_patient, local_install

NOW = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)


@pytest.fixture
def patient():
    with enrolled_patient(is_own=True) as enrolled:
        yield enrolled


def unfold(text):
    """The lines of a calendar file, checked as RFC 5545 section 3.1 asks."""
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n")
    physical = text.removesuffix("\r\n").split("\r\n")
    assert all(len(line.encode()) <= LINE_BYTES for line in physical)
    lines = []
    for line in physical:
        if line.startswith(" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return lines


def events(text):
    """The events of a calendar file, each a dict; alarms are counted under VALARM."""
    found, open_parts = [], []
    for line in unfold(text):
        name, _, value = line.partition(":")
        if name == "BEGIN":
            open_parts.append(value)
            if value == "VEVENT":
                found.append({"VALARM": 0})
            elif value == "VALARM":
                found[-1]["VALARM"] += 1
        elif name == "END":
            assert open_parts.pop() == value
        elif open_parts[-1] == "VEVENT":
            assert name not in found[-1], line
            found[-1][name] = value
    assert open_parts == []
    return found


def begins(event):
    parsed = datetime.strptime(event["DTSTART"], "%Y%m%dT%H%M%SZ")  # noqa: DTZ007 (made aware next)
    return parsed.replace(tzinfo=UTC).astimezone(AMSTERDAM)


def download(patient, **times):
    answer = patient.api.client.get(
        "/reminders.ics", params=times, headers={"Accept-Language": "nl"}
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    return events(answer.content.decode())


def called(listed):
    return [one for one in listed if one["STATUS"] == "CONFIRMED"]


def test_there_are_two_a_day_until_the_end_of_the_programme(patient):
    listed = called(download(patient, first="07:30", second="20:15"))

    assert len(listed) == 2 * 84
    assert {begins(one).time() for one in listed} == {time(7, 30), time(20, 15)}
    assert begins(listed[0]).date() == day(1)
    assert begins(listed[-1]).date() == day(84)
    assert {one["VALARM"] for one in listed} == {1}
    assert listed[0]["SUMMARY"] == "Tijd voor je oefeningen"


def test_the_hour_on_the_wall_stays_when_summer_time_ends():
    with enrolled_patient(is_own=True, start_on="2026-10-19") as patient:
        patient.move(at(date(2026, 10, 19), 6))

        listed = called(download(patient))

    assert {begins(one).time() for one in listed} == {time(8), time(19)}
    assert {one["DTSTART"][8:] for one in listed} == {
        "T060000Z",
        "T170000Z",
        "T070000Z",
        "T180000Z",
    }


def test_a_rest_day_takes_back_what_an_earlier_file_announced(patient):
    before = {one["UID"]: one for one in download(patient)}
    patient.move(at(day(2)) + timedelta(hours=1))
    patient.post("rest-days", {"from_on": str(day(5)), "days": 1})

    after = {one["UID"]: one for one in download(patient)}

    rested = [one for one in after.values() if begins(one).date() == day(5)]
    assert {one["STATUS"] for one in rested} == {"CANCELLED"}
    assert all(before[one["UID"]]["STATUS"] == "CONFIRMED" for one in rested)
    assert all(int(one["SEQUENCE"]) > int(before[one["UID"]]["SEQUENCE"]) for one in rested)
    assert max(begins(one).date() for one in called(after.values())) == day(85)


def test_a_day_of_sport_is_announced_once():
    from_on = str(day(43))
    with enrolled_patient(is_own=True, sport="cycling", sport_from=from_on) as patient:
        patient.move(at(day(43), 6))

        listed = [one for one in called(download(patient)) if begins(one).date() == day(43)]

    assert [one["SUMMARY"] for one in listed] == ["Een dag van je sportherstel"]


def test_every_appointment_has_an_id_of_its_own_and_the_same_next_time(patient):
    first, second = (  # another hour is the same appointment, moved
        [one["UID"] for one in download(patient, first=hour)] for hour in ("07:00", "09:00")
    )

    assert first == second
    assert len(set(first)) == len(first)


def test_without_a_programme_there_is_a_page_but_no_file():
    with local_install() as newcomer:
        newcomer.api.put_patient()

        assert "There is no programme yet" in newcomer.open("/reminders").text
        assert newcomer.open("/reminders.ics").status_code == 404


def test_what_would_end_a_line_or_a_list_is_escaped():
    one = Appointment(id=UUID(int=1), begins_at=NOW, minutes=5, title="a,b;c\\d", words="x\ny")

    event = events(calendar_file("n", [one], now=NOW))[0]

    assert event["SUMMARY"] == r"a\,b\;c\\d"
    assert event["DESCRIPTION"] == r"x\ny"


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=400))
def test_a_folded_line_is_short_enough_and_unfolds_to_itself(words):
    line = f"SUMMARY:{words}"

    assert unfold(fold(line) + "\r\n") == [line]

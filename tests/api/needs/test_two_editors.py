"""Two clinicians with the same form open: the second is told, and loses nothing typed."""

import re
from html import unescape
from uuid import uuid4

import pytest

from api.access import Role
from api.pages.edits import seen, two_edits
from tests.api.access.people import NOON, open_clinic

ENGLISH = {"Accept-Language": "en"}
TODAY = NOON.date().isoformat()
CONFLICT = "Somebody changed this in the meantime"


class Two:
    """Two clinicians who treat Anna."""

    def __init__(self, clinic):
        self.clinic = clinic
        self.first, self.second = (clinic.add(Role.CLINICIAN, one) for one in ("first", "second"))
        self.anna = clinic.add(Role.PATIENT, "anna")
        for one in (self.first, self.second):
            clinic.treat(one, self.anna)
        self.base = f"/clinic/patients/{self.anna.patient_id}"

    def open(self, who, path):
        page = who.client.get(path, headers=ENGLISH)
        assert page.status_code == 200, page.text
        return fields_of(page)

    def send(self, who, path, fields):
        return who.client.post(path, data=fields, headers=ENGLISH, follow_redirects=False)


@pytest.fixture
def two():
    with open_clinic() as clinic:
        yield Two(clinic)


def fields_of(page):
    """What the form on a page would send, as it is filled in."""
    form = page.text[page.text.rindex('<form method="post" action="/clinic') :]
    found = {}
    for tag in re.findall(r"<input [^>]*>", form):
        named = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        is_off = 'type="radio"' in tag and " checked" not in tag
        if named and not is_off:
            found[unescape(named[1])] = unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select id="([^"]*)".*?>(.*?)</select>', form):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def injury(two):
    path = f"{two.base}/injuries/{uuid4()}"
    stored = {"side": "left", "cause": "overload", "baseline_complaints": "5"}
    assert two.send(two.first, path, stored).status_code == 303
    return path


def test_who_stores_an_injury_second_is_told_what_the_first_changed_and_keeps_what_was_typed(two):
    path = injury(two)
    by_first, by_second = two.open(two.first, path), two.open(two.second, path)
    two.send(two.first, path, by_first | {"cause": "tear", "injured_on": "2026-05-01"})

    told = two.send(two.second, path, by_second | {"sport": "hockey"})
    kept = two.open(two.first, path)
    again = two.send(two.second, path, fields_of(told))

    text = unescape(told.text)
    assert (told.status_code, again.status_code) == (409, 303)
    assert CONFLICT in text
    assert "Cause: tear in place of overload" in text
    assert "Injured on: 1 May 2026 in place of nothing" in text
    assert kept["sport"] == ""
    stored = two.open(two.first, path)
    assert (stored["cause"], stored["injured_on"], stored["sport"]) == (
        "tear",
        "2026-05-01",
        "hockey",
    )


def test_where_both_changed_one_field_the_second_ones_is_filled_in_and_named(two):
    path = injury(two)
    by_first, by_second = two.open(two.first, path), two.open(two.second, path)
    two.send(two.first, path, by_first | {"cause": "tear"})

    told = two.send(two.second, path, by_second | {"cause": "back"})

    assert "Both of you changed this, and yours is filled in: Cause." in told.text
    assert fields_of(told)["cause"] == "back"


def test_two_who_change_the_same_to_the_same_are_in_nobodys_way(two):
    path = injury(two)
    by_first, by_second = two.open(two.first, path), two.open(two.second, path)
    two.send(two.first, path, by_first | {"cause": "tear"})

    assert two.send(two.second, path, by_second | {"cause": "tear"}).status_code == 303


def test_thresholds_of_a_clinic_say_who_changed_them_and_when(two):
    path = "/clinic/thresholds"
    by_first, by_second = two.open(two.first, path), two.open(two.second, path)
    names = [name for name in by_first if not name.startswith("seen-")]
    two.send(two.first, path, by_first | {names[0]: "7"})

    told = two.send(two.second, path, by_second | {names[1]: "4"})
    again = two.send(two.second, path, fields_of(told))

    stored = two.open(two.first, path)
    assert (told.status_code, again.status_code) == (409, 303)
    assert CONFLICT in told.text
    assert "Synthetic first" in told.text
    assert (stored[names[0]], stored[names[1]]) == ("7", "4")


def test_a_total_of_a_day_that_has_one_is_stored_only_once_that_was_told(two):
    path = f"{two.base}/totals"
    total = {"instrument": "fash", "total": "62", "measured_on": TODAY, "id": str(uuid4())}
    two.send(two.first, path, total)
    other = total | {"total": "26", "id": str(uuid4())}

    told = two.send(two.second, path, other)
    api = f"/api/v1/patients/{two.anna.patient_id}/questionnaire-totals"
    kept = [one["total"] for one in two.first.client.get(api).json()["questionnaire_totals"]]
    again = two.send(two.second, path, other | {"replaces": "62"})

    (stored,) = two.first.client.get(api).json()["questionnaire_totals"]
    assert (told.status_code, again.status_code, kept) == (409, 303, [62])
    assert "62, entered by Synthetic first" in told.text
    assert 'name="replaces" value="62"' in told.text
    assert (stored["total"], stored["entered_by"]) == (26, "Synthetic second")


def test_a_form_that_says_not_what_it_showed_is_taken_as_it_is():
    stored = {"cause": "tear", "sport": ""}

    bare = two_edits({"cause": "back"}, stored, stored)
    shown = two_edits({"cause": "back", **seen({"cause": "overload"}, stored)}, stored, stored)

    assert bare.changed == []
    assert [(one.name, one.is_by_both) for one in shown.changed] == [("cause", True)]

"""The clinician's editor, over HTTP as a form."""

import re
from datetime import timedelta

import pytest

from api.access import Role
from tests.api.prescription_ward import CORE, TODAY, Ward, X, at, form_of, lines, open_ward, places


@pytest.fixture(scope="module")
def people():
    with open_ward() as opened:
        yield opened


@pytest.fixture
def ward(people):
    return Ward(*people)


def test_what_is_filled_in_is_ordered_and_the_rest_stays_as_the_programme_has_it(ward):
    answer = ward.order(
        reps="12", eccentric_s="4,5", peak_deg="80", side="right", band="green", strands="double"
    )

    order = ward.version()["orders"][0]
    assert answer.status_code == 200
    assert (order["sets"], order["reps"], order["eccentric_s"]) == (3, 12, 4.5)
    assert (order["peak_deg"], order["side"], order["rest_s"]) == (80.0, "right", None)
    assert order["band"] == {"colour": "green", "strands": "double"}
    assert order["starts_on"] == str(TODAY)
    planned = ward.today()[CORE]
    assert (planned["reps"], planned["tempo_s"], planned["sets_due"]) == (12, [4.0, 5.0], 6)
    assert planned["prescription"]["version"] == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"reps": "0"}, "Give a number from 1 to 100."),
        ({"reps": "2.5"}, "Give a whole number."),
        ({"eccentric_s": "slow"}, "Give a number."),
        ({"eccentric_s": "inf"}, "Give a number."),
        ({"eccentric_s": "1"}, "Give a number from 1.5 to 15."),
        ({"tempo_tolerance_s": "2", "eccentric_s": "2"}, "That is wider than the time itself."),
        ({"starts_on": "2026-06-10", "ends_on": "2026-06-09"}, "This day is before the first one."),
        ({"starts_on": "2026-05-01", "ends_on": "2026-05-02"}, "This day is over."),
        ({"is_left_out": "yes", "is_added": "yes"}, "Choose one of the two"),
        ({"side": "middle"}, "Choose one of these."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_saved(ward, values, sentence):
    answer = ward.order(**values)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert ward.version() is None
    for name, value in values.items():
        fields = form_of(answer)
        if name not in {"side", "is_left_out", "is_added"}:
            assert fields[f"{places(fields, CORE)[0]}.{name}"] == value


def test_a_knee_is_never_ordered_further_than_its_limit(ward):
    fields = form_of(ward.open()) | {"do": "save", "reason": "x"}
    fields |= at(fields, "conc_seated", peak_deg="95")

    answer = ward.send(fields)

    assert answer.status_code == 422
    assert "the knee never bends further than 90°" in answer.text


def test_two_orders_for_the_same_first_day_are_refused(ward):
    ward.order(reps="12")
    fields = form_of(ward.open()) | {"do": "save", "reason": "x"}
    fields |= at(fields, CORE, 1, reps="10", starts_on=str(TODAY))

    answer = ward.send(fields)

    assert answer.status_code == 422
    assert "start on the same day" in answer.text


def test_a_change_needs_a_reason(ward):
    answer = ward.order(reps="12", reason=" ")

    assert answer.status_code == 422
    assert "Say why; the patient reads it too." in answer.text


def test_saving_without_a_change_makes_no_version(ward):
    ward.order(reps="12")

    answer = ward.order()

    assert answer.status_code == 422
    assert "Nothing was changed" in answer.text
    assert ward.version()["number"] == 1


def test_the_preview_shows_a_day_as_it_would_be_and_stores_nothing(ward):
    later = TODAY + timedelta(days=3)
    fields = form_of(ward.open()) | {"do": "preview", "preview_on": str(later)}
    fields |= at(fields, CORE, reps="12", starts_on=str(later))
    fields |= at(fields, "iso_prone_raise", is_left_out="yes")

    answer = ward.send(fields)
    before = ward.send(fields | {"preview_on": str(TODAY)})

    shown = lines(answer)
    core = next(line for line in shown if line.startswith("Eccentric leg curl, prone"))
    assert f"3 {X} 12" in core
    assert f"before: 3 {X} 15" in core
    assert any(
        line.startswith(f"Prone straight-leg raise not asked before: 3 {X} 20") for line in shown
    )
    assert f"3 {X} 12" not in next(
        line for line in lines(before) if line.startswith("Eccentric leg curl")
    )
    assert ward.version() is None


def test_an_exercise_can_be_ordered_in_weeks_that_have_not_got_it(ward):
    fields = form_of(ward.open()) | {"do": "save", "reason": "strong already"}
    ward.send(fields | at(fields, "squat_single", is_added="yes", reps="8"))

    assert ward.today()["squat_single"]["reps"] == 8


def test_a_template_can_be_removed(ward):
    fields = form_of(ward.open()) | {"do": "template", "template_name": "Calm start"}
    page = ward.send(fields | at(fields, CORE, reps="10"))
    address = re.search(r'action="[^"]*/(prescription/templates/[^"]+/remove)"', page.text).group(1)

    after = ward.send({}, path=address)

    assert "Calm start" in page.text
    assert "Calm start" not in after.text


def test_an_order_is_edited_in_place_and_one_that_is_removed_is_gone(ward):
    ward.order(reps="12", band="green")
    fields = form_of(ward.open()) | {"do": "save", "reason": "more"}
    ward.send(fields | at(fields, CORE, reps="14"))
    edited = ward.version()["orders"]
    fields = form_of(ward.open()) | {"do": "save", "reason": "enough"}

    ward.send(fields | at(fields, CORE, is_removed="yes"))

    assert [(one["reps"], one["band"]) for one in edited] == [(14, {"colour": "green"})]
    assert ward.version()["orders"] == []
    assert ward.today()[CORE]["reps"] == 15


def test_without_a_programme_the_page_leads_to_its_beginning(ward):
    carl = ward.clinic.add(Role.PATIENT, "carl")
    ward.clinic.treat(ward.physio, carl)
    ward.base = f"/patients/{carl.patient_id}"

    answer = ward.physio.client.get(f"{ward.base}/prescription/edit", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, f"{ward.base}/today")

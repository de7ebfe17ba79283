"""From the clinic to a patient's own computer: orders, extra weeks and messages."""

from datetime import timedelta
from uuid import UUID

import pytest

from api.access import Role
from api.linking import Trouble
from tests.api.prescription_ward import CORE
from tests.tracker.linking.both_sides import LATER, MONDAY, enrol, linked
from tests.tracker.linking.two_sides import ME, NOON
from tracker.linking.here import make_link, unlink
from tracker.linking.reading import read_orders
from tracker.linking.sending import Round


@pytest.fixture
def both(tmp_path):
    with linked(tmp_path) as one:
        enrol(one.page, ME.id)
        enrol(one.there.patient.client, one.there.patient.patient_id)
        yield one


def test_an_order_of_the_clinic_counts_at_home_from_when_it_arrived_and_both_moments_are_told(both):
    before = both.core()
    made = both.order("calmer, after a painful week")

    taken = both.sync().taken

    version = both.course().versions[-1]
    assert before != (2, 8)
    assert both.core() == (2, 8)
    assert (taken.n_orders, both.sync().taken.n_orders) == (1, 0)
    assert (version.id, version.reason) == (UUID(made["id"]), "calmer, after a painful week")
    assert (version.ordered_at, version.made_at) == (NOON, LATER)
    shown = both.page.get("/prescription", headers={"Accept-Language": "en"}).text
    assert "calmer, after a painful week" in shown
    assert "ordered 12 May 2026" in shown
    assert (
        "Your exercises changed" in both.page.get("/today", headers={"Accept-Language": "en"}).text
    )


def test_a_day_that_is_over_is_judged_by_what_was_known_at_home(both):
    both.order("first", reps=10)
    both.sync(NOON)
    both.order("second", based_on=1, reps=5)
    before = both.core(NOON + timedelta(days=1))

    both.sync(LATER)

    assert before == (2, 10)
    assert both.core(NOON + timedelta(days=1)) == (2, 10)
    assert both.core(LATER) == (2, 5)


def test_without_a_network_the_last_known_order_counts_and_is_told_with_its_date(both):
    both.order("first", reps=10)
    both.sync(NOON)
    both.order("second", based_on=1, reps=5)
    both.there.line.share = 1.0

    came_to = both.sync()

    state = both.home.state()
    assert came_to.trouble in {Trouble.UNREACHABLE, Trouble.NOT_TEMPO90}
    assert both.core() == (2, 10)
    assert (state.read_at, state.order.ordered_at, state.order.by) == (
        NOON,
        NOON,
        "Synthetic physio",
    )
    assert "Synthetic physio" in both.page.get("/my-clinic").text


def test_while_linked_the_clinic_prescribes_and_after_that_the_last_order_can_be_changed(both):
    both.order()
    both.sync()
    url, body = f"/api/v1/patients/{ME.id}/prescription/undo", {"based_on": 1, "reason": "mine"}

    refused = both.page.post(url, json=body)
    editor = both.page.get("/prescription/edit", follow_redirects=False)
    unlink(both.home.engine, ME)
    taken_back = both.page.post(url, json=body)

    assert (refused.status_code, editor.status_code) == (409, 409)
    assert refused.json()["type"].endswith("clinic-prescribes")
    assert "prescription/edit" in both.page.get("/prescription").text
    assert (taken_back.status_code, both.course().versions[0].ordered_at) == (201, NOON)


def test_what_was_ordered_at_home_before_gives_way_and_stays_in_the_history(both):
    order = {"exercise": CORE, "sets": 3, "reps": 12, "starts_on": str(MONDAY)}
    body = {"based_on": 0, "reason": "my own", "orders": [order]}
    both.page.post(f"/api/v1/patients/{ME.id}/prescription/versions", json=body)
    both.order("of the clinic")

    both.sync(LATER + timedelta(days=1))

    told = [
        (one.reason, one.ordered_at is None)
        for one in both.course(LATER + timedelta(days=1)).versions
    ]
    assert told == [("my own", True), ("of the clinic", False)]
    assert both.core(LATER) == (3, 12)
    assert both.core(LATER + timedelta(days=1)) == (2, 8)


def test_a_second_link_to_the_same_clinic_doubles_nothing_and_prescribes_again(both):
    both.order()
    both.sync()
    unlink(both.home.engine, ME)
    make_link(both.home.engine, ME, both.there.url, both.there.key())

    taken = both.sync().taken

    assert (taken.n_orders, len(both.course().versions)) == (0, 1)
    assert both.course().versions[0].is_from_afar


def test_a_week_longer_and_its_taking_back_reach_the_computer(both):
    answer = both.physio.client.post(f"{both.api}/extra-weeks")
    (week,) = answer.json()["extra_weeks"]

    both.sync()
    longer = both.course().enrolment.extra_weeks
    again = both.sync().taken
    both.physio.client.delete(f"{both.api}/extra-weeks/{week['id']}")
    both.sync()

    assert dict(longer) == {week["after_week"]: 1}
    assert again.n_weeks == 0
    assert not both.course().enrolment.extra_weeks


def test_a_message_is_shown_at_home_and_seen_at_the_clinic(both):
    message_id = both.write("Mooi rustig.")
    both.sync()
    shown = both.page.get("/today").text
    both.page.post(f"/messages/{message_id}/seen")

    both.sync()

    (told,) = both.at_clinic("messages")["messages"]
    assert "Mooi rustig." in shown
    assert told["seen_at"] is not None
    assert (both.home.state().n_waiting, both.home.state().refused) == (0, ())


def test_a_message_that_was_withdrawn_or_seen_there_is_no_longer_shown_here(both):
    withdrawn, seen = both.write("To the wrong one."), both.write("Seen elsewhere.")
    both.sync()
    both.physio.client.delete(f"{both.api}/messages/{withdrawn}")
    both.there.patient.client.put(f"{both.api}/messages/{seen}/seen")

    both.sync()

    shown = both.page.get("/today").text
    assert "To the wrong one." not in shown
    assert "Seen elsewhere." not in shown
    assert both.home.state().n_waiting == 0


def test_a_key_reads_what_was_ordered_for_its_patient_and_nothing_else(both):
    app, other = (
        both.there.clinic.app(both.there.patient),
        both.there.clinic.add(Role.PATIENT, "ben"),
    )
    both.order()

    own = app.get(f"{both.api}/from-clinic")
    others = app.get(f"/api/v1/patients/{other.patient_id}/from-clinic")
    rest = [
        app.get(f"{both.api}/{path}").status_code
        for path in ("prescription", "sessions", "messages")
    ]

    assert (own.status_code, len(own.json()["versions"])) == (200, 1)
    assert others.status_code == 404
    assert set(rest) == {403}


def test_a_clinic_of_before_this_was_told_still_takes_what_is_sent(both):
    class Older:
        def orders(self, _):
            return None

    sender = both.home.sender()
    object.__setattr__(sender, "clinic", Older())

    came_to = read_orders(sender, Round(n_sent=1))

    assert (came_to.n_sent, came_to.taken, came_to.trouble) == (1, None, None)

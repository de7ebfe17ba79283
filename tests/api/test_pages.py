import re
from uuid import uuid4

import pytest
from fastapi import Request

from api.pages import Link
from api.pages.language import N_
from tests.api.builders import PATIENT_ID, exercise_set, service, session, three_sets

HOSTILE = "<script>alert(1)</script>"


def page(api, path, language="en", **headers):
    return api.client.get(path, headers={"Accept-Language": language} | headers)


def words(html):
    """The text of a page, as a reader sees it."""
    body = re.sub(r"<(script|title|style)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split()).replace(" ,", ",")


def show(api, body, language="en"):
    session_id, stored = api.put_session(body)
    assert stored.status_code == 201, stored.text
    return page(api, f"/sessions/{session_id}", language)


def test_an_empty_service_says_what_to_do_next(api):
    for path in ("/", "/sessions"):
        text = words(page(api, path).text)

        assert "No sessions yet" in text
        assert "tempo90 train ecc_prone_helper --sensor sim" in text


def test_home_shows_the_latest_session_and_those_before(clinic):
    clinic.put_session(session(started_at="2026-05-11T08:30:00Z"))
    newest, _ = clinic.put_session(session(sets=three_sets()))

    answer = page(clinic, "/")

    text = words(answer.text)
    assert f'href="/sessions/{newest}"' in answer.text
    assert "Latest session Eccentric leg curl, prone, with helper 12 May 2026, 10:30" in text
    assert "Repetitions 44 of 45" in text
    assert "Eccentric time 117.5 of 135.0 s" in text
    assert "11 May 2026 10:30" in text


def test_a_stretch_is_no_repetition_of_the_session(clinic):
    stretch = exercise_set((3.0,), exercise="stretch_hamstring", trace=False)

    text = words(show(clinic, session(sets=[stretch, *three_sets()])).text)
    alone = words(show(clinic, session(sets=[stretch, stretch])).text)

    assert "Sets 4 Repetitions 44 of 45" in text
    assert "Sets 2 Repetitions \N{EN DASH}" in alone


@pytest.mark.parametrize("exercise", ["run_continuous", "run_intervals", "cycling"])
def test_a_run_or_a_ride_is_not_told_as_no_repetitions(clinic, exercise):
    led = exercise_set((), exercise=exercise, trace=False)

    text = words(show(clinic, session(sets=[led, led])).text)
    mixed = words(show(clinic, session(sets=[led, *three_sets()])).text)

    assert "Sets 2 Repetitions \N{EN DASH}" in text
    assert "Sets 4 Repetitions 44 of 45" in mixed


def test_a_set_shows_its_key_numbers_with_units_and_what_was_prescribed(clinic):
    text = words(show(clinic, session(sets=three_sets())).text)

    assert "Repetitions 15 of 15" in text
    assert "In tempo 11 of 15 2.5 to 3.5 s" in text
    assert "Eccentric time 29.8 of 45.0 s measured movement" in text
    assert "Knee bend, mean peak 89° ± 5° aim: about 90°" in text


@pytest.mark.parametrize(
    ("exercise", "expected"),
    [
        ("ecc_seated_solo", "Knee bend, mean peak 89° ± 10° aim: about 90°"),
        ("conc_seated", "Knee bend, mean peak 89° ± 10° no more than 90°"),
        ("iso_prone_raise", "Leg raise, mean peak 89° ± 1°"),
    ],
)
def test_an_angle_is_as_sure_as_its_exercise_lets_it_be(clinic, exercise, expected):
    body = session(sets=[exercise_set((3.0, 2.9), exercise=exercise)])

    assert expected in words(show(clinic, body).text)


def test_dutch_is_spoken_with_dutch_numbers_and_dates(clinic):
    answer = show(clinic, session(sets=three_sets()), "nl-NL,nl;q=0.9")

    text = words(answer.text)
    assert '<html lang="nl">' in answer.text
    assert answer.headers["content-language"] == "nl"
    assert "dinsdag 12 mei 2026, 10:30" in text
    assert "Excentrische tijd 29,8 van 45,0 s" in text
    assert "Kniebuiging, gemiddelde top 89° ± 5° doel: ongeveer 90°" in text


def test_a_sentence_is_said_in_the_readers_language_whatever_was_stored(clinic):
    body = session(sets=[exercise_set((3.0,) * 15)])

    english, dutch = show(clinic, body).text, show(clinic, body, "nl").text

    assert "15 of 15 took about 3 seconds" in words(english)
    assert "15 van de 15 keer ongeveer 3 seconden" in words(dutch)


def test_a_sentence_that_is_not_known_here_is_shown_as_it_was_stored(clinic):
    feedback = [
        {"code": "from_a_later_engine", "text": "Stored words."},
        {"code": "good_tempo", "kind": "praise", "text": "Without values."},
        {"code": "without_text", "kind": "of a later engine"},
    ]

    text = words(show(clinic, session(sets=[exercise_set((3.0,), feedback=feedback)])).text)

    assert "Stored words." in text
    assert "Without values." in text
    assert "without text" in text


def test_the_language_that_was_asked_for_is_remembered(api):
    asked = page(api, "/?lang=nl")
    later = page(api, "/")
    unknown = page(api, "/?lang=xx")

    assert "lang=nl" in asked.headers["set-cookie"]
    assert 'lang="nl"' in later.text
    assert "set-cookie" not in unknown.headers


def test_flags_are_said_in_words(clinic):
    one = exercise_set((3.0, 1.8))
    one["reps"][0]["flags"] = ["shallow", "of_a_later_engine"]

    text = words(show(clinic, session(sets=[one])).text)

    assert "1 3.0 s 90° in tempo, not bent far enough, of a later engine" in text
    assert "2 1.8 s 88° too fast" in text


def test_an_exercise_of_a_later_catalogue_is_still_shown(clinic):
    body = session(sets=[exercise_set((3.0, 2.9), exercise="of_a_later_catalogue")])

    text = words(show(clinic, body).text)

    assert "Set 1 of_a_later_catalogue" in text
    assert "3.0 s" in text


def test_a_set_without_numbers_says_so_and_shows_no_zero(clinic):
    bare = {"exercise": "ecc_prone_helper", "start_s": 0, "end_s": 9, "reps": []}

    text = words(show(clinic, session(sets=[bare], pain=None, soreness=None)).text)

    assert "No repetitions were found in this set." in text
    assert "Eccentric time" not in text
    assert "Pain \N{EN DASH}" in text


def test_a_session_without_sets_is_shown(clinic):
    assert "This session holds no sets." in words(show(clinic, session(sets=[])).text)


@pytest.mark.parametrize(
    ("pain", "expected"),
    [
        ({"before": 2, "worst": 3}, "Pain 3 at worst 2 before"),
        ({"worst": 3}, "Pain 3 at worst from 0 to 10"),
        ({"before": 2}, "Pain 2 before from 0 to 10"),
        ({"before": 0, "worst": 0}, "Pain 0 at worst 0 before"),
    ],
)
def test_pain_is_a_number_out_of_ten(clinic, pain, expected):
    assert expected in words(show(clinic, session(pain=pain)).text)


def test_where_the_numbers_come_from_is_shown(clinic):
    text = words(show(clinic, session()).text)

    assert "Sensor WT901BLE67 · witmotion · 00:00:5E:00:53:01" in text
    assert "Engine 0.1.0 Exercise catalogue 1" in text


def test_what_people_wrote_cannot_become_code(clinic):
    clinic.put_patient(name=HOSTILE)
    one = exercise_set((3.0, 2.9), band=HOSTILE, exercise=HOSTILE)
    one["feedback"] = [{"code": "x", "text": HOSTILE}]
    one["reps"][0]["flags"] = [HOSTILE]
    body = session(sets=[one], notes=HOSTILE, sensor={"family": HOSTILE}, engine=HOSTILE)

    html = show(clinic, body).text + page(clinic, "/").text + page(clinic, "/sessions").text

    assert "&lt;script&gt;alert" in html
    assert "<script>alert" not in html
    assert HOSTILE.replace("<", "\\u003c") not in html


@pytest.mark.parametrize("path", ["/", "/sessions", "SESSION", "/nothing"])
def test_no_page_holds_style_or_script_of_its_own(clinic, path):
    session_id, _ = clinic.put_session(session(sets=three_sets()))
    target = path.replace("SESSION", f"/sessions/{session_id}")

    html = page(clinic, target, Accept="text/html").text

    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", html)
    for attributes in re.findall(r"<script\b([^>]*)>", html):
        assert 'src="/static/' in attributes or 'type="application/json"' in attributes


def test_the_list_goes_on_page_by_page_and_for_one_patient(clinic):
    other = uuid4()
    clinic.put_patient(other, name="Synthetic patient 2")
    for minute in range(33):
        clinic.put_session(session(sets=[], started_at=f"2026-05-12T08:{minute:02}:00Z"))
    clinic.put_session(session(sets=[], patient_id=str(other)))

    first = page(clinic, f"/sessions?patient_id={PATIENT_ID}").text
    older = re.search(r'href="([^"]*after=[^"]*)"', first).group(1).replace("&amp;", "&")
    second = page(clinic, older).text

    assert "Sessions of Synthetic patient 1" in words(first)
    assert first.count("<time ") == 30
    assert second.count("<time ") == 3
    assert "Newest" in words(second)
    assert "Older" not in words(second)


def test_a_service_for_this_computer_alone_says_so():
    with service() as local, service(is_loopback_only=False) as open_to_others:
        assert "only this computer can open these pages" in words(page(local, "/").text)
        assert "only this computer" not in words(page(open_to_others, "/").text)


def test_assets_are_named_by_their_content_and_kept(api):
    html = page(api, "/").text
    style = re.search(r'href="(/static/tempo90\.css\?v=[0-9a-f]{10})"', html).group(1)

    kept, module = api.client.get(style), api.client.get("/static/session.js?v=1")

    assert "immutable" in kept.headers["cache-control"]
    assert module.headers["cache-control"] == "no-cache"
    assert api.client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"
    assert api.client.get("/static/../templates/page.html").status_code == 404


def test_a_template_that_names_a_missing_asset_fails_at_once(api):
    with pytest.raises(LookupError, match=r"missing\.css"):
        api.app.state.pages._asset("missing.css")


def test_another_package_can_add_pages_of_its_own(api, tmp_path):
    (tmp_path / "own.html").write_text(
        '{% extends "page.html" %}{% block title %}Own{% endblock %}'
        '{% block main %}<h1>{{ _("Own page") }}</h1>{{ asset("own.css") }}{% endblock %}'
    )
    (tmp_path / "own.css").write_text("h1 { color: inherit; }")
    folder = tmp_path / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Own page"\nmsgstr "Eigen pagina"\n'
    )
    pages = api.app.state.pages
    link = Link("/own", N_("Own page"))

    pages.extend(templates=tmp_path, static=tmp_path, locale=tmp_path, links=[link])

    @api.app.get("/own")
    def show_own(request: Request):
        return pages.show(request, "own.html")

    html = page(api, "/own", "nl").text

    assert "<h1>Eigen pagina</h1>" in html
    assert 'href="/own" aria-current="page">Eigen pagina</a>' in html
    assert "Sessies" in html
    assert api.client.get(re.search(r"/static/own\.css\S*", html).group(0)).is_success

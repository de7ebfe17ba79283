"""The pages in a real browser, on a real server: what a reader can do with them."""

import json

import pytest
from playwright.sync_api import expect

from tests.api.builders import service, session, three_sets
from tests.browser import accessibility_problems, open_browser, open_page, serve, wait_until

VIEW_S = """() => [...document.querySelectorAll('figure.trace .plot')[0].querySelectorAll('text')]
  .map(text => parseFloat(text.textContent.replace(',', '.')))"""
SMALL_TARGETS = """() => [...document.querySelectorAll('nav a, .languages a, button, summary')]
  .filter(one => one.offsetParent && one.getBoundingClientRect().height < 44)
  .map(one => one.outerHTML)"""
WHOLE_S = (0, 80)  # first and last label of the first set, which lasts 85 s
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

HEIGHT = "() => document.documentElement.scrollHeight"


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def site():
    with service() as api, serve(api.app) as url:
        api.put_patient()
        session_id, _ = api.put_session(session(sets=three_sets(), notes="De band zat strak."))
        yield {
            "home": url,
            "sessions": f"{url}/sessions",
            "session": f"{url}/sessions/{session_id}",
        }


@pytest.fixture(scope="module")
def empty_site():
    with service() as api, serve(api.app) as url:
        yield {"home": url, "sessions": f"{url}/sessions", "missing": f"{url}/nothing"}


@pytest.fixture
def desk(browser, site):
    """The page of a session on a desk, its traces ready to be moved."""
    with open_page(browser, locale="en-GB") as page:
        page.goto(site["session"])
        page.wait_for_function("() => document.querySelectorAll('[data-ready]').length === 3")
        yield page


def shown_s(page):
    """First and last time label in sight on the first trace."""
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    labels = page.evaluate(VIEW_S)
    return labels[0], labels[-1]


@pytest.mark.parametrize(
    "reader",
    [
        {"width": 390, "locale": "nl-NL", "color_scheme": "dark"},
        {"width": 1440, "locale": "en-GB", "color_scheme": "light"},
    ],
    ids=["phone", "desk"],
)
def test_every_page_is_sound_on_a_phone_and_on_a_desk(browser, site, empty_site, reader):
    addresses = [*site.values(), *empty_site.values()]
    with open_page(browser, allowed=("404",), **reader) as page:
        for address in addresses:
            page.goto(address)
            for summary in page.locator("summary").all():
                summary.click()

            assert accessibility_problems(page) == [], address
            assert page.evaluate(TOO_WIDE) == 0, address
            assert page.evaluate(SMALL_TARGETS) == [], address


def test_the_language_can_be_changed_on_every_page(browser, site):
    with open_page(browser, locale="en-GB") as page:
        page.goto(site["session"])

        page.get_by_role("link", name="Nederlands").click()
        page.get_by_role("link", name="Sessies").first.click()

        assert page.locator("html").get_attribute("lang") == "nl"
        assert page.get_by_role("heading", level=1).inner_text() == "Sessies"


def test_a_page_says_everything_without_javascript(browser, site):
    with open_page(browser, java_script_enabled=False, locale="en-GB") as page:
        page.goto(site["session"])
        page.locator("summary").first.click()

        assert page.locator("figure.trace .curve").count() == 3
        assert page.locator("figure.trace .lowering").count() == 44
        assert page.locator("table.reps").first.locator("tbody tr").count() == 15
        assert page.locator(".tools").first.is_hidden()


def test_the_script_draws_what_the_server_drew(browser, site, desk):
    with open_page(browser, java_script_enabled=False, locale="en-GB") as still:
        still.goto(site["session"])
        expected = still.locator("figure.trace").first.locator(".lowering").count()

    moving = desk.locator("figure.trace").first

    assert moving.locator(".lowering").count() == expected
    assert moving.locator(".curve").count() == 1
    assert shown_s(desk) == WHOLE_S


def test_the_keys_move_the_trace(desk):
    desk.locator("figure.trace .plot").first.focus()

    desk.keyboard.press("+")
    closer = shown_s(desk)
    desk.keyboard.press("ArrowRight")
    later = shown_s(desk)
    desk.keyboard.press("Home")
    whole = shown_s(desk)

    assert closer[1] - closer[0] < 60
    assert later[0] > closer[0]
    assert whole == WHOLE_S


def test_the_buttons_do_what_the_keys_do(desk):
    tools = desk.locator(".tools").first

    tools.get_by_role("button", name="Closer").click()
    tools.get_by_role("button", name="Closer").click()
    closer = shown_s(desk)
    tools.get_by_role("button", name="Earlier").click()
    earlier = shown_s(desk)
    tools.get_by_role("button", name="Later").click()
    tools.get_by_role("button", name="Wider").click()
    wider = shown_s(desk)
    tools.get_by_role("button", name="All").click()

    assert closer[1] - closer[0] <= 35
    assert earlier[0] < closer[0]
    assert wider[1] - wider[0] > closer[1] - closer[0]
    assert shown_s(desk) == WHOLE_S


def test_dragging_moves_the_trace_and_the_wheel_only_zooms_in_a_chart_with_the_focus(desk):
    plot = desk.locator("figure.trace .plot").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    middle_x, middle_y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    desk.mouse.move(middle_x, middle_y)
    desk.mouse.wheel(0, -1)
    untouched = shown_s(desk)
    plot.focus()
    desk.mouse.wheel(0, -1)
    desk.mouse.wheel(0, -1)
    zoomed = shown_s(desk)
    desk.mouse.down()
    desk.mouse.move(middle_x - box["width"] / 3, middle_y, steps=4)
    desk.mouse.up()
    dragged = shown_s(desk)

    assert untouched == WHOLE_S
    assert zoomed[1] - zoomed[0] <= 35
    assert dragged[0] > zoomed[0]


def test_pointing_at_the_trace_reads_it(desk):
    plot = desk.locator("figure.trace .plot").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()

    desk.mouse.move(box["x"] + box["width"] * 3 / 85, box["y"] + 50)
    shown_s(desk)

    seconds, degrees = desk.locator(".readout").first.inner_text().split(" · ")
    assert float(seconds.removesuffix(" s")) == pytest.approx(3.0, abs=0.15)
    assert int(degrees.removesuffix("°")) == pytest.approx(63, abs=6)


def test_the_module_of_the_trace_keeps_every_peak_and_lifts_the_pen_at_gaps(desk):
    call = "([name, ...rest]) => import('/static/tracechart.js').then(all => all[name](...rest))"
    path = """([xs, ys, columns]) => import('/static/tracechart.js').then(
      all => all.linePath(xs, ys, 0, xs.length, x => x, y => y, columns))"""
    times = [n / 10 for n in range(1_000)]
    angles = [0.0] * 1_000
    angles[333], angles[777] = 90.0, -30.0

    thinned = desk.evaluate(path, [times, angles, 20])
    gap = desk.evaluate(path, [[0, 0.5, 2, 2.5, 3], [1, 2, 3, None, 5], 100])

    assert "33.3 90.0" in thinned
    assert "77.7 -30.0" in thinned
    assert thinned.count("L") < 100
    assert gap == "M0.0 1.0L0.5 2.0M2.0 3.0M3.0 5.0"
    assert desk.evaluate(call, ["ticks", 0, 1, 5]) == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert desk.evaluate(call, ["clamp", {"start": -5, "end": 5}, 0, 60]) == {"start": 0, "end": 10}
    assert desk.evaluate(call, ["clamp", {"start": 5, "end": 5.1}, 0, 60]) == {"start": 5, "end": 6}
    assert desk.evaluate(call, ["indexAt", [0, 1, 2], 1.5]) == 2


def test_the_drawing_of_the_server_stays_when_the_trace_cannot_be_fetched(browser, site):
    with open_page(browser, locale="en-GB", allowed=("503",)) as page:
        page.route("**/trace", lambda route: route.fulfill(status=503, body=json.dumps({})))

        page.goto(site["session"])
        page.wait_for_load_state("networkidle")

        assert page.locator("figure.trace .curve").count() == 3
        assert page.locator(".tools").first.is_hidden()


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_moves_under_a_finger_when_the_trace_comes(browser, site, width):
    held = []

    def hold(route):
        held.append(route)

    with open_page(browser, width=width, locale="en-GB") as page:
        page.route("**/trace", hold)
        page.goto(site["session"])
        wait_until(lambda: page.wait_for_timeout(10) or len(held) == 3)
        before = page.evaluate(HEIGHT)

        for route in held:
            route.continue_()
        expect(page.locator("figure.trace[data-ready]")).to_have_count(3)

        assert page.evaluate(HEIGHT) == before

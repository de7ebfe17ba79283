import re
import struct
from pathlib import Path

import pytest

import tracker.pages
from tests.browser import open_browser, open_page, serve
from tests.tracker.live_site import app_on, open_database
from tracker.pages.phone_sentences import SENTENCES
from tracker.pages.sentences import SENTENCES as LIVE_SENTENCES
from tracker.phone.motion_check import Finding
from tracker.phone.numbering import Numbering
from tracker.phone.pairing import Refusal

MODULES = sorted(Path(tracker.pages.__file__).parent.glob("static/phone/*.js"))

MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15"
PIXEL = "Mozilla/5.0 (Linux; Android 15; Pixel 7) AppleWebKit/537.36 Chrome/140.0 Mobile"
CHROME_ON_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) CriOS/140.0"


@pytest.fixture(scope="module")
def page():
    with (
        open_database() as engine,
        serve(app_on(engine)) as address,
        open_browser() as browser,
        open_page(browser) as opened,
    ):
        opened.goto(f"{address}/health")
        yield opened


def run(page, module, body, argument=None):
    """Run a function body with a module's exports as `m` and an argument as `x`."""
    script = f"async (x) => {{ const m = await import('/static/phone/{module}.js'); {body} }}"
    return page.evaluate(script, argument)


def steps(page, script, capacity=64):
    """Do things to an outbox; each "take" gives a message."""
    body = """
    const box = new m.Outbox(x.capacity), out = [];
    for (const [what, n] of x.script) {
      if (what === "push") for (let k = 0; k < n; k++) box.push(1000 + box.next, [box.next, 0, 9.8, 1, 2, 3]);
      else if (what === "take") { const message = box.take(n); out.push(message && [...message]); }
      else box[what](n);
    }
    return { out, waiting: box.waiting, kept: box.kept, next: box.next };
    """  # noqa: E501
    return run(page, "outbox", body, {"script": script, "capacity": capacity})


def numbers(message):
    """The sample numbers in a message, told by the first acceleration."""
    data = bytes(message)[4:]
    return [round(struct.unpack_from("<f", data, at + 8)[0]) for at in range(0, len(data), 32)]


def test_a_message_carries_number_time_and_values_as_the_other_end_reads_them(page):
    got = steps(page, [["push", 3], ["take", 10]])

    (message,) = got["out"]
    fresh = Numbering().take(bytes(message))
    time_ms, *values = struct.unpack_from("<d6f", fresh.data, 32)
    assert (fresh.first, len(fresh.data)) == (0, 96)
    assert (time_ms, values) == (1001.0, pytest.approx([1.0, 0.0, 9.8, 1.0, 2.0, 3.0]))


@pytest.mark.parametrize("piece", [1, 3, 7, 50])
def test_what_is_taken_does_not_depend_on_the_size_of_the_messages(page, piece):
    script = [["push", 20], *[["take", piece]] * 20, ["push", 5], *[["take", piece]] * 5]

    got = steps(page, script)

    assert [n for message in got["out"] if message for n in numbers(message)] == list(range(25))


def test_what_is_not_confirmed_is_sent_again_after_a_break(page):
    got = steps(
        page, [["push", 10], ["take", 10], ["confirm", 4], ["push", 5], ["resume", 6], ["take", 99]]
    )

    assert numbers(got["out"][1]) == [6, 7, 8, 9, 10, 11, 12, 13, 14]
    assert (got["waiting"], got["kept"]) == (0, 9)


def test_nothing_waiting_gives_no_message(page):
    assert steps(page, [["take", 5], ["push", 1], ["take", 5], ["take", 5]])["out"][2] is None


def test_a_full_outbox_gives_up_its_oldest_and_the_gap_is_seen(page):
    got = steps(page, [["push", 5], ["take", 5], ["push", 100], ["take", 99]], capacity=16)

    numbering = Numbering()
    for message in got["out"]:
        numbering.take(bytes(message))
    assert numbers(got["out"][1]) == list(range(89, 105))
    assert (numbering.next, numbering.n_lost) == (105, 84)


def test_a_confirmation_of_what_was_never_sent_or_long_ago_does_no_harm(page):
    got = steps(page, [["push", 3], ["confirm", 99], ["confirm", 0], ["push", 1], ["take", 9]])

    assert numbers(got["out"][0]) == [3]


@pytest.mark.parametrize(
    ("agent", "platform", "touches", "expected"),
    [
        (PIXEL, "Linux armv8l", 5, "android"),
        (CHROME_ON_IPHONE, "iPhone", 5, "ios"),
        (MAC, "MacIntel", 5, "ios"),  # an iPad that asks for desktop pages
        (MAC, "MacIntel", 0, "android"),
        ("", "", 0, "android"),
    ],
)
def test_webkit_is_known_under_any_name(page, agent, platform, touches, expected):
    known = {"userAgent": agent, "platform": platform, "maxTouchPoints": touches}

    assert run(page, "platform", "return m.platformOf(x);", known) == expected


def test_what_an_event_leaves_out_is_no_number(page):
    body = "return m.valuesOf(x).map((value) => Number.isNaN(value) ? null : value);"

    whole = run(
        page, "motion", body,
        {"accelerationIncludingGravity": {"x": 1, "y": 2, "z": 3},
         "rotationRate": {"alpha": 4, "beta": 5, "gamma": 6}},
    )  # fmt: skip
    without = run(
        page, "motion", body,
        {"accelerationIncludingGravity": {"x": 1, "y": None, "z": 3}, "rotationRate": None},
    )  # fmt: skip

    assert whole == [1, 2, 3, 4, 5, 6]
    assert without == [1, None, 3, None, None, None]


def test_the_page_starts_no_third_party_script_and_never_writes_html():
    source = "".join(path.read_text("utf-8") for path in MODULES)

    imported = set(re.findall(r'^import .* from "(.+?)"', source, re.MULTILINE))

    assert imported
    assert all(name.startswith(("./", "../live/", "../alone/", "../sound/")) for name in imported)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", source)


def test_every_sentence_that_a_module_says_is_there_and_none_is_left_over():
    source = "".join(path.read_text("utf-8") for path in MODULES)

    said = set(re.findall(r'say\("([a-z_]+)"', source))
    named = set(re.findall(r'"([a-z_]+)"', source))
    beginnings = tuple(re.findall(r"`([a-z]+_)\$\{", source))

    assert said <= set(SENTENCES) | set(LIVE_SENTENCES)
    assert not [name for name in SENTENCES if name not in named and not name.startswith(beginnings)]
    assert not set(SENTENCES) & set(LIVE_SENTENCES)


@pytest.mark.parametrize(
    ("beginning", "values"), [("check_", Finding), ("refused_", [*Refusal, "replaced"])]
)
def test_whatever_the_other_end_finds_has_its_sentence(beginning, values):
    assert {f"{beginning}{one}" for one in values} <= set(SENTENCES)

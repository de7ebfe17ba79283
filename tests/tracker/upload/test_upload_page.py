import re
from pathlib import Path

import pytest

import tracker.pages
from api.pages.language import Language, read_messages
from tests.browser import accessibility_problems, open_browser, open_page
from tests.tracker.upload.upload_site import a_csv, serve_folder
from tracker.pages.upload_sentences import SENTENCES, refusal

STATIC = Path(tracker.pages.__file__).parent / "static" / "upload"
REFUSED = ("422",)  # the browser logs an answer that says no


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with serve_folder(tmp_path_factory.mktemp("uploads")) as (address, _):
        yield f"{address}/upload"


def choose(page, *files):
    chosen = [{"name": name, "mimeType": "text/csv", "buffer": content} for name, content in files]
    page.locator("#files").set_input_files(chosen)


def test_a_recording_is_chosen_looked_at_and_becomes_a_session(browser, site):
    with open_page(browser, locale="nl-NL") as page:
        page.goto(site)
        choose(page, ("leg.csv", a_csv(reps=4)))
        page.get_by_role("heading", name="Is dit de opname?").wait_for()
        about = page.locator("#about").inner_text()
        curve = page.locator("#preview path.curve").get_attribute("d")

        page.get_by_label("Wat heb je gedaan?").select_option("ecc_prone_helper")
        page.get_by_label("Rechterbeen").check()
        page.get_by_role("button", name="Analyseren en opslaan").click()
        page.get_by_role("heading", name="Opgeslagen").wait_for()
        card = page.locator("#sets").inner_text()
        page.get_by_role("link", name="Bekijk elke herhaling").click()
        page.get_by_role("heading", level=1).wait_for()
        session = page.locator("main").inner_text()

    assert re.fullmatch(r"\d+ s, 100 metingen per seconde", about)
    assert curve.count("L") > 200
    assert re.search(r"Herhalingen\s+4", card)
    assert "Excentrische training met helper" in session
    assert "rechts" in session


def test_the_same_recording_again_says_that_nothing_was_stored_twice(browser, site):
    content = a_csv(reps=2, seed=9)
    with open_page(browser, locale="nl-NL") as page:
        for heading in (
            "Opgeslagen",
            "Deze opname was al opgeslagen; er is niets dubbel opgeslagen.",
        ):
            page.goto(site)
            choose(page, ("leg.csv", content))
            page.get_by_label("Wat heb je gedaan?").select_option("free_movement")
            page.get_by_role("button", name="Analyseren en opslaan").click()

            page.get_by_role("heading", name=heading).wait_for()


def test_what_is_no_recording_is_refused_and_the_next_file_works(browser, site):
    with open_page(browser, locale="nl-NL", allowed=REFUSED) as page:
        page.goto(site)
        choose(page, ("letter.txt", b"Dear all,\n"))
        page.get_by_role("alert").filter(has_text="Dit is geen opname die tempo90 kent.").wait_for()
        reason = page.locator("#reason").inner_text()

        choose(page, ("leg.csv", a_csv(reps=1)))
        page.get_by_role("heading", name="Is dit de opname?").wait_for()

        assert "No known recording" in reason
        assert page.get_by_role("alert").is_hidden()
        assert page.locator("#progress").is_hidden()


DROP = """
async ([name, text]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([text], name));
  const drop = document.getElementById("drop");
  const how = { dataTransfer: transfer, bubbles: true, cancelable: true };
  drop.dispatchEvent(new DragEvent("dragover", how));
  const isOver = drop.classList.contains("over");
  drop.dispatchEvent(new DragEvent("drop", how));
  return [isOver, drop.classList.contains("over")];
}
"""


def test_a_recording_can_be_dropped(browser, site):
    with open_page(browser, locale="en-GB") as page:
        page.goto(site)

        marked = page.evaluate(DROP, ["leg.csv", a_csv(reps=1).decode()])
        page.get_by_role("heading", name="Is this it?").wait_for()

    assert marked == [True, False]


def test_the_bar_moves_while_a_file_is_sent(browser, site):
    header = a_csv(reps=1).splitlines()[0].decode()
    rows = [f"{k / 100:.2f},0.0000000000,0.0000000000,9.8100000000,0,0,0" for k in range(60_000)]
    large = "\n".join([header, *rows]).encode()
    with open_page(browser) as page:
        page.goto(site)
        page.evaluate(
            """() => { window.shares = [];
              const bar = document.getElementById("bar");
              new MutationObserver(() => window.shares.push(bar.getAttribute("value")))
                .observe(bar, { attributes: true }); }"""
        )
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 8e6},
        )

        choose(page, ("leg.csv", large))
        page.locator("#look, #refusal").filter(visible=True).first.wait_for()
        shares = page.evaluate("() => window.shares")

    known = [float(share) for share in shares if share is not None]
    assert known == sorted(known)
    assert len(set(known)) >= 3
    assert shares[-1] is None or float(shares[-1]) == 100


def problems_of(page, width):
    """What axe finds, and whether the page is wider than its window."""
    used = page.evaluate("() => document.documentElement.scrollWidth")
    too_wide = [f"{used} px wide"] if used > width else []
    return accessibility_problems(page) + too_wide


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_is_accessible_in_every_step(browser, site, width, scheme):
    with open_page(
        browser, width=width, color_scheme=scheme, locale="nl-NL", allowed=REFUSED
    ) as page:
        page.goto(site)
        problems = problems_of(page, width)
        choose(page, ("letter.txt", b"Dear all,\n"))
        page.get_by_role("alert").wait_for()
        problems += problems_of(page, width)
        choose(page, ("leg.csv", a_csv(reps=3)))
        page.get_by_role("heading", name="Is dit de opname?").wait_for()
        problems += problems_of(page, width)
        page.get_by_label("Wat heb je gedaan?").select_option("ecc_prone_helper")
        page.get_by_role("button", name="Analyseren en opslaan").click()
        page.locator("#result").wait_for()
        problems += problems_of(page, width)

    assert problems == []


def test_without_javascript_the_page_says_what_to_do(browser, site):
    with open_page(browser, java_script_enabled=False, locale="nl-NL") as page:
        page.goto(site)

        assert page.get_by_text("tempo90 import BESTAND").is_visible()
        assert page.locator("#upload").is_hidden()


def test_every_sentence_that_a_module_says_is_there_and_none_is_left_over():
    source = "".join(path.read_text("utf-8") for path in sorted(STATIC.glob("*.js")))

    said = set(re.findall(r"(?<!/)\bwords\.([a-z_]+)", source))

    assert said == set(SENTENCES)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", source)


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("The Sensor Logger recording has no gyroscope: switch it on.", "Er ontbreekt een sensor."),
        ("leg.csv holds no samples: record again.", "Er staan geen metingen in."),
        ("leg.csv is empty: record again.", "Er staan geen metingen in."),
        ("Line 7 of leg.csv has 4 of 7 columns: the file seems cut short or edited.", "beschadigd"),
        ("The unpacked archive is larger than 256 MB: cut it.", "te veel voor één opname"),
        ("The archive is damaged or cut short: export again.", "archief is beschadigd"),
        ("3 samples are too few: at least ten are needed.", "te kort"),
        ("The samples come at 5.0 Hz; 20 to 1000 Hz can be analysed.", "te langzaam of te snel"),
        ("Something that nobody thought of.", "kan niet als opname worden gebruikt"),
    ],
)
def test_an_exact_reason_comes_to_a_dutch_sentence(reason, sentence):
    dutch = Language("nl", read_messages("nl", [STATIC.parents[1] / "locale"]))

    assert sentence in refusal(reason, dutch)

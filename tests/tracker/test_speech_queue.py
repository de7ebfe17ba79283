"""What is said first, last and not at all: the same in the terminal and in a browser."""

import pytest

from tests.browser import open_browser, open_page
from tests.tracker.live_site import open_database, serve_live
from tracker.narrator import Rank, Saying
from tracker.speech_queue import SpeechQueue
from tracker.words import Text

# Each step: (what happens, at which second, what was said by then).
STORIES = {
    "one after the other": [
        ("guide go", 0, "go"),
        ("result fine", 1, "go"),
        ("end", 2, "go fine"),
    ],
    "the newest count only": [
        ("guide go", 0, "go"),
        ("count 1", 0.1, "go"),
        ("count 2", 0.2, "go"),
        ("end", 0.5, "go 2"),
    ],
    "a count cuts off a count and a result": [
        ("result fine", 0, "fine"),
        ("count 1", 1, "fine 1"),
        ("count 2", 2, "fine 1 2"),
    ],
    "a count goes before a result that waits": [
        ("guide go", 0, "go"),
        ("result fine", 1, "go"),
        ("count 1", 2, "go"),
        ("end", 3, "go 1"),
        ("end", 4, "go 1 fine"),
    ],
    "an old count is not said any more": [
        ("guide long", 0, "long"),
        ("count 1", 0.1, "long"),
        ("end", 3, "long"),
        ("guide go", 3, "long go"),
    ],
    "an old guide neither, but a result is": [
        ("result fine", 0, "fine"),
        ("guide rest", 1, "fine"),
        ("result again", 1, "fine"),
        ("end", 12, "fine again"),
    ],
    "a newer guide takes the place of one that waits": [
        ("result fine", 0, "fine"),
        ("guide rest", 1, "fine"),
        ("guide still", 2, "fine"),
        ("end", 3, "fine still"),
        ("end", 4, "fine still"),
    ],
    "what is urgent goes before all, and what waited is over": [
        ("guide go", 0, "go"),
        ("result fine", 1, "go"),
        ("urgent stop", 2, "go stop"),
        ("end", 3, "go stop"),
    ],
}


def said_in_the_terminal(steps):
    queue, said, now = SpeechQueue(), [], None
    told = []
    for what, at_s, _ in steps:
        rank, _, words = what.partition(" ")
        if rank == "end":
            now = None
        else:
            saying = Saying(Rank(rank), Text(words, words))
            if queue.take(saying, now.rank if now else None, at_s):
                now = None
        if now is None and (now := queue.next(at_s)) is not None:
            said.append(now.text.en)
        told.append(" ".join(said))
    return told


SAID_IN_A_BROWSER = """async (steps) => {
  const { SpeechQueue } = await import("/static/sound/queue.js");
  let nowMs = 0;
  let end = null;
  const said = [];
  const mouth = { speak({ text }, onEnd) { said.push(text); end = onEnd; }, cancel() {} };
  const queue = new SpeechQueue(mouth, () => nowMs);
  return steps.map(([what, atS]) => {
    nowMs = 1000 * atS;
    const [rank, text] = what.split(" ");
    if (rank === "end") end();
    else queue.say({ rank, text });
    return said.join(" ");
  });
}"""


@pytest.fixture(scope="module")
def page():
    with (
        open_browser() as browser,
        open_database() as engine,
        serve_live(engine) as address,
        open_page(browser) as opened,
    ):
        opened.goto(address)
        yield opened


@pytest.mark.parametrize("name", STORIES)
def test_the_terminal_says_what_counts_now(name):
    steps = STORIES[name]

    assert said_in_the_terminal(steps) == [said for _, _, said in steps]


@pytest.mark.parametrize("name", STORIES)
def test_a_browser_says_the_same(page, name):
    steps = STORIES[name]

    said = page.evaluate(SAID_IN_A_BROWSER, [step[:2] for step in steps])

    assert said == [told for _, _, told in steps]


def test_nothing_is_said_once_the_queue_is_cleared():
    queue = SpeechQueue()
    queue.take(Saying(Rank.RESULT, Text("fine", "mooi")), None, 0.0)

    queue.clear()

    assert queue.next(0.0) is None


def test_a_voice_without_a_network_is_taken_before_one_that_needs_it(page):
    found = page.evaluate(
        """async () => {
             const { bestVoice } = await import("/static/sound/mouth.js");
             const voices = [
               { lang: "en-GB", localService: true, name: "english" },
               { lang: "nl_NL", localService: false, name: "far" },
               { lang: "nl-BE", localService: true, name: "near" },
             ];
             return [bestVoice(voices, "nl-NL")?.name, bestVoice(voices, "fr-FR"),
                     bestVoice(voices.slice(1), "en-GB")];
           }"""
    )

    assert found == ["near", None, None]


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        (None, {}),
        ("loud", {}),
        ({"volume": 7, "speech": "shout", "here": "yes"}, {"volume": 1}),
        ({"volume": 0.25, "speech": "counts", "here": False, "glides": False},
         {"volume": 0.25, "speech": "counts", "here": False, "glides": False}),
    ],
)  # fmt: skip
def test_choices_that_cannot_be_are_left_out(page, written, taken):
    usual, found = page.evaluate(
        """async (written) => {
             const { checked, USUAL } = await import("/static/sound/choices.js");
             return [USUAL, checked(written)];
           }""",
        written,
    )

    assert found == usual | taken

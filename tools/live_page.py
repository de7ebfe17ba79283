"""`make bench-live`: from a sample to the screen of the live page, and how often that is redrawn.

    make bench-live                            20 s a row
    make bench-live ARGS="--seconds 5"

A simulated sensor gives 100 samples a second, two at a time, by the real clock, to the engine; what
that sees goes through the channel to the page in a real browser on this computer. A sample is on
the screen at the latest when the frame after the one that drew it begins: that is what is timed,
from before the engine. Slowed rows let the page alone have a twentieths of the processor.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from analysis import ImuSamples, SetAnalyzer, load_catalogue  # noqa: E402
from tests.browser import open_browser, open_page, serve  # noqa: E402
from tests.tracker.live_site import app_on, open_database  # noqa: E402
from tracker.coach_cues import CoachState  # noqa: E402
from tracker.live import LiveHub  # noqa: E402
from tracker.live_messages import frame_message, state_message  # noqa: E402
from tracker.planning import make_plan  # noqa: E402
from tracker.simulator import Scenario, simulate  # noqa: E402

EXERCISE: Final = "ecc_prone_helper"
PIECE: Final = 2  # samples a message of the radio
LAST_S: Final = 1e6  # the time of a frame that says that all was sent
WARM_UP_S: Final = 2.0  # of the browser, not counted
ROWS: Final = (
    ("laptop", 1440, 900, 1),
    ("phone", 390, 844, 1),
    ("phone, slowed 4 times", 390, 844, 4),
)
WATCH: Final = """
window.newest = null; window.drawn = [];
const listen = WebSocket.prototype.addEventListener;
WebSocket.prototype.addEventListener = function (kind, take, ...more) {
  return listen.call(this, kind, kind !== "message" ? take : (event) => {
    const told = JSON.parse(event.data);
    if (told.type === "frame") window.newest = told.t;
    take(event);
  }, ...more);
};
window.watchTheLeg = () => {
  const shank = document.querySelector('[data-figure="prone"] [data-part="shank"]');
  new MutationObserver(() => {
    const t = window.newest;
    requestAnimationFrame(() => window.drawn.push([t, performance.timeOrigin + performance.now()]));
  }).observe(shank, { attributes: true });
};
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one row came to.

    Parameters
    ----------
    updates_per_s : float
        Redrawings of the leg a second, while it moves.
    median_ms, p95_ms : float
        From a sample to the screen.

    """

    updates_per_s: float
    median_ms: float
    p95_ms: float


def frames(seconds: float) -> Iterator[tuple[float, list[dict[str, Any]]]]:
    """Give (time since the start, messages) of a simulated set, the engine's work included."""
    made = simulate(Scenario(exercise_id=EXERCISE, reps=5), seed=1)
    analyzer = SetAnalyzer(load_catalogue()[EXERCISE])
    for first in range(0, len(made.time_s) - PIECE, PIECE):
        piece = slice(first, first + PIECE)
        at_s = float(made.time_s[piece][-1] - made.time_s[0])
        if at_s > seconds:
            return
        yield at_s, []
        analyzer.update(ImuSamples(made.time_s[piece], made.acc_ms2[piece], made.gyr_rads[piece]))
        yield at_s, [frame_message(analyzer.live, float(made.time_s[0]), 0)]


def send(hub: LiveHub, seconds: float) -> dict[float, tuple[float, bool]]:
    """Publish by the real clock; return of each frame when its sample came and whether it moves."""
    sent: dict[float, tuple[float, bool]] = {}
    began_s = time.time()
    came_s = began_s
    for at_s, messages in frames(seconds):
        if not messages:
            time.sleep(max(0.0, began_s + at_s - time.time()))
            came_s = time.time()
        for message in messages:
            sent[message["t"]] = (came_s, message["phase"] in {"lift", "eccentric"})
            hub.publish(message)
    return sent


def measure(page: Any, hub: LiveHub, seconds: float, slowed: int) -> Figures:
    """Run one row on an open page."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    plan = make_plan(EXERCISE, sets=1, reps=5, side="left", has_questions=False)
    hub.publish(state_message(plan, 1, CoachState.SET, 1, None))
    page.locator("#count").wait_for()
    page.evaluate("watchTheLeg()")
    sent = send(hub, seconds)
    # The last frame may have been one too many for the page; one with another count never is.
    hub.publish({"type": "frame", "t": LAST_S, "a": 0.0, "phase": None, "phase_s": None, "reps": 1})
    page.wait_for_function("last => window.newest === last", arg=LAST_S)
    drawn = {t: at_ms / 1000 for t, at_ms in page.evaluate("window.drawn") if t in sent}
    moving = [t for t, (_, moves) in sent.items() if moves and t > WARM_UP_S]
    taken_ms = [1000 * (drawn[t] - sent[t][0]) for t in moving if t in drawn]
    moving_s = len(moving) * statistics.median(b - a for a, b in pairwise(moving))
    twentieths = statistics.quantiles(taken_ms, n=20)
    return Figures(len(taken_ms) / moving_s, statistics.median(taken_ms), twentieths[-1])


def main(arguments: list[str] | None = None) -> int:
    """Measure all rows and print them as a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="a row")
    options = parser.parse_args(arguments)
    print("| page | redrawn a second | sample to screen, median | 95 % |\n|---|---|---|---|")
    with open_browser() as browser, open_database() as engine:
        for name, width, height, slowed in ROWS:
            hub = LiveHub()
            with (
                serve(app_on(engine, hub)) as address,
                open_page(browser, width=width, height=height) as page,
            ):
                page.add_init_script(WATCH)
                page.goto(f"{address}/live")
                page.locator('#live[data-link="open"]').wait_for()
                told = measure(page, hub, options.seconds, slowed)
            print(
                f"| {name} | {told.updates_per_s:.0f} | {told.median_ms:.0f} ms "
                f"| {told.p95_ms:.0f} ms |",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())

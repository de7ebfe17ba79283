"""`make life`: twelve weeks with tempo90, lived through the real app in some minutes.

    make life                        both lives, with pictures in build/life
    make life ARGS="--story runner"  one of them
    make life ARGS="--pictures few"  seen by two kinds of reader in place of four

Synthetic patients use the pages in a real browser by keyboard alone, and train with a simulated
leg on a virtual radio, while calendar and clock are moved. Fails if a rule of the programme never
spoke, an exercise was never trained, or a page logged an error, broke its content policy, was not
accessible or hid its focus.
"""

import argparse
import logging
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

os.environ["TZ"] = "Europe/Amsterdam"  # where these patients and their computers are
time.tzset()

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.living.browsing import open_browser  # noqa: E402
from tools.living.camera import ALL, FEW, Camera  # noqa: E402
from tools.living.coverage import shortfalls  # noqa: E402
from tools.living.lives import STORIES, Met, live  # noqa: E402

OUT = ROOT / "build" / "life"
READERS = {"all": ALL, "few": FEW, "none": ()}


def main() -> int:
    """Live as asked on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--story", choices=STORIES, help="one life; both by default")
    parser.add_argument("--pictures", choices=READERS, default="all", help="who looks on")
    parser.add_argument("--out", type=Path, default=OUT, help="where pictures go")
    options = parser.parse_args()
    began_s = time.monotonic()
    logging.basicConfig(level=logging.WARNING, format="%(relativeCreated)7d ms  %(message)s")
    logging.getLogger("tools.living").setLevel(logging.INFO)
    shutil.rmtree(options.out, ignore_errors=True)
    met = Met()
    stories = [options.story] if options.story else list(STORIES)
    with tempfile.TemporaryDirectory(prefix="life-") as root, open_browser() as browser:
        camera = Camera(browser, options.out, met.problems, readers=READERS[options.pictures])
        try:
            for story in stories:
                live(story, Path(root) / story, browser, camera, met)
        finally:
            camera.print_sheets()
            camera.close()
    if not options.story:
        met.problems += shortfalls(met.heard, met.coached)
    print(f"{len(met.heard)} rules spoke, {len(met.coached)} exercises of a week were coached")
    print(f"{met.n_keys} keys were pressed, {len(camera.taken)} moments were looked at")
    print(*met.problems, sep="\n")
    print(f"{len(met.problems)} problems, {time.monotonic() - began_s:.0f} s")
    return 1 if met.problems else 0


if __name__ == "__main__":
    sys.exit(main())

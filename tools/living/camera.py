"""Takes pictures of a moment as every kind of reader sees it, and puts them on contact sheets."""

import html
import logging
from itertools import product
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser

from tools.living.browsing import WatchedPage, accessibility_problems

_log = logging.getLogger(__name__)

LANGUAGES: Final = {"nl": "nl-NL", "en": "en-GB"}
Reader = tuple[str, str]
ALL: Final[tuple[Reader, ...]] = tuple(product(LANGUAGES, ("light", "dark")))
FEW: Final[tuple[Reader, ...]] = (("nl", "light"), ("en", "dark"))
WIDTHS_PX: Final = {390: 844, 1440: 900}
"""A phone and a laptop, and how high they are."""

SHEET: Final = """<!doctype html><meta charset="utf-8"><title>{name}</title><style>
body {{ margin: 16px; font: 16px sans-serif; background: #888; }}
h1 {{ font-size: 20px; margin: 0 0 8px; }}
div {{ display: flex; gap: 12px; align-items: flex-start; margin-bottom: 12px; }}
img[data-width="390"] {{ width: 390px; }} img[data-width="1440"] {{ width: 960px; }}
</style><h1>{name}</h1>{rows}"""


class Camera:
    """See a life with the eyes of its readers.

    Parameters
    ----------
    browser : Browser
        Where the pages are opened.
    out : Path
        Where pictures go.
    problems : list of str
        Takes what goes wrong in the pages, and what axe finds.
    readers : sequence of (language, scheme)
        Who reads, by light or in the dark.
    widths_px : tuple of int
        On what.

    """

    def __init__(
        self,
        browser: Browser,
        out: Path,
        problems: list[str],
        *,
        readers: tuple[Reader, ...] = ALL,
        widths_px: tuple[int, ...] = tuple(WIDTHS_PX),
    ) -> None:
        self._browser = browser
        self._out = out
        self._problems = problems
        self._widths_px = widths_px
        self._readers = {
            (language, scheme): WatchedPage(
                browser, problems, locale=LANGUAGES[language], color_scheme=scheme
            )
            for language, scheme in readers
        }
        self.taken: list[str] = []

    def take(self, name: str, address: str, *, view: str | None = None) -> None:
        """Take the pictures of a moment.

        Parameters
        ----------
        name : str
            Of the moment.
        address : str
            The page that shows it.
        view : str, optional
            Of a live page, what it shows by then.

        """
        folder = self._out / "pictures" / name
        folder.mkdir(parents=True, exist_ok=True)
        for n, ((language, scheme), reader) in enumerate(self._readers.items()):
            page = reader.page
            for width_px in self._widths_px:
                page.set_viewport_size({"width": width_px, "height": WIDTHS_PX[width_px]})
                if width_px == self._widths_px[0]:
                    reader.go(address)
                    if view is not None:
                        page.locator(f'#live[data-view="{view}"]').wait_for()
                page.screenshot(
                    path=folder / f"{language}-{width_px}-{scheme}.png",
                    full_page=view is None,  # what sticks to an edge is where it is seen
                    animations="allow",
                )
            if n in {0, len(self._readers) - 1}:
                self._problems += [f"{name}: {one}" for one in accessibility_problems(page)]
            reader.go("about:blank")
        _log.info("picture %s", name)
        self.taken.append(name)

    def print_sheets(self) -> None:
        """Put the pictures of each moment on one sheet."""
        sheets = self._out / "sheets"
        sheets.mkdir(parents=True, exist_ok=True)
        page = WatchedPage(self._browser, self._problems)
        for name in self.taken:
            rows = "".join(
                "<div>" + "".join(_image(self._out, name, part, width) for width in self._widths_px)
                + "</div>"
                for part in self._readers
            )  # fmt: skip
            path = sheets / f"{name}.html"
            path.write_text(SHEET.format(name=html.escape(name), rows=rows), "utf-8")
            page.page.set_viewport_size({"width": 1420, "height": 900})
            page.go(path.as_uri())
            page.page.screenshot(path=path.with_suffix(".png"), full_page=True)
        page.close()

    def close(self) -> None:
        """Close the eyes."""
        for reader in self._readers.values():
            reader.close()


def _image(out: Path, name: str, part: tuple[str, str], width_px: int) -> str:
    path = out / "pictures" / name / f"{part[0]}-{width_px}-{part[1]}.png"
    return f'<img data-width="{width_px}" src="{path.as_uri()}" alt="">'

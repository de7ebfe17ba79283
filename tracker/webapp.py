"""What makes the pages an app that can be installed: manifest, icons, service worker, offline page.

The worker keeps static files and the offline page, nothing else: what is about a patient is never
kept by it. Its text begins with a fingerprint of all it keeps, so any change of a file, or of the
version, is a new worker.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from api.pages import Pages
from tracker.icons import draw_icon
from tracker.words import Text

OWN: Final = Path(__file__).resolve().parent / "pages"
API_STATIC: Final = Path(__file__).resolve().parents[1] / "api" / "pages" / "static"
MANIFEST_PATH: Final = "/manifest.webmanifest"
WORKER_PATH: Final = "/worker.js"
OFFLINE_PATH: Final = "/offline"
ICON_PATH: Final = "/icons"
ICON_SIZES_PX: Final = (180, 192, 512)
MASKABLE_SIZE_PX: Final = 512
KEPT_FOR_LATER: Final = {"Cache-Control": "no-cache"}
KINDS: Final = (".css", ".js", ".svg")

OFFLINE: Final = {
    "title": Text("tempo90 cannot be reached", "tempo90 is niet bereikbaar"),
    "start": Text(
        "Does it run on this computer? Start it with its icon, or with tempo90 open.",
        "Draait het op deze computer? Start het met het pictogram, of met tempo90 open.",
    ),
    "away": Text(
        "Does it run on another computer? See whether that is on, and on the same network.",
        "Draait het op een andere computer? Kijk of die aan staat en op hetzelfde netwerk zit.",
    ),
    "safe": Text(
        "What you did is safe: every session is on the disk of the computer where tempo90 runs. "
        "A training in the terminal goes on without this page.",
        "Wat u deed is veilig: elke sessie staat op de schijf van de computer waarop tempo90 "
        "draait. Een training in de terminal gaat door zonder deze pagina.",
    ),
    "again": Text(
        "This page comes back by itself as soon as it can.",
        "Deze pagina komt vanzelf terug zodra het kan.",
    ),
    "button": Text("Try now", "Probeer nu"),
}


def install(
    app: FastAPI,
    pages: Pages,
    *,
    start: str = "/",
    build: str | None = None,
) -> None:
    """Add manifest, icons, worker and offline page to an app.

    Parameters
    ----------
    app, pages
        The app and its pages, extended by ours.
    start : str
        The page that the installed app opens.
    build : str, optional
        What tells this build from others; the version by default.

    """
    app.state.pages_alone = []  # other parts add theirs: pages that work by themselves
    pages.extend(templates=OWN / "templates", heads=("app_head.html",))

    @app.get(MANIFEST_PATH, include_in_schema=False)
    def manifest(request: Request) -> Response:
        found = _manifest(pages.language(request).code, start)
        return JSONResponse(found, headers=KEPT_FOR_LATER, media_type="application/manifest+json")

    @app.get(WORKER_PATH, include_in_schema=False)
    def service_worker() -> Response:
        text = _worker(build or version("tempo90"), tuple(app.state.pages_alone))
        return Response(text, headers=KEPT_FOR_LATER, media_type="text/javascript")

    @app.get(f"{ICON_PATH}/{{name}}.png", include_in_schema=False)
    def icon(name: str) -> Response:
        known = {str(size): (size, False) for size in ICON_SIZES_PX}
        known["maskable"] = (MASKABLE_SIZE_PX, True)
        if name not in known:
            return Response(status_code=404)
        size_px, is_maskable = known[name]
        kept = {"Cache-Control": "public, max-age=86400"}
        drawn = draw_icon(size_px, is_maskable=is_maskable)
        return Response(drawn, headers=kept, media_type="image/png")

    @app.get(OFFLINE_PATH, include_in_schema=False)
    def offline(request: Request) -> HTMLResponse:
        # In both languages: the worker shows it, and cannot know who reads.
        both = [
            (code, {name: text.to(code) for name, text in OFFLINE.items()}) for code in ("nl", "en")
        ]
        return pages.show(request, "offline.html", both=both)


@cache
def _worker(build: str, alone: tuple[str, ...]) -> str:
    """Return the text of the worker, with what it keeps."""
    text = (OWN / "static" / "offline" / "worker.js").read_text("utf-8")
    digest = hashlib.sha256(f"{build}\n{text}".encode())
    shell = [OFFLINE_PATH, *alone]
    for name, path in _static_files(has_alone=bool(alone)):
        data = path.read_bytes()
        digest.update(name.encode() + b"\0" + data)
        # Both addresses in use: pages name files with a hash, modules name each other without.
        shell += [f"/static/{name}", f"/static/{name}?v={hashlib.sha256(data).hexdigest()[:10]}"]
    digest.update((OWN / "templates" / "offline.html").read_bytes() + repr(OFFLINE).encode())
    about = {
        "version": digest.hexdigest()[:16],
        "shell": shell,
        "offline": OFFLINE_PATH,
        "alone": alone,
    }
    return f"self.TEMPO90 = {json.dumps(about)};\n{text}"


def _static_files(*, has_alone: bool) -> Iterator[tuple[str, Path]]:
    """Yield what the kept pages need: their own files, the style sheet, the icon."""
    own = OWN / "static"
    places = [(API_STATIC, ""), (own, "offline")]
    # The page for a phone alone uses modules of the two live pages.
    places += [(own, name) for name in ("alone", "live", "phone", "sound") if has_alone]
    for folder, below in places:
        if not (folder / below).is_dir():
            continue
        for path in sorted((folder / below).iterdir()):
            is_wanted = below or path.name in {"tempo90.css", "icon.svg"}
            if is_wanted and path.suffix in KINDS and path.name != "worker.js":
                yield path.relative_to(folder).as_posix(), path


def _manifest(code: str, start: str) -> dict[str, Any]:
    """Return the manifest (W3C, Web Application Manifest) in a language."""
    described = Text(
        "Coach for eccentric hamstring training", "Coach voor excentrische hamstringtraining"
    )
    icons = [
        {"src": f"{ICON_PATH}/{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
        for size in ICON_SIZES_PX
    ]
    maskable = {"src": f"{ICON_PATH}/maskable.png", "type": "image/png", "purpose": "maskable"}
    icons.append({**maskable, "sizes": f"{MASKABLE_SIZE_PX}x{MASKABLE_SIZE_PX}"})
    return {
        "id": "/tempo90",
        "name": "tempo90",
        "short_name": "tempo90",
        "description": described.to("nl" if code == "nl" else "en"),
        "lang": code,
        "start_url": start,
        "scope": "/",
        "display": "standalone",
        "background_color": "#0b6b69",
        "theme_color": "#0b6b69",
        "icons": icons,
    }

"""From a template and its values to an answer; other packages add pages of their own here."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from http import HTTPStatus
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.routing import iter_route_contexts
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from api.access.gate import identity_of
from api.access.identity import Identity, Role
from api.pages.appearance import COOKIE as LOOK
from api.pages.appearance import Appearance
from api.pages.language import LOCALES, N_, NAMES, Language, choose_language, read_messages
from api.service_schemas import Problem
from api.settings import ApiSettings

OWN: Final = Path(str(files("api") / "pages"))
COOKIE: Final = "lang"
YEAR_S: Final = 365 * 24 * 3600
PROGRAM_PATHS: Final = ("/api/", "/health", "/static/")


Notice = Callable[[Request], Markup | None]


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the menu: where it goes and its message; the lowest `rank` stands first."""

    path: str
    message: str
    rank: int = 50


ACCOUNT_LINKS: Final = (
    Link("/report", N_("Report")),
    Link("/jobs", N_("Background")),
    Link("/users", N_("Users")),
    Link("/invitations", N_("Invitations")),
    Link("/consent", N_("Consent")),
    Link("/audit", N_("Who looked")),
)


class Assets(StaticFiles):
    """Static files of one or more folders, under one prefix."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Let browsers keep what is named with its hash, and ask again for modules.

        A module imports its neighbours by plain name, so their hash is not in the address.
        """
        response = super().file_response(*args, **kwargs)
        scope = kwargs["scope"] if "scope" in kwargs else args[2]
        is_fixed = scope["query_string"].startswith(b"v=") and not scope["path"].endswith(".js")
        keep = f"public, max-age={YEAR_S}, immutable" if is_fixed else "no-cache"
        response.headers["Cache-Control"] = keep
        return response


class Pages:
    """All pages of an app: `app.state.pages`."""

    def __init__(self, settings: ApiSettings) -> None:
        self._settings = settings
        self._zone = ZoneInfo(settings.time_zone) if settings.time_zone else None
        self._templates = [OWN / "templates"]
        self._static = [OWN / "static"]
        self._locales = [OWN / "locale"]
        has_own = settings.own_patient is not None or settings.needs_login
        self._links = [
            Link("/", N_("Home"), 0),
            *([] if settings.own_patient else [Link("/clinic", N_("Patients"), 10)]),
            *([Link("/calendar", N_("Calendar"), 20)] if has_own else []),
            Link("/sessions", N_("Sessions"), 30),
        ]
        self._more = [
            *(
                [
                    Link("/sport", N_("Return to sport")),
                    Link("/reminders", N_("Reminders")),
                    Link("/report", N_("Report")),
                    Link("/my-data", N_("My data")),
                ]
                if settings.own_patient
                else []
            ),
            Link("/good-to-know", N_("Good to know")),
            Link("/settings", N_("Settings")),
        ]
        self._heads: list[str] = []
        self.notices: list[Notice] = []
        """What other packages have to say on the first page."""

        self._assets = Assets(directory=OWN / "static")
        self._environments: dict[str, Environment] = {}
        self._languages: dict[str, Language] = {}

    def install(self, app: FastAPI) -> None:
        """Serve the static files."""
        app.state.pages = self
        app.mount("/static", self._assets, name="static")

    def extend(
        self,
        *,
        templates: Path,
        static: Path | None = None,
        locale: Path | None = None,
        links: Sequence[Link] = (),
        heads: Sequence[str] = (),
    ) -> None:
        """Add the pages of another package, before the first page is shown.

        Parameters
        ----------
        templates : Path
            A folder of templates; they extend "page.html".
        static : Path, optional
            A folder of static files, served under /static/ beside ours: names must not clash.
        locale : Path, optional
            A folder of translations, <language>/LC_MESSAGES/messages.po.
        links : sequence of Link
            Entries for the menu.
        heads : sequence of str
            Templates that belong in the head of every page.

        """
        self._environments.clear()
        self._languages.clear()
        self._templates.append(templates)
        self._links = sorted([*self._links, *links], key=lambda link: link.rank)
        self._heads += heads
        if static is not None:
            self._static.append(static)
            self._assets.all_directories = [*self._assets.all_directories, static]
        if locale is not None:
            self._locales.append(locale)

    def has(self, request: Request, path: str) -> bool:
        """Say whether this app has a page that whoever asks may open.

        Another package may have added it.
        """
        routes = iter_route_contexts(request.app.router.routes)
        is_there = any(route.path == path for route in routes)
        return is_there and self.may_open(request, path)

    def may_open(self, request: Request, path: str) -> bool:
        """Say whether whoever asks may open a page, wherever there is one."""
        return self.may(request, f"GET {path}")

    def may(self, request: Request, name: str) -> bool:
        """Say whether whoever asks may use a route, by its name in the permission table."""
        access = getattr(request.app.state, "access", None)
        if access is None or not access.needs_login:
            return True
        return identity_of(request).role in access.rules.rule(name).roles

    def language(self, request: Request) -> Language:
        """Return the language to speak to whoever sent a request."""
        code = choose_language(
            request.query_params.get(COOKIE),
            request.cookies.get(COOKIE),
            request.headers.get("accept-language"),
        )
        return self.speak(code)

    def show(
        self, request: Request, template: str, /, *, status: int = HTTPStatus.OK, **values: Any
    ) -> HTMLResponse:
        """Answer with a page.

        Templates get `language`, `path`, `links`, `who`, `may` (a route of the permission table)
        and `values`.
        """
        language = self.language(request)
        who = identity_of(request)
        html = (
            self._environment(language)
            .get_template(template)
            .render(
                language=language,
                path=request.url.path,
                links=self._links_for(request, who),
                who=who,
                may=partial(self.may, request),
                more=self._more,
                appearance=Appearance.read(request.cookies.get(LOOK)),
                **values,
            )
        )
        headers = {
            "Content-Language": language.code,
            "Vary": "Accept-Language, Cookie",
            "Cache-Control": "private, no-cache",  # what is about a patient stays with the reader
        }
        response = HTMLResponse(html, status, headers)
        if request.query_params.get(COOKIE) in LOCALES:
            response.set_cookie(COOKIE, language.code, YEAR_S, httponly=True, samesite="lax")
        return response

    def fragment(self, request: Request, template: str, /, **values: Any) -> Markup:
        """Return a piece of a page. Templates get `language` and `values`."""
        language = self.language(request)
        piece = self._environment(language).get_template(template)
        return Markup(piece.render(language=language, **values))  # noqa: S704 (escaped there)

    def notices_for(self, request: Request) -> list[Markup]:
        """Return what there is to say on the first page to whoever asks."""
        said = (notice(request) for notice in self.notices)
        return [one for one in said if one is not None]

    def show_problem(self, request: Request, problem: Problem) -> Response | None:
        """Answer with a problem as a page, if a person is looking at one."""
        wants_page = "text/html" in request.headers.get("accept", "")
        if not wants_page or request.url.path.startswith(PROGRAM_PATHS):
            return None
        return self.show(request, "problem.html", status=problem.status, problem=problem)

    def _links_for(self, request: Request, who: Identity) -> list[Link]:
        """Return the entries of the menu that somebody may follow."""
        access = getattr(request.app.state, "access", None)
        if access is None or not access.needs_login:
            return self._links
        return [
            link
            for link in (*self._links, *ACCOUNT_LINKS)
            if who.is_logged_in
            and access.rules.rule(f"GET {link.path}").is_for(who.role)
            and not (link.path == "/" and who.role is Role.CLINICIAN)  # whose home is the list
        ]

    def speak(self, code: str) -> Language:
        """Return a language by its code."""
        if code not in self._languages:
            messages = read_messages(code, self._locales)
            self._languages[code] = Language(code, messages, self._zone)
        return self._languages[code]

    def _environment(self, language: Language) -> Environment:
        found = self._environments.get(language.code)
        if found is not None:
            return found
        environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in self._templates]),
            extensions=["jinja2.ext.i18n"],
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.policies["ext.i18n.trimmed"] = True
        environment.install_gettext_translations(language.messages, newstyle=True)  # type: ignore[attr-defined]
        environment.globals.update(
            asset=self._asset,
            heads=self._heads,
            language_names=NAMES,
            is_loopback_only=self._settings.is_loopback_only,
            version=version("tempo90"),
        )
        self._environments[language.code] = environment
        return environment

    def _asset(self, name: str) -> str:
        for folder in self._static:
            if (folder / name).is_file():
                return f"/static/{name}?v={_fingerprint(folder / name)}"
        raise LookupError(f"There is no static file {name!r}.")


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]

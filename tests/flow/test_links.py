"""No page leads its reader to where it may not go: every link and form, for each role."""

from collections import Counter, deque
from html.parser import HTMLParser
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import pytest

from api.access import Role
from api.access.route_map import RouteMap
from tests.api.access.people import HTTPS, open_clinic
from tests.api.needs.clinic_story import Trained, on_day
from tests.flow.test_permissions import REACHED, Site, whole_app

STARTS = {
    Role.PATIENT: ("/", "/today"),
    Role.CLINICIAN: ("/clinic?show=all",),
    Role.ADMINISTRATOR: ("/",),
}
LEAVES = "/log-out"  # ends the log-in that is looked with
PAGES_OF_A_ROUTE = 4
SCOPE = {"type": "http"}


class Doors(HTMLParser):
    """Where a page lets one go: (method, address) of its links and forms."""

    def __init__(self):
        super().__init__()
        self.found = set()
        self._method = "GET"

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "a" and "href" in given:
            self.found.add(("GET", given["href"]))
        if tag == "form":
            self._method = given.get("method", "get").upper()
            self.found.add((self._method, given.get("action", "")))
        if "formaction" in given:
            self.found.add((self._method, given["formaction"]))


def doors_of(text, path):
    parser = Doors()
    parser.feed(text)
    here = f"{HTTPS}{path}"
    for method, address in parser.found:
        there = urlsplit(urljoin(here, address))
        if f"{there.scheme}://{there.netloc}" == HTTPS and there.path != LEAVES:
            yield method, there.path + (f"?{there.query}" if there.query else "")


def wrong_doors(site, role):
    """Follow the links to some pages of each route, and knock at every link and form on them."""
    looks, knocks = site.client(role, site.app), site.client(role)
    routes = RouteMap(site.app)
    todo, seen, n_of_route, doors, wrong = deque(STARTS[role]), set(), Counter(), set(), set()
    while todo:
        path = todo.popleft()
        answer = looks.get(path, headers={"Accept": "text/html,*/*"}, follow_redirects=True)
        if answer.status_code != HTTPStatus.OK:
            wrong.add((path, answer.status_code))
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        for method, there in set(doors_of(answer.text, answer.url.path)) - seen:
            seen.add((method, there))
            found = routes.find({**SCOPE, "method": method, "path": urlsplit(there).path})
            name = found.name if found else f"{method} {there}"
            doors.add(name)
            status = knocks.request(method, there).status_code
            if status != REACHED:
                wrong.add((answer.url.path, method, there, status))
            elif method == "GET" and n_of_route[name] < PAGES_OF_A_ROUTE:
                n_of_route[name] += 1
                todo.append(there)
    return sum(n_of_route.values()), len(doors), wrong


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with open_clinic(make=whole_app(tmp_path_factory.mktemp("data"))) as clinic:
        made = Site(clinic)
        clinic.treat(made.physio, made.bert)
        Trained(clinic, made.anna).enrol(on_day(1).date()).train(8, pain=7).train(9)
        clinic.now = on_day(9, 12)
        yield made


@pytest.mark.parametrize("role", STARTS)
def test_no_page_leads_its_reader_to_where_it_may_not_go(site, role):
    n_pages, n_doors, wrong = wrong_doors(site, role)

    assert wrong == set()
    assert n_pages > 5
    assert n_doors > 10

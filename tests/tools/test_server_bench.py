import xml.etree.ElementTree as ET

from serverbench.growth import Cost, measure_growth
from serverbench.live_pages import LivePages
from serverbench.plans import long_reads
from serverbench.report import Report, growth_picture, growth_table, live_table, uploads_table
from serverbench.uploads import WARM_UP, Uploads, measure_uploads
from sqlalchemy import text

from api import migrate, open_engine
from tests.postgres import new_database

SVG = "{http://www.w3.org/2000/svg}"
SIZES = (1_200, 2_400)  # both fill every page
LONG = """SELECT 1
    Seq Scan on session  (cost=0.00..9.00 rows=9 width=8) (actual rows=40.00 loops=1)
      Filter: (started_at > now())
      Rows Removed by Filter: 5000
    Seq Scan on login  (cost=0.00..1.04 rows=1 width=132) (actual rows=1.00 loops=1)"""


def costs(*, list_ms=20.0, statements=5):
    pages = ("list: all", "list: own 80 patients", "patient", "session")
    return [Cost(page, list_ms, 4.0, statements, 9_000) for page in pages]


def uploads(name, service_ms):
    return Uploads(
        name=name, per_s=80.0, service_ms=service_ms, database_ms=None, ms_p50=9.0, ms_p95=20.0
    )


def test_no_page_asks_the_database_more_often_in_a_larger_clinic(tmp_path):
    url = f"sqlite:///{tmp_path}/clinic.db"
    migrate(url)
    engine = open_engine(url)
    told = []

    found = measure_growth(engine, SIZES, told.append, rounds=1)

    engine.dispose()
    small, large = ({one.page: one.statements for one in found[n]} for n in SIZES)
    assert {page: n for page, n in large.items() if n > small[page]} == {}
    plans = found[SIZES[-1]][0].plans
    assert len(plans) == large["list: own 80 patients"]
    assert any("SEARCH" in plan for plan in plans)
    assert len(told) == 2


def test_a_long_read_without_an_index_is_told_and_a_short_one_is_not():
    assert long_reads([LONG]) == {"session"}


def test_the_service_and_the_bare_route_both_take_what_the_senders_send():
    with new_database() as url:
        found, n_bytes = measure_uploads(url, 4, 2)
        engine = open_engine(url)
        with engine.connect() as db:
            n_stored = db.execute(text("SELECT count(*) FROM session")).scalar_one()
        engine.dispose()

    assert [one.name for one in found] == ["tempo90", "bare FastAPI"]
    assert n_stored == 2 * (4 + WARM_UP)
    assert n_bytes > 50_000
    assert all(one.service_ms > 0 for one in found)


def test_the_page_gives_each_figure_beside_its_baseline(tmp_path):
    tables = [
        uploads_table([uploads("tempo90", 8.0), uploads("bare FastAPI", 5.0)], 86_000),
        growth_table("SQLite", {1_000: costs(), 10_000: costs(list_ms=25.0, statements=6)}),
        live_table(
            [
                LivePages(
                    name="tempo90", pages=9, frames_per_s=30.0, ms_per_page_s=2.0, kb_per_page=40.0
                )
            ]
        ),
    ]
    page = tmp_path / "server.md"

    Report(tables, {"growth.svg": "<svg/>"}).write(page, tmp_path)

    text = page.read_text("utf-8")
    assert "costs 1.60 times as much" in text
    assert "| tempo90 | 125 | 80 | 8.0 | - | 9 | 20 |" in text
    assert "| list: all | 20 + 4 | 25 + 4 | 5-6 |" in text
    assert "| tempo90 | 9 | 30.0 | 2.00 | 500 | 40 |" in text
    assert (tmp_path / "growth.svg").read_text("utf-8") == "<svg/>"


def test_a_part_that_is_measured_again_leaves_the_others_on_the_page(tmp_path):
    page = tmp_path / "server.md"
    first = uploads_table([uploads("tempo90", 8.0), uploads("bare FastAPI", 5.0)], 86_000)
    again = uploads_table([uploads("tempo90", 4.0), uploads("bare FastAPI", 5.0)], 86_000)
    growth = growth_table("SQLite", {1_000: costs()})
    Report([first, growth]).write(page, tmp_path)

    Report([again]).write(page, tmp_path)

    text = page.read_text("utf-8")
    assert "| tempo90 | 250 |" in text
    assert "| tempo90 | 125 |" not in text
    assert text.endswith(growth.markdown())
    assert text.count("## ") == 2


def test_the_picture_shows_each_drawn_page_as_a_line_from_size_to_size():
    sizes = {n: costs(list_ms=20.0 + n / 1_000) for n in (1_000, 10_000, 100_000)}

    drawing = ET.fromstring(growth_picture("SQLite", sizes))  # noqa: S314

    lines = list(drawing.iter(f"{SVG}line"))
    words = [one.text for one in drawing.iter(f"{SVG}text")]
    assert len(lines) == 1 + 4 * 2  # the target, and four pages over three sizes
    assert "list: own 80 patients" in words
    ends = [float(one.get("y2")) for one in lines[1:3]]
    assert ends[1] < ends[0]  # what costs more stands higher

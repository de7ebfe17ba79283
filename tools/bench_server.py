"""`make bench-server`: what the service does and costs, each beside a baseline of the same run.

    make bench-server                          everything; some twenty minutes on two cores
    make bench-server ARGS=--quick             the same in small; two minutes
    make bench-server ARGS="--only uploads"    one part: uploads growth live memory start patient
    make bench-server ARGS=--write             also writes docs/reference/server.md and pictures
    make bench-server ARGS="--plans FOLDER"    also writes every statement with its plan
    make bench-server ARGS="--database URL"    an empty PostgreSQL of your own for the uploads

"A core" divides by the processor time that the server's own process used, which other work on the
machine disturbs little; the database's time stands beside it.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from serverbench import report as words  # noqa: E402
from serverbench.clinic import SIZES  # noqa: E402
from serverbench.cold_start import measure_starts  # noqa: E402
from serverbench.growth import Cost, measure_growth  # noqa: E402
from serverbench.live_pages import measure_live_pages  # noqa: E402
from serverbench.postgres import own_postgres  # noqa: E402
from serverbench.streams import measure_memory  # noqa: E402
from serverbench.twelve_weeks import Patient, measure_patient  # noqa: E402
from serverbench.uploads import measure_uploads  # noqa: E402

from api import migrate, open_engine  # noqa: E402

PARTS: Final = ("uploads", "growth", "live", "memory", "start", "patient")
QUICK_SIZES: Final = SIZES[:2]
PAGE: Final = ROOT / "docs" / "reference" / "server.md"
PICTURES: Final = ROOT / "docs" / "pictures"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the parts that are asked for, and print what they found."""
    given = _parser().parse_args(arguments)
    found = words.Report()
    for part in PARTS:
        if given.only in (None, part):
            before = len(found.tables)
            _measure(part, given, found)
            for table in found.tables[before:]:
                print(table.markdown())
    if given.write:
        found.write(given.page, PICTURES)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, in two minutes")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--uploads", type=int, help="how many")
    parser.add_argument("--senders", type=int, default=8)
    parser.add_argument("--sizes", type=int, nargs="+", help="of the clinic, in sets")
    parser.add_argument("--database", help="address of an empty PostgreSQL; else one is started")
    parser.add_argument("--plans", type=Path, help="folder for the statements and their plans")
    parser.add_argument("--write", action="store_true", help="write the page and its pictures")
    parser.add_argument("--page", type=Path, default=PAGE, help="where to")
    return parser


def _measure(part: str, given: argparse.Namespace, found: words.Report) -> None:
    quick = given.quick
    match part:
        case "uploads":
            with own_postgres(given.database) as url:
                migrate(url)
                n_uploads = given.uploads or (160 if quick else 600)
                uploads, n_bytes = measure_uploads(url, n_uploads, given.senders)
            found.tables.append(words.uploads_table(uploads, n_bytes))
        case "growth":
            _grow(given, found)
        case "live":
            pages = measure_live_pages(*((10, 3) if quick else (50, 10)))
            found.tables.append(words.live_table(pages))
        case "memory":
            found.tables.append(words.memory_table(measure_memory()))
        case "start":
            found.tables.append(words.starts_table(measure_starts()))
        case "patient":
            found.tables.append(words.patients_table(_patients()))


def _grow(given: argparse.Namespace, found: words.Report) -> None:
    sizes = tuple(given.sizes or (QUICK_SIZES if given.quick else SIZES))
    with own_postgres(None) as url, TemporaryDirectory() as folder:
        for name, address in (("PostgreSQL", url), ("SQLite", f"sqlite:///{folder}/clinic.db")):
            migrate(address)
            engine = open_engine(address)
            costs = measure_growth(engine, sizes, lambda line: print(line, file=sys.stderr))
            engine.dispose()
            found.tables.append(words.growth_table(name, costs))
            file_name = f"growth-{name.lower()}"
            found.pictures[f"{file_name}.svg"] = words.growth_picture(name, costs)
            if given.plans is not None:
                given.plans.mkdir(parents=True, exist_ok=True)
                (given.plans / f"{file_name}.txt").write_text(_plans(costs), "utf-8")


def _patients() -> Mapping[str, Patient]:
    with own_postgres(None) as url, TemporaryDirectory() as folder:
        addresses = {"PostgreSQL": url, "SQLite": f"sqlite:///{folder}/patients.db"}
        for address in addresses.values():
            migrate(address)
        return {name: measure_patient(address) for name, address in addresses.items()}


def _plans(costs: Mapping[int, Sequence[Cost]]) -> str:
    largest = costs[max(costs)]
    return "\n".join(f"===== {cost.page}\n\n" + "\n\n".join(cost.plans) for cost in largest)


if __name__ == "__main__":
    main()

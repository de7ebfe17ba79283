"""How a database goes about a statement, in its own words."""

import re
from typing import Any, Final

from sqlalchemy import Engine

SEQUENTIAL: Final = re.compile(r"Seq Scan on (\w+).*?rows=([\d.]+) loops=(\d+)\)")
REMOVED: Final = re.compile(r"Rows Removed by Filter: (\d+)")
MANY: Final = 1_000  # rows; the whole of a smaller table is read at once anyway
READS: Final = ("SELECT", "WITH")


def explain(engine: Engine, statement: str, values: Any) -> str:
    """Return a statement and the plan for it; the statement alone where there is none."""
    if not statement.lstrip().upper().startswith(READS):
        return statement
    how = "EXPLAIN (ANALYZE, TIMING OFF, BUFFERS)"
    if engine.dialect.name != "postgresql":
        how = "EXPLAIN QUERY PLAN"
    with engine.connect() as db:
        lines = db.exec_driver_sql(f"{how} {statement}", values).fetchall()
    return statement + "\n" + "\n".join(f"    {row[-1]}" for row in lines)


def long_reads(plans: list[str]) -> set[str]:
    """Return the tables of which PostgreSQL read many rows without an index."""
    found = set()
    for plan in plans:
        lines = plan.splitlines()
        for line, *after in (lines[at : at + 3] for at in range(len(lines))):
            scan = SEQUENTIAL.search(line)
            if scan is None:
                continue
            removed = sum(int(n) for one in after for n in REMOVED.findall(one))
            if (float(scan[2]) + removed) * int(scan[3]) >= MANY:
                found.add(scan[1])
    return found

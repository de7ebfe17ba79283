"""The least that stores a session: FastAPI, one connection pool, the same rows; nothing is checked.

What the service costs beyond this is what it does beyond this: it knows who asks, checks every
field, tells a repeat from another content, and writes who sent what into the audit log.
"""

import json
import zlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine

from api.convert import QUALITY_COLUMNS, REP_COLUMNS

SESSION = ("id", "patient_id", "started_at", "received_at", "engine", "sensor_extra", "extra")
SET = ("session_id", "number", "exercise", "side", "start_s", "end_s", *QUALITY_COLUMNS)
JSON_COLUMNS = ("quality_extra", "feedback", "extra")


def bare_app(engine: Engine) -> FastAPI:
    """Make an app with one route."""
    app = FastAPI(openapi_url=None)

    @app.put("/api/v1/sessions/{session_id}", status_code=201)
    async def put_session(session_id: UUID, request: Request) -> dict[str, str]:
        body = await request.body()
        await run_in_threadpool(_store, engine, session_id, body)
        return {"id": str(session_id)}

    return app


def _store(engine: Engine, session_id: UUID, body: bytes) -> None:
    told = json.loads(body)
    connection: Any = engine.raw_connection()
    try:
        with connection.cursor() as cursor:
            _insert_session(cursor, session_id, told)
            for number, one in enumerate(told["exercise_sets"], 1):
                _insert_set(cursor, session_id, number, one)
        connection.commit()
    finally:
        connection.close()


def _insert_session(cursor: Any, session_id: UUID, told: Mapping[str, Any]) -> None:
    cursor.execute(
        "INSERT INTO session (id, patient_id, started_at, received_at, engine, catalogue,"
        " pain_before, pain_worst, soreness, sensor_extra, extra, content_sha256)"
        " VALUES (%s, %s, %s, now(), %s, %s, %s, %s, %s, %s, '{}', %s)",
        (
            session_id,
            told["patient_id"],
            told["started_at"],
            told["engine"],
            told["catalogue"],
            told["pain"]["before"],
            told["pain"]["worst"],
            told["soreness"],
            json.dumps(told["sensor"]),
            "0" * 64,
        ),
    )


def _insert_set(cursor: Any, session_id: UUID, number: int, one: Mapping[str, Any]) -> None:
    names = (*SET, *JSON_COLUMNS)
    values = [one["quality"].get(name) for name in QUALITY_COLUMNS]
    cursor.execute(
        f"INSERT INTO exercise_set ({', '.join(names)})"  # noqa: S608  # names of columns
        f" VALUES ({', '.join(['%s'] * len(names))}) RETURNING id",
        (
            *(session_id, number, one["exercise"], one["side"], one["start_s"], one["end_s"]),
            *values,
            *("{}", json.dumps(one["feedback"]), "{}"),
        ),
    )
    set_id = cursor.fetchone()[0]
    columns = ("set_id", "number", *REP_COLUMNS, "extra")
    cursor.executemany(
        f"INSERT INTO rep ({', '.join(columns)})"  # noqa: S608  # names of columns
        f" VALUES ({', '.join(['%s'] * len(columns))})",
        [(set_id, n, *map(_plain, map(rep.get, REP_COLUMNS)), "{}") for n, rep in _numbered(one)],
    )
    packed = zlib.compress(json.dumps(one["trace"]).encode(), 3)
    cursor.execute("INSERT INTO trace (set_id, packed) VALUES (%s, %s)", (set_id, packed))


def _numbered(one: Mapping[str, Any]) -> enumerate[dict[str, Any]]:
    return enumerate(one["reps"], 1)


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list) else value

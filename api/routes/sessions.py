"""Sessions: sent once, repeated safely, never changed."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api import convert, session_store, store
from api.deps import AddingDb, Db
from api.json_bodies import LongJsonRoute
from api.paging import read_cursor, write_cursor
from api.problems import RESPONSES
from api.routes.patients import CREATED
from api.schemas import SessionCreate, SessionList, SessionPublic, SessionStored, Trace

router = APIRouter(tags=["sessions"], responses=RESPONSES, route_class=LongJsonRoute)
Limit = Annotated[int, Query(ge=1, le=200)]
After = Annotated[str | None, Query(description="Taken from `next` of the page before.")]


@router.put("/sessions/{session_id}", responses=CREATED)
def put_session(
    session_id: UUID, body: SessionCreate, db: AddingDb, response: Response
) -> SessionStored:
    """Store a session under an id of the client's making.

    The first time answers 201. The same content again answers 200, so a client that saw no
    answer simply repeats; other content under the same id answers 409.
    """
    is_new = session_store.put_session(db, session_id, body)
    url = convert.session_url(session_id)
    response.status_code = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    response.headers["Location"] = url
    return SessionStored(id=session_id, url=url, page=f"/sessions/{session_id}")


@router.get("/sessions")
def get_sessions(db: Db, limit: Limit = store.PAGE_SIZE, after: After = None) -> SessionList:
    """List sessions, newest first."""
    return _page(db, "/sessions", None, limit, after)


@router.get("/patients/{patient_id}/sessions")
def get_patient_sessions(
    patient_id: UUID, db: Db, limit: Limit = store.PAGE_SIZE, after: After = None
) -> SessionList:
    """List the sessions of one patient, newest first."""
    return _page(db, f"/patients/{patient_id}/sessions", patient_id, limit, after)


@router.get("/sessions/{session_id}")
def get_session(session_id: UUID, db: Db) -> SessionPublic:
    """Return one session with its sets, repetitions and traces."""
    return store.get_session(db, session_id)


@router.get("/sessions/{session_id}/sets/{number}/trace")
def get_trace(session_id: UUID, number: int, db: Db) -> Trace:
    """Return the angle of one set over time; sets count from 1."""
    return store.get_trace(db, session_id, number)


def _page(db: Db, path: str, patient_id: UUID | None, limit: int, after: str | None) -> SessionList:
    sessions, cursor = store.list_sessions(
        db, patient_id=patient_id, after=read_cursor(after), limit=limit
    )
    word = cursor and write_cursor(cursor)
    following = f"{convert.API}{path}?limit={limit}&after={word}" if word else None
    return SessionList(sessions=sessions, next=following)

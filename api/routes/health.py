"""`/health`: whether the service works."""

from importlib.metadata import version

from fastapi import APIRouter

from api import store
from api.deps import Db
from api.problems import RESPONSES
from api.service_schemas import Health

router = APIRouter(tags=["health"], responses=RESPONSES)


@router.get("/health")
def get_health(db: Db) -> Health:
    """Answer 200 when the database answers; 503 otherwise."""
    return Health(version=version("tempo90"), revision=store.revision(db))

"""FHIR R4 for reading: what was ordered, done, measured and told, with its definitions."""

from api.fhir.bundles import everything, file_bundle
from api.fhir.routes import router
from api.fhir.shelves import SHELVES

__all__ = ["SHELVES", "everything", "file_bundle", "router"]

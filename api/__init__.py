"""Storing and serving results: HTTP, the database, and the pages that show what is in it."""

from api.app import create_app
from api.course import Course
from api.course_reading import load_course
from api.db import check_tables, knows_tables, migrate, newest_tables, transaction
from api.engines import open_engine
from api.errors import ApiError
from api.own_data import erase_patient, export_patient
from api.settings import ApiSettings, OwnPatient

__all__ = [
    "ApiError",
    "ApiSettings",
    "Course",
    "OwnPatient",
    "check_tables",
    "create_app",
    "erase_patient",
    "export_patient",
    "knows_tables",
    "load_course",
    "migrate",
    "newest_tables",
    "open_engine",
    "transaction",
]

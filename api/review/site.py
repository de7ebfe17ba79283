"""All routes of a review, for `api.app`."""

from typing import Final

from fastapi import APIRouter

from api.review import comparison_page, pages, result_routes, routes

OF_INTERFACE: Final[tuple[APIRouter, ...]] = (routes.router, result_routes.router)
OF_PAGES: Final[tuple[APIRouter, ...]] = (
    pages.router,
    comparison_page.router,
    result_routes.page_router,
)

"""The page "Good to know"."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.pages import Pages
from api.pages.knowledge import sections

router = APIRouter(include_in_schema=False)


@router.get("/good-to-know")
def show_knowledge(request: Request) -> Response:
    """Show the texts."""
    pages: Pages = request.app.state.pages
    return pages.show(request, "knowledge.html", sections=sections(pages.language(request).code))

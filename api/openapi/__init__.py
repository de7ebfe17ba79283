"""The OpenAPI document, completed: every answer, an example of each, and names for clients."""

from api.openapi.completing import complete

__all__ = ["complete"]

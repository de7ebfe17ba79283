"""The pages: HTML made on the server, useful without JavaScript, in Dutch and English."""

from api.pages.render import Link, Pages

__all__ = ["Link", "Pages"]

"""The permission table in the description of the interface: how a program logs in, and who may."""

from typing import Any, Final

from fastapi import FastAPI

from api.access.cookies import LOGIN_COOKIE
from api.access.identity import Role
from api.access.rules import RuleBook

TOKEN: Final = "token"  # noqa: S105  # the name of a way to log in
COOKIE: Final = "cookie"
SCHEMES: Final = {
    TOKEN: {"type": "http", "scheme": "bearer", "description": "The token of an app."},
    COOKIE: {"type": "apiKey", "in": "cookie", "name": LOGIN_COOKIE},
}


def describe(app: FastAPI, rules: RuleBook) -> None:
    """Add to the OpenAPI document of an app what its permission table says.

    Each operation gets its `security`, and `x-roles` with the roles that may call it. A service
    of one computer needs neither token nor cookie; the document describes the others.
    """
    plain = app.openapi

    def described() -> dict[str, Any]:
        document = plain()
        document.setdefault("components", {})["securitySchemes"] = SCHEMES
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                rule = rules.rule(f"{method.upper()} {path}")
                ways: list[dict[str, list[str]]] = [{COOKIE: []}]
                if Role.APP in rule.roles:
                    ways.append({TOKEN: []})
                operation["security"] = [] if rule.is_public else ways
                people = rule.roles - {Role.OWNER, Role.NOBODY}
                operation["x-roles"] = sorted(role.value for role in people)
        return document

    app.openapi = described  # type: ignore[method-assign]  # as FastAPI's own docs extend it

"""Databases of both kinds for tests in which something is broken."""

from tests.databases import postgres_server, postgres_template, sqlite_template

__all__ = ["postgres_server", "postgres_template", "sqlite_template"]

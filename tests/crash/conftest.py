"""Databases for those who are killed."""

from tests.databases import (
    database_kind,
    database_url,
    postgres_server,
    postgres_template,
    sqlite_template,
)

__all__ = [
    "database_kind",
    "database_url",
    "postgres_server",
    "postgres_template",
    "sqlite_template",
]
